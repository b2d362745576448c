"""A survey under way in the autumn of 2013: plan, five teams, visits, sheets partly in, a pile of paper half typed."""

from datetime import date, timedelta
from random import Random

from surveys.choices import Form, Kind, Source
from surveys.demo.compose import BY, DISTRICT, WHO, Writer, compose
from surveys.models import Batch, FieldVisit, PlanRow, Question, QuestionnaireVersion, Survey, Team
from villages.models import Village

TITLE = "2013年秋季入户调研"
SHEETS = 10  # planned for each village
SURNAMES, GIVEN = "黄韦李陆梁农覃", ("建国", "丽芳", "志强", "秀英", "海明", "春燕", "永胜")
SUGGESTIONS = (
    "坡里的路灯坏了三盏，希望早点修好。",
    "办事窗口周末也有人值班就好了。",
    "希望多组织种养技术培训。",
    "低保名单公开得及时，满意。",
    "水渠清淤要赶在春耕前。",
)
NOTES = (
    "入户6户，座谈1场。群众普遍知道值班电话，对公开栏更新较满意，反映道路硬化进度慢。",
    "走访党员户和低保户，群众会议室可用，图书室钥匙由专人保管，晚上不开放。",
    "与村干部、村民代表座谈，代办事项有登记，个别事项超过承诺时限。",
)
QUESTIONS = (
    *WHO,
    (
        "party_member",
        Kind.SINGLE,
        "您的身份",
        (("member", "党员"), ("delegate", "村民代表"), ("resident", "其他村民（居民）")),
        {"is_stratum": True},
    ),
    ("household", Kind.NUMBER, "您家常住几口人", (), {"unit": "人", "number_min": 1, "number_max": 20}),
    (
        "know_rota",
        Kind.SINGLE,
        "您知道村干部今天谁值班吗",
        (("yes", "知道", ("is_positive",)), ("no", "不知道")),
        {"section": "值班和办事", "is_indicator": True},
    ),
    (
        "why_not",
        Kind.MULTIPLE,
        "不知道的原因是什么",
        (
            ("no_board", "没看到值班公示"),
            ("far", "离村委会远，很少去"),
            ("no_need", "没有事要办"),
            ("other", "其他", ("other",)),
            ("none", "以上都不是", ("exclusive",)),
        ),
        {"when": (("know_rota", "no"),)},
    ),
    (
        "satisfied",
        Kind.SCALE,
        "您对村里办事的总体满意程度",
        (),
        {"low_label": "很不满意", "high_label": "很满意", "is_indicator": True, "positive_from": 4},
    ),
    (
        "service",
        Kind.MATRIX,
        "您对最近一次办事的评价",
        (("good", "满意", ("is_positive",)), ("fair", "一般"), ("poor", "不满意")),
        {
            "is_indicator": True,
            "rows": (("time", "办理事项用时"), ("result", "办理事项结果"), ("manner", "办理事项态度")),
        },
    ),
    ("wish", Kind.TEXT, "您对村里还有什么希望", (), {"section": "建议", "required": False}),
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    edition = compose(
        "村级组织运行情况入户问卷",
        "了解值班、办事和群众满意情况。",
        "秋季调研、年终评议参考",
        QUESTIONS,
        date(2013, 10, 12),
    )
    survey = Survey.objects.create(
        edition=edition,
        title=TITLE,
        purpose="每村（社区）入户10户，边走访边填写。",
        territory_code=DISTRICT,
        starts_on=date(2013, 10, 21),
        ends_on=date(2013, 12, 15),
        form=Form.VISIT,
        note="本次调研为演示数据，人员和答案均为虚构。",
        saved_by=BY,
    )
    teams = _teams(rng, survey, villages)
    PlanRow.objects.bulk_create(
        PlanRow(
            survey=survey,
            village=village,
            planned=SHEETS,
            base=village.population,
            team=teams[village.code[:9]],
            saved_by=BY,
        )
        for village in villages
    )
    _field(rng, survey, villages, teams, day)
    _next_version(edition)


def _teams(rng: Random, survey: Survey, villages: list[Village]) -> dict[str, Team]:
    """A team a township."""
    townships = {village.code[:9]: str(village.township) for village in villages}
    names = {code: [rng.choice(SURNAMES) + given for given in rng.sample(GIVEN, 4)] for code in townships}
    teams = {
        code: Team(
            survey=survey,
            name=f"{township}组",
            leader=names[code][0],
            members="、".join(names[code][1:]),
            saved_by=BY,
        )
        for code, township in townships.items()
    }
    Team.objects.bulk_create(teams.values())
    return teams


def _field(rng: Random, survey: Survey, villages: list[Village], teams: dict[str, Team], day: date) -> None:
    writer, visits = Writer(survey), []
    for n, village in enumerate(villages):
        if n % 5 == 4:
            continue  # not reached yet
        visited = survey.starts_on + timedelta(days=rng.randrange((day - survey.starts_on).days - 2))
        visits.append(
            FieldVisit(
                survey=survey,
                village=village,
                team=teams[village.code[:9]],
                day=visited,
                form=rng.choice((Form.VISIT, Form.ON_THE_SPOT, Form.MEETING)),
                people_met=rng.randint(8, 26),
                notes=rng.choice(NOTES),
                saved_by=teams[village.code[:9]].leader,
            )
        )
        for _sheet in range(SHEETS if n % 3 else rng.randint(3, 8)):
            fill_in(rng, writer, village, visited, teams[village.code[:9]].leader)
    FieldVisit.objects.bulk_create(visits)
    pile = _pile(rng, survey, villages[0], day)
    for _sheet in range(4):
        fill_in(rng, writer, villages[0], pile.day, pile.saved_by, batch=pile, source=Source.PAPER)
    writer.save()


def _pile(rng: Random, survey: Survey, village: Village, day: date) -> Batch:
    return Batch.objects.create(
        survey=survey,
        village=village,
        name=f"{village}补填纸质卷",
        day=day - timedelta(days=3),
        expected=9,
        territory_code=village.code,
        saved_by=BY,
    )


def fill_in(rng: Random, writer: Writer, village: Village, day: date, by: str, *, batch=None, source=Source.STAFF):
    response = writer.sheet(village, day, source, entered_by=by, batch=batch)
    writer.who(rng, response)
    writer.choose(response, "party_member", rng.choices(("member", "delegate", "resident"), (18, 14, 68))[0])
    writer.figure(response, "household", rng.choices((1, 2, 3, 4, 5, 6, 7), (4, 12, 20, 28, 20, 11, 5))[0])
    knows = rng.random() < 0.72
    writer.choose(response, "know_rota", "yes" if knows else "no")
    if not knows:
        writer.choose(response, "why_not", *rng.sample(("no_board", "far", "no_need"), rng.randint(1, 2)))
    writer.figure(response, "satisfied", rng.choices((1, 2, 3, 4, 5), (2, 5, 19, 44, 30))[0])
    for line, weights in (("time", (74, 20, 6)), ("result", (70, 22, 8)), ("manner", (80, 15, 5))):
        writer.choose(response, "service", rng.choices(("good", "fair", "poor"), weights)[0], line=line)
    if rng.random() < 0.25:
        writer.write_text(response, "wish", rng.choice(SUGGESTIONS))


def _next_version(edition: QuestionnaireVersion) -> None:
    """A draft that is being composed: two questions taken over, one without its options yet."""
    draft = QuestionnaireVersion.objects.create(
        questionnaire=edition.questionnaire, number=2, saved_by=BY, introduction=edition.introduction
    )
    Question.objects.bulk_create(
        Question(edition=draft, key=key, kind=kind, text=text, order=order, saved_by=BY)
        for order, (key, kind, text) in enumerate(
            (
                ("satisfied", Kind.SCALE, "您对村里办事的总体满意程度"),
                ("wish", Kind.TEXT, "您对村里还有什么希望"),
                ("channel", Kind.SINGLE, "您平时从哪里知道村里的事"),
            ),
            1,
        )
    )
