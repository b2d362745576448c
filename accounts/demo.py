"""The demonstration's accounts, one for each role. They exist in demonstration mode alone."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Grant, User
from core.roles import Role

DEMO_PASSWORD = "yongning-2013"  # noqa: S105  printed on the sign-in page, refused in production

#: username, person, office, role, territory code, what he does
CAST = (
    (
        "district",
        "陆春梅",
        "城区委组织部",
        Role.DISTRICT,
        "450109",
        _("Publishes standards, starts the scoring, reads all"),
    ),
    ("leader", "韦志远", "城区领导", Role.LEADER, "450109", _("Reads every dashboard, changes nothing")),
    ("clerk", "玉丽娟", "蒲庙镇党建办", Role.CLERK, "450109100", _("Enters the records of a township's villages")),
    ("secretary", "梁国栋", "梁村党总支", Role.SECRETARY, "450109100214", _("Files for one village, on a phone")),
    ("inspector", "黄秉正", "城区纪委监委", Role.INSPECTOR, "450109", _("Reads tip-offs and supervises")),
    ("sysadmin", "覃立新", "城区信息中心", Role.SYSADMIN, "450109", _("Keeps accounts")),
    ("secadmin", "农慧敏", "城区保密办", Role.SECADMIN, "450109", _("Grants roles")),
    ("auditor", "雷正平", "城区审计办", Role.AUDITOR, "450109", _("Reads the audit log")),
)


def build() -> None:
    """Create the cast. The first security administrator is granted by nobody; everybody else by him."""
    users = {}
    for username, name, office, _role, code, _does in CAST:
        user = User(username=username, name=name, office=office, territory_code=code[:6], is_demonstration=True)
        user.set_password(DEMO_PASSWORD)
        user.save()
        users[username] = user
    secadmin = users["secadmin"]
    for username, *_rest, role, code, _does in CAST:
        giver = None if username == "secadmin" else secadmin
        Grant.objects.create(user=users[username], role=role, territory_code=code, granted_by=giver)


def demo_accounts() -> list[dict]:
    """What the sign-in page shows of them: one card a role."""
    there = set(User.objects.filter(is_demonstration=True, is_active=True).values_list("username", flat=True))
    return [
        {"username": username, "name": name, "role": role.label, "office": office, "does": does}
        for username, name, office, role, _code, does in CAST
        if username in there
    ]
