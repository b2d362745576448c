"""What happened in the demonstration's last week, so that two scorings differ. Told by hand, not by chance."""

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import Grant, User
from core import audit
from core.models import AuditRow
from core.roles import Role
from facilities.models import Building
from villages.models import Adoption

#: Colleagues of the cast, none with a password: account, person, office, active, where he is clerk ("": no role yet).
COLLEAGUES = (
    ("nalou", "周海燕", "那楼镇党建办", True, "450109101"),
    ("xinjiang", "黄志明", "新江镇党建办", True, "450109102"),
    ("baiji", "李艳芳", "百济镇党建办", True, ""),
    ("zhonghe", "覃小龙", "中和镇党建办（已调出）", False, "450109104"),
)


def people() -> None:
    """For the administrators: an account that waits for its role, one disabled with a role left, mistyped passwords."""
    secadmin = User.objects.get(username="secadmin")
    for username, name, office, active, code in COLLEAGUES:
        user = User(username=username, name=name, office=office, is_active=active, is_demonstration=True)
        user.territory_code = secadmin.territory_code
        user.set_unusable_password()
        user.save()
        if code:
            Grant.objects.create(user=user, role=Role.CLERK, territory_code=code, granted_by=secadmin)
    for username in ("nalou", "nalou", "admin"):
        audit.write_event(None, "sign_in", name=username, outcome=AuditRow.Outcome.FAILED)


def tell(day: date) -> None:
    """One village caught up with its regulations, one moved house, one has regulations under revision."""
    adopted, moved, revised = day - timedelta(days=5), day - timedelta(days=4), day - timedelta(days=3)
    _some_of("屯宁村", 5).update(adopted_on=adopted, posted_on=moved)
    houses = Building.objects.filter(village__name="坛垌村")
    houses.filter(ends_on__isnull=True).update(starts_on=moved)
    houses.filter(ends_on__isnull=False).update(ends_on=moved - timedelta(days=1))
    _some_of("桥学村", 3).update(abolished_on=revised)


def _some_of(village: str, number: int) -> QuerySet:
    """So many regulations of the village, none of which needs the meeting's vote."""
    rows = Adoption.objects.filter(village__name=village, regulation__needs_vote=False)
    return Adoption.objects.filter(pk__in=rows.order_by("-regulation__position").values("pk")[:number])
