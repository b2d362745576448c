"""The surveys behind figures 1, 4 and 5 of the document: answers whose counts give its percentages back exactly.

The document prints percentages and no sample; the counts are the ones inferred from them, and every survey says so.
"""

from datetime import date, timedelta
from random import Random

from surveys.choices import FigureNumber, Form, Kind, Round, Source, Unit
from surveys.demo.compose import BY, DISTRICT, WHO, Writer, compose, dealt
from surveys.models import Survey
from villages.models import Village

NOTE = "按文件百分比推断还原，不是原始问卷：样本量与各项人数由百分比反推，村别与个人情况为虚构。"

PROBLEMS = {"quality": 155, "economy": 131, "management": 129, "members": 53, "other": 32}
FACILITIES = {"old": 55, "small": 34, "equipment": 17}
ANSWERING = 73  # of 74: with all of them no count gives 75 %
IMPROVED = {"duties": 273, "service": 286, "rota": 269}
PARTY = {"better": 291, "same": 9}
ASKED = 300

FIGURE_1 = (
    *WHO,
    (
        "main_problem",
        Kind.SINGLE,
        "您认为村级组织建设中最突出的问题是什么",
        (
            ("quality", "两委干部素质偏低"),
            ("economy", "村级经济薄弱，基础建设不足"),
            ("management", "村务管理不规范"),
            ("members", "党员发展教育管理机制不完善"),
            ("other", "其他", ("other",)),
        ),
        {"section": "村级组织"},
    ),
)
FIGURE_4 = (
    (
        "facilities",
        Kind.MULTIPLE,
        "村级办公和服务场所存在哪些问题",
        (
            ("old", "办公环境较差、办公场所老化破旧"),
            ("small", "办公场所狭小、缺乏公共服务空间、功能室配套不足"),
            ("equipment", "办公设备不足"),
            ("none", "以上都没有", ("exclusive", "is_positive")),
        ),
        {"section": "办公和服务场所", "is_indicator": True},
    ),
)
FIGURE_5 = (
    *WHO,
    (
        "improved",
        Kind.MATRIX,
        "与规范化建设前相比，村里以下方面有没有变化",
        (("better", "有提高", ("is_positive",)), ("same", "没有明显变化")),
        {
            "section": "规范化建设成效",
            "is_indicator": True,
            "rows": (
                ("duties", "两委干部履行能力"),
                ("service", "两委干部服务水平"),
                ("rota", "两委干部值班情况"),
            ),
        },
    ),
    (
        "party",
        Kind.SINGLE,
        "党组织作用发挥有没有变化",
        (("better", "党组织作用发挥明显提高", ("is_positive",)), ("same", "没有发生明显变化")),
        {"is_indicator": True},
    ),
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    spring = _problems(rng, villages)
    _facilities(rng, villages)
    _improvement(rng, villages, spring)


def _survey(edition, title: str, days: tuple[date, date], **facts) -> Survey:
    starts_on, ends_on = days
    return Survey.objects.create(
        edition=edition,
        title=title,
        territory_code=DISTRICT,
        starts_on=starts_on,
        ends_on=ends_on,
        is_reconstructed=True,
        note=NOTE,
        saved_by=BY,
        **facts,
    )


def _on(rng: Random, survey: Survey) -> date:
    return survey.starts_on + timedelta(days=rng.randrange((survey.ends_on - survey.starts_on).days + 1))


def _problems(rng: Random, villages: list[Village]) -> Survey:
    edition = compose(
        "村级组织建设突出问题调查",
        "找准村级组织建设的突出问题。",
        "调研报告图1",
        FIGURE_1,
        date(2013, 2, 20),
        FigureNumber.PROBLEMS,
    )
    days = date(2013, 3, 4), date(2013, 3, 29)
    survey = _survey(edition, "2013年春季突出问题调查（图1）", days, purpose="规范化建设前摸底。", round=Round.BEFORE)
    writer = Writer(survey)
    for n, problem in enumerate(dealt(rng, PROBLEMS)):
        response = writer.sheet(villages[n % len(villages)], _on(rng, survey), Source.IMPORT, entered_by=BY)
        writer.who(rng, response)
        writer.choose(response, "main_problem", problem)
    writer.save()
    return survey


def _facilities(rng: Random, villages: list[Village]) -> None:
    edition = compose(
        "村级办公和服务场所调查",
        "弄清各村（社区）场所缺什么。",
        "调研报告图4",
        FIGURE_4,
        date(2013, 2, 20),
        FigureNumber.PREMISES,
    )
    days = date(2013, 3, 4), date(2013, 3, 29)
    survey = _survey(
        edition,
        "2013年春季办公和服务场所调查（图4）",
        days,
        purpose="每村（社区）填报一份。",
        unit=Unit.VILLAGE,
        form=Form.ON_THE_SPOT,
    )
    writer = Writer(survey)
    answering = sorted(rng.sample(villages, min(ANSWERING, len(villages))), key=lambda village: village.code)
    chosen = {key: set(rng.sample(range(len(answering)), number)) for key, number in FACILITIES.items()}
    for n, village in enumerate(answering):
        response = writer.sheet(village, _on(rng, survey), Source.IMPORT, entered_by=BY)
        writer.choose(response, "facilities", *([key for key in chosen if n in chosen[key]] or ["none"]))
    writer.save()


def _improvement(rng: Random, villages: list[Village], before: Survey) -> None:
    edition = compose(
        "规范化建设成效调查",
        "看规范化建设后群众感受到的变化。",
        "调研报告图5",
        FIGURE_5,
        date(2013, 9, 10),
        FigureNumber.EFFECT,
    )
    days = date(2013, 9, 16), date(2013, 10, 11)
    survey = _survey(
        edition,
        "2013年规范化建设成效调查（图5）",
        days,
        purpose="规范化建设后的回访。",
        round=Round.AFTER,
        compared_with=before,
    )
    writer = Writer(survey)
    dealt_by = {key: dealt(rng, {"better": number, "same": ASKED - number}) for key, number in IMPROVED.items()}
    for n, party in enumerate(dealt(rng, PARTY)):
        response = writer.sheet(villages[n % len(villages)], _on(rng, survey), Source.IMPORT, entered_by=BY)
        writer.who(rng, response)
        for line, answers in dealt_by.items():
            writer.choose(response, "improved", answers[n], line=line)
        writer.choose(response, "party", party)
    writer.save()
