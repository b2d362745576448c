"""Slips of the autumn survey for a village that no team has reached yet: some have brought their answer."""

from datetime import date, timedelta
from random import Random

from core.models import Ticket, TicketBatch
from core.tickets.slip import digest_of
from surveys.actions.links import PURPOSE
from surveys.choices import Source
from surveys.demo.autumn import TITLE, fill_in
from surveys.demo.compose import BY, Writer
from surveys.models import PlanRow, Survey
from villages.models import Village

SLIPS, ANSWERED = 12, 7


def build(rng: Random, villages: list[Village], day: date) -> None:
    """The tokens are nobody's: what is stored are hashes of drawn numbers."""
    survey = Survey.objects.get(title=TITLE)
    reached = set(survey.responses.values_list("village", flat=True))
    village = next(
        row.village
        for row in PlanRow.objects.filter(survey=survey).select_related("village")
        if row.village_id not in reached
    )
    batch = TicketBatch.objects.create(
        purpose=PURPOSE,
        subject=survey.pk,
        territory_code=village.code,
        title=f"{village} {survey}",
        number=SLIPS,
        made_on=day - timedelta(days=9),
        made_by=BY,
        expires_on=survey.ends_on,
    )
    used = set(rng.sample(range(SLIPS), ANSWERED))
    Ticket.objects.bulk_create(
        Ticket(batch=batch, digest=digest_of(str(rng.random())), uses_left=int(n not in used)) for n in range(SLIPS)
    )
    writer = Writer(survey)
    for _slip in range(ANSWERED):
        fill_in(rng, writer, village, day - timedelta(days=rng.randrange(1, 9)), "", source=Source.LINK)
    writer.save()
