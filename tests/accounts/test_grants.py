"""Who gives roles to whom: never to oneself, and three administrators are three people."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation

from accounts.actions import end_grants, grant
from accounts.models import Grant, User
from core import actions, rights
from core.models import AuditRow
from core.roles import ADMINS, READERS, Role
from tests import cast as stage
from tests.factories import GrantFactory, UserFactory
from villages.models import District

pytestmark = pytest.mark.django_db


def given(user, role=Role.SECRETARY, code=stage.HOME) -> Grant:
    return Grant(user=user, role=role, territory_code=code)


@pytest.fixture
def newcomer(cast) -> User:
    return UserFactory(username="newcomer")


# ---- giving ----


def test_a_grant_says_who_gave_it_and_works_at_once(cast, newcomer):
    grant(cast["secadmin"], [given(newcomer)], reason="任职")
    row = Grant.objects.get(user=newcomer)
    assert row.granted_by == cast.people["secadmin"] and row.ended_at is None
    assert User.objects.get(pk=newcomer.pk).roles == {Role.SECRETARY}
    written = AuditRow.objects.get(model="accounts.Grant")
    assert (written.verb, written.territory_code, written.reason) == ("create", stage.HOME, "任职")


@pytest.mark.parametrize(
    "username", [name for name, role, _c in stage.PEOPLE[:8] if role != Role.SECADMIN] + ["nobody"]
)
def test_nobody_else_gives_or_takes_roles(cast, newcomer, username):
    person, held = cast[username], Grant.objects.get(user__username="secretary")
    for attempt in (lambda: grant(person, [given(newcomer)]), lambda: end_grants(person, [held])):
        with pytest.raises(actions.Refused):
            attempt()
    held.refresh_from_db()
    assert held.ended_at is None and not newcomer.grants.exists()


@pytest.mark.parametrize("role", list(Role))
def test_nobody_grants_to_himself(cast, role):
    secadmin, before = cast["secadmin"], Grant.objects.count()
    with pytest.raises(ValidationError):
        grant(secadmin, [given(secadmin, role, stage.DISTRICT)])
    assert Grant.objects.count() == before


def test_not_in_a_set_among_others_either(cast, newcomer):
    secadmin = cast["secadmin"]
    with pytest.raises(ValidationError):
        grant(secadmin, [given(newcomer), given(secadmin, code="450109101")])
    assert not newcomer.grants.exists()


@pytest.mark.parametrize("door", ["page", "admin", "action"])
@pytest.mark.parametrize("change", ["role", "user", "territory"])
def test_a_grant_is_ended_and_given_anew_never_edited(cast, as_, door, change):
    """By an edit one could give to oneself what another had given to somebody else."""
    secadmin, giver = cast.people["secadmin"], cast.people["secadmin2"]
    target = {
        "role": lambda: Grant.objects.get(user=secadmin),
        "user": lambda: GrantFactory(user=UserFactory(), role=Role.AUDITOR, territory_code="450109", granted_by=giver),
        "territory": lambda: Grant.objects.get(user__username="secretary"),
    }[change]()
    values = {"user": target.user_id, "role": target.role, "territory_code": target.territory_code}
    values |= {
        "role": {"role": Role.AUDITOR},
        "user": {"user": secadmin.pk},
        "territory": {"territory_code": "450109"},
    }[change]
    if door == "action":
        edited = Grant.objects.get(pk=target.pk)
        edited.user_id, edited.role, edited.territory_code = values["user"], values["role"], values["territory_code"]
        with pytest.raises(actions.Refused):
            actions.update(cast["secadmin"], [edited], ["user", "role", "territory_code"])
    else:
        url = f"/accounts/grants/{target.pk}/edit/" if door == "page" else f"/admin/accounts/grant/{target.pk}/change/"
        assert as_("secadmin").post(url, values).status_code == 403
    same = Grant.objects.get(pk=target.pk)
    assert (same.user_id, same.role, same.territory_code) == (target.user_id, target.role, target.territory_code)


@pytest.mark.parametrize("code", ["450102", stage.OTHER, "450102001201", "4501", "45", ""])
def test_roles_are_given_inside_ones_own_district(cast, newcomer, code):
    with pytest.raises((actions.Invisible, ValidationError)):
        grant(cast["secadmin"], [given(newcomer, code=code)])
    assert not newcomer.grants.exists()


def test_and_to_its_own_people(cast):
    stranger = UserFactory(username="stranger", territory_code="450102")
    with pytest.raises(actions.Invisible):
        grant(cast["secadmin"], [given(stranger)])
    assert not stranger.grants.exists()


# ---- ending ----


def test_an_ended_grant_stays_and_counts_no_more(cast, as_):
    row, client = Grant.objects.get(user__username="secretary"), as_("secretary")
    assert client.get(f"/villages/villages/{cast.home.pk}/").status_code == 200
    end_grants(cast["secadmin"], [row], reason="离任")
    assert client.get(f"/villages/villages/{cast.home.pk}/").status_code == 403
    row.refresh_from_db()
    first = row.ended_at
    assert first is not None and AuditRow.objects.filter(model="accounts.Grant", reason="离任").count() == 1
    end_grants(cast["secadmin"], [row])
    row.refresh_from_db()
    assert row.ended_at == first  # the day of the end is not moved


def test_a_role_given_again_is_a_new_grant(cast):
    row = Grant.objects.get(user__username="secretary")
    with pytest.raises(ValidationError):
        grant(cast["secadmin"], [given(row.user)])
    end_grants(cast["secadmin"], [row])
    grant(cast["secadmin"], [given(row.user)])
    assert Grant.objects.filter(user=row.user).count() == 2


def test_nobody_ends_his_own(cast):
    row = Grant.objects.get(user__username="secadmin")
    with pytest.raises(ValidationError):
        end_grants(cast["secadmin"], [row])
    end_grants(cast["secadmin2"], [Grant.objects.get(pk=row.pk)])


def test_a_foreign_grant_is_not_ended(cast, as_):
    row = Grant.objects.get(user__username="clerk_abroad")
    with pytest.raises(actions.Invisible):
        end_grants(cast["secadmin"], [row])
    assert as_("secadmin").post(f"/accounts/grants/{row.pk}/end/").status_code == 404
    assert Grant.objects.get(pk=row.pk).ended_at is None


# ---- three people ----


def test_the_three_administrators_rights_are_disjoint():
    """What one may do, the others may not; and none reads a row of business."""
    held = {
        role: {(model, verb) for model, table in rights._declared.items() for verb, who in table.items() if role in who}
        for role in ADMINS
    }
    reading = {(User, "view")}  # whom to grant a role to must be seen by who grants it
    for one in ADMINS:
        for other in ADMINS - {one}:
            assert held[one] & held[other] <= reading
    business = {m for m, table in rights._declared.items() if table["view"] & READERS}
    assert District in business
    assert not business & {model for pairs in held.values() for model, _verb in pairs}


@pytest.mark.parametrize("first", sorted(ADMINS))
@pytest.mark.parametrize("second", list(Role))
def test_an_administrator_holds_nothing_else(cast, newcomer, first, second):
    secadmin = cast["secadmin"]
    grant(secadmin, [given(newcomer, first, stage.DISTRICT)])
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        grant(secadmin, [given(newcomer, second, "450109100")])
    assert not " ".join(refused.value.messages).isascii()
    assert newcomer.grants.count() == 1


@pytest.mark.parametrize("role", sorted(ADMINS))
def test_who_does_business_becomes_no_administrator(cast, role):
    with pytest.raises(ValidationError):
        grant(cast["secadmin"], [given(cast.people["clerk"], role, stage.DISTRICT)])


def test_not_by_one_set_either(cast, newcomer):
    """Each of the two would be right alone."""
    for second in (Role.AUDITOR, Role.CLERK):
        with pytest.raises(ValidationError):
            grant(cast["secadmin"], [given(newcomer, Role.SYSADMIN, "450109"), given(newcomer, second, "450109")])
    assert not newcomer.grants.exists()


def test_who_was_one_may_become_another_after_its_end(cast):
    row = Grant.objects.get(user__username="auditor")
    end_grants(cast["secadmin"], [row])
    grant(cast["secadmin"], [given(row.user, Role.CLERK, stage.PUMIAO)])
    assert User.objects.get(pk=row.user_id).roles == {Role.CLERK}


def test_the_database_holds_it_where_no_form_asks(cast, newcomer):
    from django.db import IntegrityError, transaction

    GrantFactory(user=newcomer, role=Role.SYSADMIN, territory_code="450109")
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantFactory(user=newcomer, role=Role.AUDITOR, territory_code="450109")
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantFactory(user=newcomer, role=Role.CLERK, granted_by=newcomer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", [(Role.SYSADMIN, Role.AUDITOR), (Role.SYSADMIN, Role.CLERK), (Role.CLERK, Role.CLERK)])
def test_two_grants_at_one_moment_make_no_two_headed_person(transactional_db, pair):
    """Two security administrators press the button together: one of them is refused."""
    cast = stage.build()
    newcomer = UserFactory(username="newcomer")
    start, outcomes = threading.Barrier(2, timeout=10), []

    def press(username, role):
        try:
            by = cast[username]
            start.wait()
            grant(by, [given(User.objects.get(pk=newcomer.pk), role, stage.DISTRICT)])
            outcomes.append("given")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(name, role))
        for name, role in zip(("secadmin", "secadmin2"), pair, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["given", "refused"]
    assert newcomer.grants.filter(ended_at__isnull=True).count() == 1


# ---- codes ----


@pytest.mark.parametrize("code", ["45010", "4501091", "45010910021", "45010910021４", "45010x", " 450109"])
def test_a_grant_names_a_real_level(cast, newcomer, code):
    with pytest.raises(ValidationError):
        grant(cast["secadmin"], [given(newcomer, code=code)])


def test_a_grant_ends_in_the_middle_of_nothing():
    """What ended is not in force, whenever it ended."""
    row = GrantFactory(ended_at=timezone.now())
    assert User.objects.get(pk=row.user_id).roles == frozenset()
