"""The demonstration's open selection: under way for a village that stagnates; one of last year ended in nothing."""

from datetime import date, timedelta
from random import Random

from cadres.choices_supervision import Qualification, SelectionState
from cadres.demo.people import CLERKS
from cadres.models import Applicant, Person, Selection
from core.models import Move
from villages.models import Village

#: Villages whose committees have been weak for long.
STAGNATES, CALLED_OFF = "那樟村", "三江村"
SCORES = ((81_50, 84_20), (76_00, 88_60), (72_40, 79_10), (68_00, None), (None, None))


def build(rng: Random, villages: list[Village], day: date) -> None:
    by_name = {village.name: village for village in villages}
    village = by_name.get(STAGNATES) or next(v for v in villages if not v.is_community and v.in_plan)
    now = _selection(village, day - timedelta(days=46), SelectionState.ASSESSED, day - timedelta(days=24))
    now.grounds = "集体经济多年空白，班子战斗力不强，工作长期打不开局面，面向全镇公开选拔党组织书记。"
    now.starts_on = day + timedelta(days=22)
    before = _selection(by_name[CALLED_OFF], date(2012, 4, 9), SelectionState.CALLED_OFF, date(2012, 5, 4))
    before.grounds = "书记年龄偏大，群众意见集中。"
    for one in (now, before):
        one.save()
    _applicants(rng, now)
    Move.objects.bulk_create(
        [
            *_moves(
                now, ("announce", "prepared", "open", now.announced_on), ("assess", "open", "assessed", now.state_since)
            ),
            *_moves(
                before,
                ("announce", "prepared", "open", before.announced_on),
                ("call_off", "open", "called_off", before.state_since),
            ),
        ]
    )


def _selection(village: Village, announced_on: date, state: str, since: date) -> Selection:
    return Selection(
        village=village,
        announced_on=announced_on,
        closes_on=announced_on + timedelta(days=20),
        state=state,
        state_since=since,
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _applicants(rng: Random, selection: Selection) -> None:
    """Young party members of the township, two of them not of the village; the last one's papers did not do."""
    people = Person.objects.filter(village__township=selection.village.township_id, political_status="member")
    young = list(people.filter(born_on__gt=date(1970, 1, 1)).order_by("pk").defer("id_number", "phone"))
    rows = []
    for person, (exam, interview) in zip(rng.sample(young, len(SCORES)), SCORES, strict=True):
        refused = exam is None
        rows.append(
            Applicant(
                selection=selection,
                person=person,
                applied_on=selection.announced_on + timedelta(days=rng.randint(2, 18)),
                qualification=Qualification.REFUSED if refused else Qualification.QUALIFIED,
                exam_score=exam,
                interview_score=interview,
                note="党龄不满三年" if refused else "面试待补" if interview is None else "",
            )
        )
    Applicant.objects.bulk_create(rows)


def _moves(selection: Selection, *steps) -> list[Move]:
    return [
        Move(
            model=Selection._meta.label,
            object_id=selection.pk,
            transition=name,
            source=source,
            target=target,
            by=selection.saved_by,
            on=on,
            reason="报名人数不足，改由乡镇选派" if name == "call_off" else "",
            territory_code=selection.village.code,
        )
        for name, source, target, on in steps
    ]
