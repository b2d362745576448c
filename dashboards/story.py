"""What happened in the demonstration's last week, so that two scorings differ. Told by hand, not by chance."""

from datetime import date, timedelta

from django.db.models import QuerySet

from facilities.models import Building
from villages.models import Adoption


def tell(day: date) -> None:
    """One village caught up with its regulations, one moved house, one has regulations under revision."""
    adopted, moved, revised = day - timedelta(days=5), day - timedelta(days=4), day - timedelta(days=3)
    _some_of("屯宁村", 5).update(adopted_on=adopted, posted_on=moved)
    old, new = Building.objects.filter(village__name="坛垌村").order_by("starts_on")
    Building.objects.filter(pk=old.pk).update(ends_on=moved - timedelta(days=1))
    Building.objects.filter(pk=new.pk).update(starts_on=moved)
    _some_of("桥学村", 3).update(abolished_on=revised)


def _some_of(village: str, number: int) -> QuerySet:
    """So many regulations of the village, none of which needs the meeting's vote."""
    rows = Adoption.objects.filter(village__name=village, regulation__needs_vote=False)
    return Adoption.objects.filter(pk__in=rows.order_by("-regulation__position").values("pk")[:number])
