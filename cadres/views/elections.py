"""An election against the rules of law, and who may vote for others on a day."""

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_GET

from cadres import ballots
from cadres.choices import Position
from cadres.models import Candidate, Election
from cadres.places import place_of
from cadres.views.structure import day_of
from cadres.voters import bases_on, load_rules
from core.clock import today
from core.pages import page
from core.roles import READERS
from villages.choices import Confidence


@require_GET
@page(READERS)
def show_result(request, pk: int):
    """The candidates by their votes, and every rule that the election was held against."""
    rows = Election.objects.visible_to(request.user).select_related("village__township", "hamlet", "term")
    election = get_object_or_404(rows, pk=pk)
    own = Candidate.objects.visible_to(request.user).filter(election=election)
    candidates = sorted(own.select_related("person", "hamlet").order_by("-votes", "pk"), key=_rank)
    checks = ballots.checks_of(election, candidates, ballots.load_rules())
    context = {
        "election": election,
        "candidates": candidates,
        "checks": [(check, ballots.rule_text(check.rule)) for check in checks],
        "broken": sum(not check.met for check in checks),
    }
    return render(request, "cadres/election.html", context)


def _rank(candidate: Candidate) -> int:
    """The weightiest post first."""
    return Position.values.index(candidate.position) if candidate.position else 0


@require_GET
@page(READERS)
def show_voters(request):
    """`?place=`, `?day=`: representatives and group leaders of each village on the day."""
    place = place_of(request.user, request.GET.get("place", ""))
    day = day_of(request.GET.get("day", ""), today())
    rows = bases_on(place.villages, day, load_rules())
    context = {
        "place": place,
        "day": day,
        "rows": rows,
        "people": sum(row.people for row in rows),
        "leaders": sum(row.leaders for row in rows),
        "hamlets": sum(row.hamlets for row in rows),
        "rules": _to_confirm(rows),
    }
    return render(request, "cadres/election_base.html", context)


def _to_confirm(rows) -> list:
    """The rules behind the page that nobody has read in the text itself, each once."""
    rules = {rule.pk: rule for row in rows for rule in (row.least, row.most, row.share, row.quorum) if rule}
    return [rule for _pk, rule in sorted(rules.items()) if rule.confidence == Confidence.TO_CONFIRM]


urlpatterns = [
    path("elections/<int:pk>/result/", show_result, name="election_result"),
    path("voters/", show_voters, name="voters"),
]
