"""The cast of the tests: a small real ground, and one person for each role and for each place that is not theirs.

`home` is where the tests happen. `next_door` lies in the same township, `across` in another township of the district,
`abroad` in another district. Whoever is called `…_next_door`, `…_across` or `…_abroad` holds that place, not home.
"""

from dataclasses import dataclass

from accounts.models import Grant, User
from core.roles import Role
from villages.choices import VillageKind
from villages.models import District, Township, Village

DISTRICT, ABROAD = "450109", "450102"
PUMIAO, NALOU, OTHER = "450109100", "450109101", "450102001"
HOME = "450109100214"

#: username, role, territory code
PEOPLE = (
    ("district", Role.DISTRICT, DISTRICT),
    ("leader", Role.LEADER, DISTRICT),
    ("clerk", Role.CLERK, PUMIAO),
    ("secretary", Role.SECRETARY, HOME),
    ("inspector", Role.INSPECTOR, DISTRICT),
    ("sysadmin", Role.SYSADMIN, DISTRICT),
    ("secadmin", Role.SECADMIN, DISTRICT),
    ("auditor", Role.AUDITOR, DISTRICT),
    ("secadmin2", Role.SECADMIN, DISTRICT),
    ("clerk_across", Role.CLERK, NALOU),
    ("secretary_next_door", Role.SECRETARY, "450109100215"),
    ("secretary_across", Role.SECRETARY, "450109101201"),
    ("district_abroad", Role.DISTRICT, ABROAD),
    ("leader_abroad", Role.LEADER, ABROAD),
    ("clerk_abroad", Role.CLERK, OTHER),
    ("inspector_abroad", Role.INSPECTOR, ABROAD),
    ("sysadmin_abroad", Role.SYSADMIN, ABROAD),
    ("secadmin_abroad", Role.SECADMIN, ABROAD),
    ("auditor_abroad", Role.AUDITOR, ABROAD),
)
ONE_A_ROLE = tuple(name for name, _role, _code in PEOPLE[:8])


@dataclass
class Cast:
    home: Village
    next_door: Village
    community: Village
    across: Village
    abroad: Village
    people: dict[str, User]

    def __getitem__(self, username: str) -> User:
        """The person, as a request would read him: without what an earlier question has kept."""
        return User.objects.get(pk=self.people[username].pk)

    @property
    def villages(self) -> dict[str, Village]:
        return {
            "home": self.home,
            "next_door": self.next_door,
            "community": self.community,
            "across": self.across,
            "abroad": self.abroad,
        }

    @property
    def code(self) -> dict[str, str]:
        """The territory code that each person holds."""
        return {username: code for username, _role, code in PEOPLE}


def build() -> Cast:
    """Five villages and the people, in six statements."""
    districts = _divisions(District, {DISTRICT: "邕宁区", ABROAD: "兴宁区"})
    townships = _divisions(
        Township, {PUMIAO: "蒲庙镇", NALOU: "那楼镇", OTHER: "民生街道"}, lambda code: {"district": districts[code[:6]]}
    )
    villages = _divisions(
        Village,
        {
            HOME: "梁村",
            "450109100215": "广良村",
            "450109100001": "红星社区",
            "450109101201": "屯六村",
            "450102001201": "他乡村",
        },
        lambda code: {
            "township": townships[code[:9]],
            "kind": VillageKind.URBAN_COMMUNITY if code.endswith("001") else VillageKind.VILLAGE,
            "official_name": f"{code}村委会",
        },
    )
    return Cast(
        *(villages[code] for code in (HOME, "450109100215", "450109100001", "450109101201", "450102001201")), _people()
    )


def _divisions(model, names: dict[str, str], values=lambda code: {}) -> dict:
    rows = [model(code=code, scope_code=code, name=name, **values(code)) for code, name in names.items()]
    return {row.code: row for row in model.objects.bulk_create(rows)}


def _people() -> dict[str, User]:
    names = [*PEOPLE, ("nobody", None, DISTRICT)]
    users = [
        User(username=name, name=f"{name}先生", territory_code=code[:6], password="!") for name, _role, code in names
    ]
    people = {user.username: user for user in User.objects.bulk_create(users)}
    giver = {DISTRICT: people["secadmin2"], ABROAD: people["secadmin_abroad"]}
    Grant.objects.bulk_create(
        Grant(
            user=people[name],
            role=role,
            territory_code=code,
            granted_by=None if people[name] in giver.values() else giver[code[:6]],
        )
        for name, role, code in PEOPLE
    )
    return people
