"""A year of commitments: most members promised, kept it and were appraised; some did not. Invented."""

from datetime import date
from random import Random

from cadres.demo.people import CLERKS
from cadres.models import PartyMember
from core.models import Move
from services.choices_commitments import CommitmentKind as Kind
from services.choices_commitments import CommitmentState as State
from services.choices_commitments import ExemptionReason, Grade
from services.demo.pilots import pilots_of
from services.models import Commitment, CommitmentExemption, CommitmentYear
from villages.demo import LIANG
from villages.models import Village

YEAR = 2013
PROMISES = {
    Kind.PEOPLE: ("结对帮扶1户困难户，每月走访1次", "接送2名留守儿童上学", "帮3位老人代办新农合缴费"),
    Kind.DEEDS: ("牵头清理村内水沟200米", "组织党员修补进坡路", "为活动室捐书30册", "带头清运垃圾，每月1次"),
    Kind.ECONOMY: ("带动5户种植火龙果", "教10户村民科学养猪", "帮村民联系销售甘蔗"),
    Kind.STABILITY: ("调解邻里纠纷，不出村解决", "参加夜间巡逻，每月2次", "宣传法律法规，每季1次"),
}
OUTCOMES = ("已完成，群众在场签字。", "按期完成，名单已公示。", "已完成，受益12户。", "全部完成，照片存档。")
GRADES = (Grade.GOOD,) * 6 + (Grade.FAIR,) * 3 + (Grade.PLAIN,)
LAGGING = 0.25  # share of villages that are behind


def build(rng: Random, villages: list[Village], day: date) -> None:
    days = CommitmentYear.objects.get(year=YEAR)
    members: dict[int, list[PartyMember]] = {}
    asked = (
        PartyMember.objects.on(day).filter(joined_on__lte=days.promise_by).select_related("person", "branch__village")
    )
    for one in asked.defer("person__id_number", "person__phone").order_by("pk"):
        members.setdefault(one.branch.village_id, []).append(one)
    rows, exempt, pilots = [], [], pilots_of(villages)
    for village in villages:
        kept = 0.7 if village.code != LIANG and rng.random() < LAGGING else 0.985
        if village in pilots:
            kept = 1
        meeting = date(YEAR, 11, rng.randint(5, 20))
        for one in members.get(village.pk, []):
            if rng.random() < 0.04:
                exempt.append(_exempt(rng, one))
                continue
            if rng.random() < kept + 0.01:
                kinds = rng.sample(list(Kind), 2 if rng.random() < 0.15 else 1)
                rows += [_promise(rng, one, kind, kept, meeting, days) for kind in kinds]
    _behind_at_home(rows, days)
    CommitmentExemption.objects.bulk_create(exempt)
    Commitment.objects.bulk_create(rows, batch_size=400)
    Move.objects.bulk_create([move for row in rows for move in _moves(row)], batch_size=400)


def _exempt(rng: Random, member: PartyMember) -> CommitmentExemption:
    reason = rng.choice((ExemptionReason.OLD, ExemptionReason.ILL, ExemptionReason.AWAY))
    saved_by = CLERKS.get(member.branch.village.code[:9], "")
    return CommitmentExemption(
        member=member, year=YEAR, reason=reason, decided_on=date(YEAR, 3, rng.randint(4, 28)), saved_by=saved_by
    )


def _promise(rng: Random, member: PartyMember, kind: str, kept: float, meeting: date, days) -> Commitment:
    promised_on = max(date(YEAR, rng.randint(2, 3), rng.randint(1, 28)), member.joined_on)
    row = Commitment(
        member=member,
        year=YEAR,
        kind=kind,
        promise=rng.choice(PROMISES[kind]),
        promised_on=promised_on,
        posted_on=promised_on if rng.random() < 0.9 else None,
        state_since=promised_on,
        due_on=days.fulfil_by,
        saved_by=CLERKS.get(member.branch.village.code[:9], ""),
    )
    if rng.random() < kept:
        row.fulfilled_on, row.outcome = date(YEAR, rng.randint(5, 10), rng.randint(1, 28)), rng.choice(OUTCOMES)
        row.state, row.state_since, row.due_on = State.FULFILLED, row.fulfilled_on, days.appraise_by
        if rng.random() < kept + 0.01:
            row.appraised_on, row.by_members, row.by_residents = meeting, rng.choice(GRADES), rng.choice(GRADES)
            row.state, row.state_since, row.due_on = State.APPRAISED, meeting, None
    return row


def _behind_at_home(rows: list[Commitment], days) -> None:
    """The secretary's story: one promise not kept in time, two that wait for the meeting."""
    own = [row for row in rows if row.member.branch.village.code == LIANG]
    for row, state in zip(own, (State.PROMISED, State.FULFILLED, State.FULFILLED), strict=False):
        row.appraised_on, row.by_members, row.by_residents = None, "", ""
        row.state, row.fulfilled_on = state, row.fulfilled_on or days.fulfil_by
        row.due_on, row.state_since, row.outcome = days.appraise_by, row.fulfilled_on, row.outcome or OUTCOMES[0]
        if state == State.PROMISED:
            row.fulfilled_on, row.outcome, row.state_since, row.due_on = None, "", row.promised_on, days.fulfil_by


def _moves(row: Commitment) -> list[Move]:
    steps = []
    if row.fulfilled_on:
        steps.append(("fulfil", State.PROMISED, State.FULFILLED, row.fulfilled_on))
    if row.appraised_on:
        steps.append(("appraise", State.FULFILLED, State.APPRAISED, row.appraised_on))
    return [
        Move(
            model=Commitment._meta.label,
            object_id=row.pk,
            transition=name,
            source=source,
            target=target,
            by=row.saved_by,
            on=on,
            territory_code=row.member.branch.village.code,
        )
        for name, source, target, on in steps
    ]
