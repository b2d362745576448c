"""Ratings come in: as a batch of paper slips by a clerk, or one by one through a link, by nobody who is known."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import actions
from core.workflow import move
from services.actions.matters import MATTER_FLOW
from services.choices_matters import DONE, MatterState
from services.choices_ratings import BEST, WORST, Source
from services.choices_stations import RequestState
from services.models import Matter, Rating, RatingBatch, RatingRound, RoundVillage, ServiceRequest
from villages.models import Village


class Answer(NamedTuple):
    """One resident's steps, each from WORST to BEST."""

    time: int
    result: int
    attitude: int


def read_slip(text: str) -> Answer:
    """The three digits of a slip, in the order of its questions. Raises ValidationError.

    >>> read_slip("453")
    Answer(time=4, result=5, attitude=3)
    """
    digits = "".join(text.split())
    allowed = {str(step) for step in range(WORST, BEST + 1)}
    if len(digits) != len(Answer._fields) or not set(digits) <= allowed:
        facts = {"what": text[:12], "worst": WORST, "best": BEST}
        raise ValidationError(_("“%(what)s”: three digits from %(worst)d to %(best)d.") % facts)
    return Answer(*map(int, digits))


def record_ratings(
    by,
    subject: models.Model,
    answers: Sequence[Answer],
    source: Source,
    day: date,
    *,
    village: Village | None = None,
    batch: RatingBatch | None = None,
) -> list[Rating]:
    """Write answers on a matter, a service request, or (with `village`) a round.

    `by` is None for residents, who come by link alone. Nothing is audited of a single answer: time and order would
    lead to who gave it; a batch leaves the audit's rows itself. Raises Refused, Invisible, ValidationError.
    """
    if by is None and source != Source.LINK:
        raise actions.Refused(_("Paper slips are typed in by somebody who is signed in."))
    if by is not None:
        actions.require(by, "add", RatingBatch)
    named = name_subject(subject, village)
    _refuse_early(subject, named["village"])
    rows = [Rating(**named, batch=batch, source=source, on=day, **answer._asdict()) for answer in answers]
    for row in rows:
        row.clean_fields(exclude=["village", "matter", "request", "round", "batch"])
    return Rating.objects.bulk_create(rows, batch_size=500)


def name_subject(subject: models.Model, village: Village | None = None) -> dict:
    """The columns of a rating that say what it is about. KeyError for what can't be rated."""
    name = {Matter: "matter", ServiceRequest: "request", RatingRound: "round"}[type(subject)]
    return {name: subject, "village": village or subject.village}


def _refuse_early(subject: models.Model, village: Village) -> None:
    """What is not done can't be rated, nor a village asked that takes no part."""
    if isinstance(subject, Matter) and subject.state not in DONE:
        raise ValidationError(_("This matter is not done yet: residents rate it when it is."))
    if isinstance(subject, ServiceRequest) and subject.state != RequestState.FINISHED:
        raise ValidationError(_("This request is not finished yet: the resident rates it when it is."))
    if isinstance(subject, RatingRound) and not RoundVillage.objects.filter(round=subject, village=village).exists():
        raise ValidationError(_("%(village)s takes no part in this round.") % {"village": village})


# ---- paper slips ----


def record_batch(by, batch: RatingBatch, answers: Sequence[Answer], day: date) -> RatingBatch:
    """A new batch with its slips, all or nothing; a matter that waited for them is closed with them."""
    _check_batch(batch, answers, day)
    with transaction.atomic():
        actions.create(by, [batch])
        _write_slips(by, batch, answers)
        _follow(by, batch, "rate", day)
    return batch


def correct_batch(by, batch: RatingBatch, answers: Sequence[Answer], day: date, reason: str) -> RatingBatch:
    """Its slips and numbers anew. The reason goes into the audit. Raises as `actions.update`."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the people concerned read it.")})
    _check_batch(batch, answers, day)
    batch.corrections += 1
    fields = ["collected_on", "handed_out", "returned", "typed", "typed_twice", "note", "corrections"]
    with transaction.atomic():
        actions.update(by, [batch], fields, reason=reason)
        batch.ratings.all().delete()
        _write_slips(by, batch, answers)
    return batch


def withdraw_batch(by, batch: RatingBatch, day: date, reason: str) -> RatingBatch:
    """It stays on record and counts no more; a matter that has no other ratings waits for new ones."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the people concerned read it.")})
    if batch.withdrawn_on:
        raise ValidationError(_("This batch is withdrawn already."))
    batch.withdrawn_on, batch.withdrawn_why = day, reason[:200]
    with transaction.atomic():
        actions.update(by, [batch], ["withdrawn_on", "withdrawn_why"], verb="withdraw", reason=reason)
        if batch.matter_id and not Rating.objects.counted().filter(matter=batch.matter_id).exists():
            _follow(by, batch, "ask_again", day, reason)
    return batch


def _check_batch(batch: RatingBatch, answers: Sequence[Answer], day: date) -> None:
    if not answers:
        raise ValidationError(_("No slip is typed in yet: type the three digits of each."))
    if batch.collected_on and batch.collected_on > day:
        raise ValidationError({"collected_on": _("This day lies ahead: enter the day on which the slips came back.")})
    batch.typed = len(answers)


def _write_slips(by, batch: RatingBatch, answers: Sequence[Answer]) -> None:
    record_ratings(by, batch.subject, answers, Source.PAPER, batch.collected_on, village=batch.village, batch=batch)


def _follow(by, batch: RatingBatch, name: str, day: date, reason: str = "") -> None:
    """Move the matter along where it stands before that step, and whoever writes the batch may move it."""
    before = {"rate": MatterState.FINISHED, "ask_again": MatterState.RATED}[name]
    matter = batch.matter
    if matter and matter.state == before and by.roles & MATTER_FLOW.get(name).roles:
        move(by, MATTER_FLOW, [matter], name, day, reason=reason)
