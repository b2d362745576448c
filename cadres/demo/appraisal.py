"""The demonstration's appraisals of 2012 and 2013: nearly all competent, a few not, one “incompetent” twice in a row.

Whoever fell below competent was talked to, mostly; some talks are to be followed up, one too late.
"""

from datetime import date, timedelta
from random import Random

from cadres.choices_supervision import (
    AdmonishmentState,
    AppraisalBody,
    AppraisalState,
    Verdict,
)
from cadres.demo.grades import GOOD, WEAK, grade_of
from cadres.demo.people import CLERKS
from cadres.models import Admonishment, Appraisal, AppraisalSheet, Post, PostEnding
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.demo import LIANG
from villages.models import Village

#: Where somebody was “incompetent” in both years.
TWICE = "联团村"
GROUNDS = ("值班多次缺岗，群众办事找不到人", "承诺事项未按期兑现", "村务公开不及时，群众有反映", "对群众诉求推诿")
MEASURES = "按时值班，每月向村党组织报告一次履职情况。"
#: Shares of the ballots from excellent to incompetent.
SHARES = {
    Verdict.EXCELLENT: (0.62, 0.28, 0.07, 0.03),
    Verdict.COMPETENT: (0.34, 0.48, 0.13, 0.05),
    Verdict.BASIC: (0.08, 0.34, 0.46, 0.12),
    Verdict.INCOMPETENT: (0.03, 0.12, 0.27, 0.58),
}
LAST = date(2013, 11, 8)  # the last meeting; what came later is still on its way


def build(rng: Random, villages: list[Village], day: date) -> None:
    weak = [village for village in villages if grade_of(village) == WEAK and village.code != LIANG]
    twice = next((village for village in villages if village.name == TWICE), weak[0])
    below = {village.pk for village in rng.sample(weak, 5)} | {twice.pk}
    posts = {village.pk: [] for village in villages}
    for post in Post.objects.ranked().order_by("rank", "person"):
        posts[post.village_id].append(post)
    appraisals, sheets = [], []
    for year in (2012, 2013):
        for number, village in enumerate(villages):
            if year == 2013 and grade_of(village) == WEAK and number % 3 == 0 and village.pk not in below:
                continue  # not held yet
            one = _appraisal(
                rng, village, year, day, late=year == 2013 and grade_of(village) != GOOD and number % 9 == 4
            )
            appraisals.append(one)
            sheets += _sheets(
                rng, one, posts[village.pk], twice=village.pk == twice.pk, low=year == 2013 and village.pk in below
            )
    Appraisal.objects.bulk_create(appraisals, batch_size=200)
    AppraisalSheet.objects.bulk_create(sheets, batch_size=400)
    Move.objects.bulk_create([move for one in appraisals for move in _trail(one)], batch_size=400)
    _follow(
        rng, [s for s in sheets if s.appraisal.year == 2013 and s.verdict in (Verdict.BASIC, Verdict.INCOMPETENT)], day
    )
    _propose(twice, sheets, day)


def _appraisal(rng: Random, village: Village, year: int, day: date, late: bool) -> Appraisal:
    entitled = rng.randint(38, 76)
    held_on = date(2012, 12, rng.randint(3, 24)) if year == 2012 else LAST - timedelta(days=rng.randint(4, 30))
    one = Appraisal(
        village=village,
        year=year,
        held_on=held_on,
        body=AppraisalBody.REPRESENTATIVES,
        entitled=entitled,
        present=-(-entitled * 3 // 4) + rng.randint(0, 6),
        state=AppraisalState.SUBMITTED if late else AppraisalState.CONFIRMED,
        state_since=held_on + timedelta(days=4),
        saved_by=CLERKS.get(village.code[:9], ""),
    )
    one.present = min(one.present, entitled)
    if late:
        one.state_since = day - timedelta(days=3)
        one.due_on = Calendar.load().add(one.state_since, limit_on("appraisal_confirm", day).workdays)
    return one


def _sheets(rng: Random, appraisal: Appraisal, posts: list[Post], twice: bool, low: bool) -> list[AppraisalSheet]:
    """A tally for each cadre in post on the day; the last of them falls where the village's story says so."""
    held = [post for post in posts if post.starts_on <= appraisal.held_on < (post.ends_on or date.max)]
    cadres = list(dict.fromkeys(post.person_id for post in held))
    verdicts = [Verdict.EXCELLENT if rng.random() < 0.45 else Verdict.COMPETENT for _cadre in cadres]
    if twice:
        verdicts[-1] = Verdict.INCOMPETENT
    elif low:
        verdicts[-1] = Verdict.BASIC
    confirmed = appraisal.state == AppraisalState.CONFIRMED
    return [_sheet(rng, appraisal, pk, verdict, confirmed) for pk, verdict in zip(cadres, verdicts, strict=True)]


def _sheet(rng: Random, appraisal: Appraisal, person: int, verdict: str, confirmed: bool) -> AppraisalSheet:
    ballots = appraisal.present - rng.randint(0, 2)
    parts = [int(ballots * share) for share in SHARES[verdict]]
    parts[list(SHARES).index(verdict)] += ballots - sum(parts)
    excellent, competent, basic, incompetent = parts
    return AppraisalSheet(
        appraisal=appraisal,
        person_id=person,
        excellent=excellent,
        competent=competent,
        basic=basic,
        incompetent=incompetent,
        verdict=verdict if confirmed else "",
    )


def _trail(appraisal: Appraisal) -> list[Move]:
    handed_in = appraisal.held_on + timedelta(days=2)
    submitted = appraisal.state == AppraisalState.SUBMITTED
    steps = [("submit", AppraisalState.DRAFT, AppraisalState.SUBMITTED, "村党组织", handed_in)]
    if submitted:
        steps[0] = (*steps[0][:4], appraisal.state_since)
    else:
        steps.append(
            ("confirm", AppraisalState.SUBMITTED, AppraisalState.CONFIRMED, appraisal.saved_by, appraisal.state_since)
        )
    return [
        Move(
            model=Appraisal._meta.label,
            object_id=appraisal.pk,
            transition=name,
            source=source,
            target=target,
            by=who,
            on=on,
            territory_code=appraisal.village.code,
        )
        for name, source, target, who, on in steps
    ]


def _follow(rng: Random, sheets: list[AppraisalSheet], day: date) -> None:
    """All but two were talked to; one is put right already, one waits longer than it should."""
    rows = []
    for number, sheet in enumerate(sheets[:-2]):
        talked_on = sheet.appraisal.held_on + timedelta(days=5)
        follow_up_on = day - timedelta(days=4) if number == 0 else day + timedelta(days=rng.randint(6, 60))
        row = Admonishment(
            village=sheet.appraisal.village,
            person_id=sheet.person_id,
            talked_on=talked_on,
            talked_by="镇纪委书记",
            grounds=GROUNDS[number % len(GROUNDS)],
            measures=MEASURES,
            follow_up_on=follow_up_on,
            due_on=follow_up_on,
            state_since=talked_on,
            saved_by=sheet.appraisal.saved_by,
        )
        if number == 1:
            row.state, row.due_on, row.state_since = AdmonishmentState.IMPROVED, None, day - timedelta(days=1)
            row.follow_up_on = row.state_since
        rows.append(row)
    Admonishment.objects.bulk_create(rows)


def _propose(village: Village, sheets: list[AppraisalSheet], day: date) -> None:
    """What the confirmation of the second “incompetent” has led to."""
    sheet = next(
        s
        for s in sheets
        if s.appraisal.village_id == village.pk and s.verdict == Verdict.INCOMPETENT and s.appraisal.year == 2013
    )
    since = sheet.appraisal.state_since
    PostEnding.objects.create(
        village=village,
        person_id=sheet.person_id,
        sheet=sheet,
        grounds="连续2次被评议为“不称职”，最近一次为2013年（村民委员会组织法（2010年修订）第三十三条）",
        state_since=since,
        due_on=Calendar.load().add(since, limit_on("ending_decide", since).workdays),
        saved_by=sheet.appraisal.saved_by,
    )
