"""The door: whose rows a person sees."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Grant, User
from core import rights
from core.roles import Role
from core.scoping import in_any_range, in_range, next_prefix
from tests import cast as stage
from tests import factories
from villages.models import District, Hamlet, Regulation, Village

CODES = st.text("0123456789", max_size=12)


# ---- the range ----


@given(CODES.filter(bool), CODES)
def test_the_range_is_what_starts_with_the_prefix(prefix, code):
    above = next_prefix(prefix)
    assert (prefix <= code and (above is None or code < above)) == code.startswith(prefix)


@given(CODES.filter(bool), CODES)
def test_the_range_holds_where_the_code_is_near(prefix, tail):
    """Random codes seldom come near the edges; these do."""
    above = next_prefix(prefix)
    edges = {prefix, above or prefix, str(int(prefix) + 1).zfill(len(prefix)), str(max(int(prefix) - 1, 0))}
    for edge in edges:
        for code in (edge + tail, *(edge[:length] for length in range(len(edge) + 1))):
            assert (prefix <= code and (above is None or code < above)) == code.startswith(prefix)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "prefix", ["", "4", "45", "4501", "450109", "450109100", "450109100214", "459", "99", "999999"]
)
def test_the_database_agrees(prefix):
    codes = ["450109", "450199", "450200", "459999", "460000", "990000", "999999", "450110", "100000"]
    District.objects.bulk_create(District(code=code, scope_code=code, name=code) for code in codes)
    found = District.objects.filter(in_range("scope_code", prefix)).values_list("code", flat=True)
    assert sorted(found) == sorted(code for code in codes if code.startswith(prefix))


def test_no_territory_is_no_row_and_the_empty_prefix_is_the_country():
    assert str(in_any_range("code", ())) == str(in_any_range("code", iter(())))
    assert "pk__in" in str(in_any_range("code", ()))
    assert not in_any_range("code", ("450109", ""))


# ---- who sees which village ----


@pytest.mark.parametrize("username", [name for name, _role, _code in stage.PEOPLE] + ["nobody"])
def test_a_person_sees_what_lies_below_his_place(cast, username):
    person = cast[username]
    reads = person.roles & rights.roles(Village, "view")
    expected = {v.code for v in cast.villages.values() if reads and v.code.startswith(cast.code[username])}
    assert set(Village.objects.visible_to(person).values_list("code", flat=True)) == expected
    hamlets = {factories.HamletFactory.at(village).pk: village.code for village in cast.villages.values()}
    seen = {hamlets[pk] for pk in Hamlet.objects.visible_to(person).values_list("pk", flat=True)}
    assert seen == expected


@pytest.mark.parametrize("model", [Village, Hamlet, Regulation, User, Grant])
def test_nobody_sees_nothing(cast, model):
    """Anonymous, without a user, without a grant, disabled."""
    factories.of(model).at(cast.home)
    disabled = cast["district"]
    disabled.is_active = False
    for person in (None, AnonymousUser(), cast["nobody"], disabled):
        assert not model.objects.visible_to(person).exists()
        assert not rights.can(person, "view", model)


def test_who_is_disabled_or_loses_his_grant_is_out_at_the_next_request(cast, as_):
    clerk, secretary = as_("clerk"), as_("secretary")
    page = f"/villages/villages/{cast.home.pk}/"
    assert clerk.get(page).status_code == secretary.get(page).status_code == 200
    Grant.objects.filter(user=cast.people["clerk"]).update(ended_at=timezone.now())
    User.objects.filter(pk=cast.people["secretary"].pk).update(is_active=False)
    assert clerk.get(page).status_code == 403
    assert secretary.get(page).url == f"/accounts/sign-in/?next={page}"


def test_who_is_moved_sees_the_new_place_at_the_next_request(cast, as_):
    clerk = as_("clerk")
    Grant.objects.filter(user=cast.people["clerk"]).update(territory_code=stage.NALOU)
    assert clerk.get(f"/villages/villages/{cast.home.pk}/").status_code == 404
    assert clerk.get(f"/villages/villages/{cast.across.pk}/").status_code == 200


def test_a_role_counts_where_it_is_held_and_for_its_own_verbs(cast):
    """A leader of the district who is clerk of one township reads everything and changes that township alone."""
    Grant.objects.create(user=cast.people["leader"], role=Role.CLERK, territory_code=stage.NALOU)
    both = cast["leader"]
    read = set(Village.objects.visible_to(both).values_list("code", flat=True))
    changed = set(Village.objects.visible_to(both, "change").values_list("code", flat=True))
    assert read == {v.code for v in cast.villages.values()} - {cast.abroad.code}
    assert changed == {cast.across.code}
    assert not Village.objects.visible_to(both, "delete").exists()


def test_two_places_are_both_seen_and_one_inside_the_other_is_asked_once(cast):
    for code in (stage.NALOU, cast.home.code):
        Grant.objects.create(user=cast.people["clerk"], role=Role.CLERK, territory_code=code)
    clerk = cast["clerk"]
    assert clerk.scopes(frozenset({Role.CLERK})) == (stage.PUMIAO, stage.NALOU)
    assert Village.objects.visible_to(clerk).count() == 4


def test_an_unknown_right_raises(cast):
    for verb, model in (("veiw", Village), ("view", int)):
        with pytest.raises(KeyError):
            rights.can(cast["district"], verb, model)
    with pytest.raises(KeyError):
        Village.objects.visible_to(cast["district"], "veiw")


def test_in_territory_narrows_for_whoever_asks(cast):
    assert set(Village.objects.in_territory(stage.PUMIAO)) == {cast.home, cast.next_door, cast.community}
    hamlet = factories.HamletFactory.at(cast.across)
    assert list(Hamlet.objects.in_territory(stage.NALOU)) == [hamlet]


# ---- what became of a village ----


def test_the_past_of_a_merged_village_goes_with_its_successor(cast):
    """`across` becomes part of `home`: home's township sees it and its rows, the old one no longer does."""
    hamlet = factories.HamletFactory.at(cast.across)
    Village.objects.filter(pk=cast.across.pk).update(
        scope_code=cast.home.code, successor=cast.home, closed_on=factories.DAY
    )
    for username in ("clerk", "secretary", "district"):
        assert hamlet in Hamlet.objects.visible_to(cast[username])
        assert cast.across in Village.objects.visible_to(cast[username])
    for username in ("clerk_across", "secretary_across", "district_abroad"):
        assert hamlet not in Hamlet.objects.visible_to(cast[username])


# ---- rows of a region, and rows that name a code ----


def test_accounts_and_grants_are_seen_from_at_or_above_their_code(cast):
    abroad = cast.people["clerk_abroad"]
    for username in ("sysadmin", "secadmin"):
        assert abroad not in User.objects.visible_to(cast[username])
        assert cast.people["clerk"] in User.objects.visible_to(cast[username])
    assert not Grant.objects.visible_to(cast["sysadmin"]).exists()
    codes = set(Grant.objects.visible_to(cast["secadmin"]).values_list("territory_code", flat=True))
    assert codes == {code for _n, _r, code in stage.PEOPLE if code.startswith(stage.DISTRICT)}


def test_a_cast_has_one_of_each_role_first():
    assert {role for _name, role, _code in stage.PEOPLE[: len(Role)]} == set(Role)
