"""One questionnaire asked before and after the standardisation, in ten villages: invented, for the comparison's page."""

from datetime import date, timedelta
from random import Random

from surveys.choices import Form, Kind, Round, Source
from surveys.demo.compose import BY, DISTRICT, WHO, Writer, compose
from surveys.models import PlanRow, Survey
from villages.models import Village

VILLAGES, SHEETS = 10, 18
NOTE = "本次调查为演示数据，答案均为虚构。"
QUESTIONS = (
    *WHO,
    (
        "rota",
        Kind.SINGLE,
        "您知道到哪里查村干部值班安排吗",
        (("yes", "知道", ("is_positive",)), ("no", "不知道")),
        {"section": "知晓情况", "is_indicator": True},
    ),
    (
        "channels",
        Kind.MULTIPLE,
        "您从哪里了解村务",
        (
            ("board", "公开栏"),
            ("meeting", "村民会议或座谈"),
            ("phone", "手机短信、微信"),
            ("neighbour", "听别人说"),
            ("none", "不了解", ("exclusive",)),
        ),
        {},
    ),
    (
        "trust",
        Kind.SCALE,
        "您对村务公开的满意程度",
        (),
        {"low_label": "很不满意", "high_label": "很满意", "is_indicator": True, "positive_from": 4},
    ),
)
CHANNELS = ("board", "meeting", "phone", "neighbour")
#: What changed: the share that knows the rota, what was chosen of the channels, the weights of the five steps.
BEFORE = (0.46, (0.42, 0.18, 0.12, 0.55), (8, 18, 40, 26, 8))
AFTER = (0.73, (0.61, 0.22, 0.16, 0.48), (3, 8, 28, 41, 20))


def build(rng: Random, villages: list[Village], day: date) -> None:
    edition = compose(
        "村务公开知晓情况问卷", "比较规范化建设前后群众的知晓情况。", "前后对比", QUESTIONS, date(2013, 2, 25)
    )
    own = sorted(rng.sample(villages, min(VILLAGES, len(villages))), key=lambda village: village.code)
    before = _survey(edition, "2013年春季村务公开知晓调查", date(2013, 3, 11), round=Round.BEFORE)
    _answers(rng, before, own, BEFORE)
    after = _survey(edition, "2013年秋季村务公开知晓调查", date(2013, 10, 14), round=Round.AFTER, compared_with=before)
    _answers(rng, after, own, AFTER)


def _survey(edition, title: str, starts_on: date, **facts) -> Survey:
    return Survey.objects.create(
        edition=edition,
        title=title,
        purpose="同一批村（社区）前后各问一次。",
        territory_code=DISTRICT,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=25),
        form=Form.VISIT,
        note=NOTE,
        saved_by=BY,
        **facts,
    )


def _answers(rng: Random, survey: Survey, villages: list[Village], shares) -> None:
    knows, channels, steps = shares
    PlanRow.objects.bulk_create(
        PlanRow(survey=survey, village=village, planned=SHEETS, base=village.population, saved_by=BY)
        for village in villages
    )
    writer = Writer(survey)
    for village in villages:
        for _n in range(SHEETS):
            day = survey.starts_on + timedelta(days=rng.randrange(25))
            response = writer.sheet(village, day, Source.STAFF, entered_by=BY)
            writer.who(rng, response)
            writer.choose(response, "rota", "yes" if rng.random() < knows else "no")
            chosen = [key for key, share in zip(CHANNELS, channels, strict=True) if rng.random() < share]
            writer.choose(response, "channels", *(chosen or ["none"]))
            writer.figure(response, "trust", rng.choices(range(1, 6), steps)[0])
    writer.save()
