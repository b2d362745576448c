"""One mutation, one action over a set: right, territory, values, record; all or nothing."""

from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core import actions
from core.context import RequestContext, entered
from core.models import AuditRow
from tests import cast as stage
from tests.factories import AdoptionFactory, HamletFactory, RegulationFactory, TownshipFactory, VillageFactory
from villages.models import Adoption, Hamlet, Regulation, Township, Village

pytestmark = pytest.mark.django_db


def hamlets(village, names) -> list[Hamlet]:
    return [Hamlet(village=village, name=name, households=10) for name in names]


def stored(model=Hamlet) -> list[str]:
    return sorted(model.objects.values_list("name", flat=True))


def trail() -> list[AuditRow]:
    return list(AuditRow.objects.order_by("pk"))


# ---- what is written, and what of it is recorded ----


def test_creating_stamps_and_records_every_row(cast):
    with entered(RequestContext(request_id="r1", address="10.0.0.7")):
        actions.create(cast["clerk"], hamlets(cast.home, ["甲坡", "乙坡"]), reason="普查")
    for row in Hamlet.objects.all():
        assert (row.saved_by, row.version) == ("clerk先生", 1) and row.saved_at is not None
    first, second = sorted(trail(), key=lambda row: row.object_name, reverse=True)
    assert {first.request_id, second.request_id} == {"r1"}
    assert (first.verb, first.model, first.object_name) == ("create", "villages.Hamlet", "甲坡")
    assert (first.actor, first.roles, first.address) == ("clerk先生 clerk", "clerk", "10.0.0.7")
    assert (first.territory_code, first.reason, first.outcome) == (cast.home.code, "普查", AuditRow.Outcome.DONE)
    assert first.before == {} and first.after["households"] == 10 and first.after["name"] == "甲坡"


def test_updating_records_what_changed_alone(cast):
    row = HamletFactory(village=cast.home, name="甲坡", households=10)
    row.households, row.opened_on = 12, date(2013, 1, 1)
    assert actions.update(cast["clerk"], [row], ["name", "households", "opened_on"]) == [row]
    (written,) = trail()
    assert written.verb == "update"
    assert written.before == {"households": 10, "opened_on": None}
    assert written.after == {"households": 12, "opened_on": "2013-01-01"}
    row.refresh_from_db()
    assert (row.households, row.version, row.saved_by) == (12, 2, "clerk先生")


def test_fields_that_were_not_named_are_not_written(cast):
    row = HamletFactory(village=cast.home, name="甲坡")
    row.name, row.households = "乙坡", 77
    actions.update(cast["clerk"], [row], ["households"])
    row.refresh_from_db()
    assert (row.name, row.households) == ("甲坡", 77)


def test_unchanged_rows_write_nothing(cast):
    same, other = HamletFactory.create_batch(2, village=cast.home)
    other.households = 99
    assert actions.update(cast["clerk"], [same, other], ["households"]) == [other]
    assert [(row.object_id, row.after) for row in trail()] == [(str(other.pk), {"households": 99})]
    same.refresh_from_db()
    assert same.version == 1
    with CaptureQueriesContext(connection) as queries:
        assert actions.update(cast["clerk"], [same], ["households"]) == []
    assert not [q for q in queries.captured_queries if q["sql"].startswith(("UPDATE", "INSERT"))]


def test_deleting_records_what_was_there(cast):
    row = HamletFactory(village=cast.home, name="甲坡", households=8)
    assert actions.delete(cast["clerk"], [row], reason="重复") == 1
    (written,) = trail()
    assert (written.verb, written.territory_code, written.reason) == ("delete", cast.home.code, "重复")
    assert written.before["households"] == 8 and written.after == {}
    assert not Hamlet.objects.exists()


def test_an_empty_set_is_nothing_to_do(cast):
    clerk = cast["clerk"]
    assert (
        actions.create(clerk, []) == [] and actions.update(clerk, [], ["name"]) == [] and actions.delete(clerk, []) == 0
    )
    assert trail() == []


# ---- the right ----


@pytest.mark.parametrize("username", ["leader", "inspector", "sysadmin", "secadmin", "auditor", "nobody"])
def test_who_lacks_the_right_writes_nothing(cast, username):
    person, row = cast[username], HamletFactory(village=cast.home, name="甲坡")
    row.name = "乙坡"
    for attempt in (
        lambda: actions.create(person, hamlets(cast.home, ["丙坡"])),
        lambda: actions.update(person, [row], ["name"]),
        lambda: actions.delete(person, [row]),
    ):
        with pytest.raises(actions.Refused):
            attempt()
    assert stored() == ["甲坡"] and trail() == []


def test_a_disabled_person_is_refused(cast):
    clerk = cast["clerk"]
    clerk.is_active = False
    with pytest.raises(actions.Refused):
        actions.create(clerk, hamlets(cast.home, ["甲坡"]))


def test_the_right_counts_where_it_is_held(cast):
    """A secretary may change the hamlets of his village, and delete none."""
    row = HamletFactory(village=cast.home)
    row.households = 5
    actions.update(cast["secretary"], [row], ["households"])
    with pytest.raises(actions.Refused):
        actions.delete(cast["secretary"], [row])
    row = HamletFactory(village=cast.next_door)
    row.households = 5
    with pytest.raises(actions.Invisible):
        actions.update(cast["secretary"], [row], ["households"])


# ---- the territory, before the write and after it ----


@pytest.mark.parametrize("where", ["across", "abroad"])
def test_one_foreign_row_and_nothing_is_written_at_all(cast, where):
    clerk, foreign = cast["clerk"], cast.villages[where]
    own_row, foreign_row = HamletFactory(village=cast.home, name="甲坡"), HamletFactory(village=foreign, name="乙坡")
    with pytest.raises(actions.Invisible):
        actions.create(clerk, [*hamlets(cast.home, ["丙坡"]), *hamlets(foreign, ["丁坡"])])
    for row in (own_row, foreign_row):
        row.households = 999
    with pytest.raises(actions.Invisible):
        actions.update(clerk, [own_row, foreign_row], ["households"])
    with pytest.raises(actions.Invisible):
        actions.delete(clerk, [own_row, foreign_row])
    assert set(stored()) == {"甲坡", "乙坡"}
    assert set(Hamlet.objects.values_list("households", flat=True)) == {40}
    assert trail() == []


@pytest.mark.parametrize("where", ["across", "abroad"])
def test_a_row_cannot_be_moved_into_foreign_territory(cast, where):
    row = HamletFactory(village=cast.home)
    row.village = cast.villages[where]
    with pytest.raises(actions.Invisible):
        actions.update(cast["clerk"], [row], ["village"])
    row.refresh_from_db()
    assert row.village == cast.home and trail() == []


def test_a_row_may_be_moved_inside_ones_own(cast):
    row = HamletFactory(village=cast.home)
    row.village = cast.next_door
    actions.update(cast["clerk"], [row], ["village"])
    assert trail()[0].territory_code == cast.next_door.code


def test_who_reads_more_than_he_writes_cannot_write_where_he_only_reads(cast):
    """Leader of the district and clerk of one township: the reference passes, the door after the write does not."""
    from accounts.models import Grant

    Grant.objects.create(user=cast.people["leader"], role="clerk", territory_code=stage.NALOU)
    both = cast["leader"]
    with pytest.raises(actions.Invisible):
        actions.create(both, hamlets(cast.home, ["甲坡"]))
    row = HamletFactory(village=cast.across)
    row.village = cast.home
    with pytest.raises(actions.Invisible):
        actions.update(both, [row], ["village"])
    assert Hamlet.objects.get().village_id == cast.across.pk and trail() == []
    actions.create(both, hamlets(cast.across, ["甲坡"]))


def test_a_village_cannot_be_given_a_foreign_code(cast):
    """Its code is its territory: what follows from the code is written with it, and asked again."""
    cast.home.code = "450102001999"
    with pytest.raises(actions.Invisible):
        actions.update(cast["district"], [cast.home], ["code"])
    assert Village.objects.filter(code=stage.HOME, scope_code=stage.HOME).exists() and trail() == []


def test_what_follows_from_a_code_is_written_with_it(cast):
    cast.home.code = "450109101299"
    actions.update(cast["district"], [cast.home], ["code"])
    village = Village.objects.get(code="450109101299")
    assert (village.scope_code, village.township.code) == ("450109101299", stage.NALOU)


def test_the_ground_cannot_grow_outside_ones_own(cast):
    for row in (
        Village(code="450102001299", name="新村", official_name="新村", kind="village"),
        Township(code="450102002", name="新镇"),
    ):
        with pytest.raises(actions.Invisible):
            actions.create(cast["district"], [row])
    assert not Village.objects.filter(name="新村").exists() and not Township.objects.filter(name="新镇").exists()


def test_a_reference_to_what_one_cannot_see_is_refused(cast):
    """By a column that does not decide the territory: a village's successor."""
    cast.home.closed_on, cast.home.successor = date(2013, 1, 1), cast.abroad
    with pytest.raises(actions.Invisible):
        actions.update(cast["district"], [cast.home], ["closed_on", "successor"])
    cast.home.refresh_from_db()
    assert cast.home.closed_on is None and cast.home.scope_code == stage.HOME


# ---- the values ----


def test_one_bad_value_and_nothing_is_written(cast):
    for rows in (hamlets(cast.home, [""]), hamlets(cast.home, ["甲坡", ""])):
        with pytest.raises(ValidationError) as refused:
            actions.create(cast["clerk"], rows)
        assert "name" in refused.value.message_dict
    assert stored() == [] and trail() == []


def test_a_models_own_rules_hold_for_a_set_too(cast):
    regulation = RegulationFactory(applies_to="community")
    rows = [
        Adoption(village=village, regulation=regulation, adopted_on=date(2013, 1, 1), body="committees")
        for village in (cast.community, cast.home)
    ]
    with pytest.raises(ValidationError, match="不适用"):
        actions.create(cast["clerk"], rows)
    assert not Adoption.objects.exists()


CLOSED_EARLY = {"opened_on": date(2013, 5, 1), "closed_on": date(2013, 4, 1)}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (({"name": "甲坡"}, {"name": "甲坡"}), "已有"),
        (({"name": "甲坡"}, {"name": "乙坡", **CLOSED_EARLY}), "日期"),
    ],
    ids=["unique", "check"],
)
def test_the_databases_refusal_speaks_chinese(cast, values, sentence):
    """Two rows at once go past Django's own validation: SQLite and PostgreSQL answer, each in its way."""
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        actions.create(cast["clerk"], [Hamlet(village=cast.home, **row) for row in values])
    (message,) = refused.value.messages
    assert sentence in message and not message.isascii()
    assert stored() == [] and trail() == []


def test_a_code_twice_is_refused_in_chinese(cast):
    """A unique column has no constraint of its own to speak for it."""
    rows = [Village(code="450109100399", name=name, official_name=name, kind="village") for name in ("一村", "二村")]
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        actions.create(cast["district"], rows)
    assert not " ".join(refused.value.messages).isascii()
    assert not Village.objects.filter(name="一村").exists()


def test_an_update_against_a_constraint_is_refused_too(cast):
    rows = [HamletFactory(village=cast.home, name=name) for name in ("甲坡", "乙坡", "丙坡")]
    for row in rows:
        row.name = "同名坡"
    with pytest.raises(ValidationError):
        actions.update(cast["clerk"], rows, ["name"])
    assert len(set(stored())) == 3 and trail() == []


def test_a_stale_row_is_refused_and_tells_who_was_faster(cast):
    mine = HamletFactory(village=cast.home, name="甲坡")
    theirs = Hamlet.objects.get(pk=mine.pk)
    theirs.households = 50
    actions.update(cast["secretary"], [theirs], ["households"])
    mine.households = 60
    with pytest.raises(actions.Stale) as stale:
        actions.update(cast["clerk"], [mine], ["households"])
    assert stale.value.current.households == 50 and "secretary先生" in stale.value.messages[0]
    assert Hamlet.objects.get().households == 50 and len(trail()) == 1


def test_what_is_protected_stays_and_says_why(cast):
    adoption = AdoptionFactory(village=cast.home)
    with translation.override("zh-hans"), pytest.raises(ValidationError, match="制度"):
        actions.delete(cast["district"], [adoption.regulation])
    assert Regulation.objects.exists() and trail() == []


# ---- the price ----


def counted(work) -> Counter:
    """Statements by their first word."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return Counter(query["sql"].split()[0] for query in queries.captured_queries)


def same_price(few: Counter, many: Counter, rows: int, *, new: bool = False) -> None:
    """What is asked is asked once; what is written goes in batches: SQLite takes 999 values, Django deletes by 100.

    The keys of many `new` rows are one question more.
    """
    assert many["SELECT"] - few["SELECT"] in ((0, 1) if new else (0,))
    batches = 1 + rows // (25 if connection.vendor == "sqlite" else 100)
    for word in ("INSERT", "UPDATE", "DELETE"):
        assert many[word] <= few[word] * batches, (word, few, many)


def new_rows(model, villages, regulation) -> list:
    """By number, as an import makes them: what they refer to is not loaded yet."""
    if model is Hamlet:
        return [Hamlet(village_id=village.pk, name="新坡") for village in villages]
    values = {"regulation_id": regulation.pk, "adopted_on": date(2013, 1, 1), "body": "committees"}
    return [Adoption(village_id=village.pk, **values) for village in villages]


@pytest.mark.parametrize(("model", "field"), [(Hamlet, "closed_on"), (Adoption, "posted_on")])
def test_two_hundred_rows_cost_as_many_questions_as_two(cast, model, field):
    clerk, regulation = cast["clerk"], RegulationFactory()
    assert clerk.grants_in_force  # read once a request
    villages = VillageFactory.create_batch(202, township=cast.home.township)
    few, many = (new_rows(model, part, regulation) for part in (villages[:2], villages[2:]))
    same_price(counted(lambda: actions.create(clerk, few)), counted(lambda: actions.create(clerk, many)), 200, new=True)

    def edit(rows):
        found = list(model.objects.filter(pk__in=[row.pk for row in rows]))
        for row in found:
            setattr(row, field, date(2013, 9, 1))
        return lambda: actions.update(clerk, found, [field])

    same_price(counted(edit(few)), counted(edit(many)), 200)
    same_price(counted(lambda: actions.delete(clerk, few)), counted(lambda: actions.delete(clerk, many)), 200)


def test_a_register_of_villages_is_written_at_one_price(cast):
    """An import sets the township; then nothing is asked by the row."""
    district, township = cast["district"], TownshipFactory(district=cast.home.township.district)
    assert district.grants_in_force

    def rows(first, number):
        codes = [f"{township.code}{first + n}" for n in range(number)]
        return [Village(code=c, name=c, official_name=c, kind="village", township=township) for c in codes]

    few, many = rows(200, 2), rows(300, 200)
    same_price(
        counted(lambda: actions.create(district, few)), counted(lambda: actions.create(district, many)), 200, new=True
    )
