"""A list of 100 rows with three filters set: the register's page against the stock Django admin's list of the same rows.

Both go through the whole stack (middleware, session, templates) in the same process; the stock page has the same columns,
filters and search, Django's own templates, and no rights to ask.
"""

import sys
from types import ModuleType

from django.conf import settings
from django.test import Client, override_settings

from bench.frame import Ratio, benchmark, best_of

ROWS, REGULATIONS = 100, 30
ROUNDS = 15
URLS = "bench.stock_urls"
FILTERS = {
    "product": "village__township={township}&regulation__field=party&state=in_force&per_page=100",
    "stock": "village__township__id__exact={township}&regulation__field__exact=party&state__exact=in_force",
}
STOCK_TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def build(villages: int) -> tuple[object, int]:
    """A district of so many villages, each with every regulation; its leader, and a township of ten villages."""
    from accounts.models import Grant, User
    from core.roles import Role
    from villages.choices import Body
    from villages.models import Adoption, District, Regulation, Township, Village

    for model in (Adoption, Village, Township, District, Regulation):
        model.objects.all().delete()
    made = build_villages(villages)
    regulations = build_regulations()
    Adoption.objects.bulk_create(
        (
            Adoption(village=village, regulation=regulation, adopted_on="2013-06-01", body=Body.COMMITTEES)
            for village in made
            for regulation in regulations
        ),
        batch_size=500,
    )
    user, _made = User.objects.get_or_create(username="leader", defaults={"name": "leader"})
    Grant.objects.get_or_create(user=user, role=Role.LEADER, territory_code="460109")
    return user, made[0].township_id


def build_villages(number: int) -> list:
    from villages.choices import VillageKind
    from villages.models import District, Township, Village

    district = District.objects.create(code="460109", scope_code="460109", name="区")
    codes = [f"460109{100 + n}" for n in range(-(-number // 10))]
    townships = Township.objects.bulk_create(
        Township(code=code, scope_code=code, name=f"镇{code}", district=district) for code in codes
    )
    own = [f"{codes[n // 10]}{200 + n % 10}" for n in range(number)]
    return Village.objects.bulk_create(
        (
            Village(code=c, scope_code=c, name=f"村{c}", kind=VillageKind.VILLAGE, township=townships[n // 10])
            for n, c in enumerate(own)
        ),
        batch_size=500,
    )


def build_regulations() -> list:
    from villages.choices import AppliesTo
    from villages.models import Regulation

    fields = ["party", "affairs"]
    return Regulation.objects.bulk_create(
        Regulation(
            key=f"r{n}",
            name=f"制度{n}",
            field=fields[n % 2],
            applies_to=AppliesTo.ALL,
            position=n,
            required_from="2013-01-01",
        )
        for n in range(REGULATIONS)
    )


def stock_urls() -> ModuleType:
    """The portal's addresses, with the stock admin beside them."""
    from django.contrib import admin
    from django.urls import path

    from config.urls import urlpatterns
    from core.registers.base import for_model
    from villages.models import Adoption

    register = for_model(Adoption)

    class Stock(admin.ModelAdmin):
        list_display = ("regulation", "village", "adopted_on", "body", "present", "posted_on", "reviewed_on", "state")
        list_filter = register.filters
        list_select_related = ("regulation", "village__township")
        search_fields = register.search
        list_per_page = ROWS

        def has_view_permission(self, request, obj=None) -> bool:
            return True

        has_add_permission = has_change_permission = has_delete_permission = has_module_permission = (
            lambda self, request, obj=None: True
        )

    site = admin.AdminSite(name="stock")
    site.register(Adoption, Stock)
    module = ModuleType(URLS)
    module.urlpatterns = [path("stock/", site.urls), *urlpatterns]
    return module


def compare(villages: int) -> Ratio:
    user, township = build(villages)
    sys.modules[URLS] = stock_urls()
    client = Client()
    client.force_login(user)

    def ask(address: str, which: str):
        answer = client.get(f"{address}?{FILTERS[which].format(township=township)}")
        assert answer.status_code == 200, answer.status_code
        return answer

    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF=URLS, ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        assert ask("/villages/adoptions/", "product").content.count(b'<a class="b"') == ROWS
        product = best_of(ROUNDS, lambda: ask("/villages/adoptions/", "product"))
        with override_settings(TEMPLATES=STOCK_TEMPLATES):
            assert ask("/stock/villages/adoption/", "stock").content.count(b"action-select") == ROWS
            stock = best_of(ROUNDS, lambda: ask("/stock/villages/adoption/", "stock"))
    return Ratio(limit=stock, product=product, goal=1.0)


@benchmark
def list_of_100_among_74_villages() -> Ratio:
    """A register's list of 100 rows, three filters, against the stock admin's; 74 villages."""
    return compare(74)


@benchmark
def list_of_100_among_7400_villages() -> Ratio:
    """The same with 7,400 villages and 222,000 rows."""
    return compare(7_400)
