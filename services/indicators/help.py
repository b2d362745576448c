"""What can be measured of three-to-one help: complete pairings, and a visit in every quarter that is over."""

from collections import defaultdict

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from services.help import Helped, helped_in, quarters_over


@shared
def _helped(villages: QuerySet, period: Period) -> dict[int, list[tuple[Helped, bool]]]:
    """Village → those who are helped on the day, and whether nothing lacks. Three queries."""
    quarters = quarters_over(period.year, period.as_of)
    found = defaultdict(list)
    for one in helped_in(villages, period.as_of, quarters, named=False):
        complete = not one.lacking and not one.missed(quarters)
        found[one.person.village_id].append((one, complete))
    return found


@indicator(
    "three_to_one",
    name=gettext_lazy("Three-to-one help complete and visited"),
    kind=Kind.SHARE,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("The helpers and visits on record"),
)
def three_to_one(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of those helped on the day: three helpers, and a visit in each quarter of the year that is over."""
    return {
        pk: Measure(sum(complete for _one, complete in own), len(own)) for pk, own in _helped(villages, period).items()
    }


@three_to_one.shortfalls
def help_incomplete(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """What lacks, by kind and hamlet and never by name: who may read the names finds them on the village's page."""
    quarters = quarters_over(period.year, period.as_of)
    board = reverse("services:help_board")
    found = defaultdict(list)
    for pk, own in _helped(villages, period).items():
        for one, complete in own:
            if not complete:
                found[pk].append(Shortfall(_lack(one, quarters), f"{board}?village={pk}"))
    return dict(found)


def _lack(one: Helped, quarters) -> str:
    lacks = [_("no %(tier)s") % {"tier": tier.label} for tier in one.lacking]
    lacks += [_("no visit in quarter %(n)d") % {"n": quarter.number} for quarter in one.missed(quarters)]
    facts = {"kind": one.person.get_kind_display(), "lacks": _(", ").join(lacks)}
    return _("%(kind)s: %(lacks)s") % facts
