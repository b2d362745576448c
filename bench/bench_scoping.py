"""The one door over a country of 74,000 villages, for a person who holds a city of 7,400 of them."""

from django.db import connection

from bench.frame import Ratio, benchmark, best_of

CITIES, VILLAGES = 10, 7_400
SQL = "SELECT code, name FROM villages_village WHERE scope_code >= %s AND scope_code < %s ORDER BY code"


def build() -> None:
    """Made-up villages, written past the actions: the benchmark is about reading."""
    from villages.choices import VillageKind
    from villages.models import District, Township, Village

    kind = VillageKind.values[0]
    for city in range(10, 10 + CITIES):
        code = f"45{city}01"
        district = District.objects.create(code=code, scope_code=code, name=code)
        township = Township.objects.create(code=f"{code}100", scope_code=f"{code}100", name="乡", district=district)
        Village.objects.bulk_create(
            (
                Village(code=own, scope_code=own, name=f"村{own}", kind=kind, township=township)
                for own in (f"{code}{number:06d}" for number in range(VILLAGES))
            ),
            batch_size=500,
        )


@benchmark
def scoping() -> Ratio:
    """Code and name of a territory's 7,400 villages through visible_to, against the plain SQL."""
    from accounts.models import Grant, User
    from core.roles import Role
    from villages.models import Village

    build()
    user = User.objects.create(username="reader", name="reader")
    Grant.objects.create(user=user, role=Role.LEADER, territory_code="4515")

    def limit():
        with connection.cursor() as cursor:
            cursor.execute(SQL, ["4515", "4516"])
            return cursor.fetchall()

    def product():
        return list(Village.objects.visible_to(user).order_by("code").values_list("code", "name"))

    assert limit() == product() and len(product()) == VILLAGES
    return Ratio(limit=best_of(20, limit), product=best_of(20, product), goal=0.7)
