"""Accounts and their passwords: kept by the system administrator, who can become nobody by it."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from accounts.actions import create_accounts, set_password
from accounts.models import User
from core import actions
from core.models import AuditRow
from tests import cast as stage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = "quite-another-2013"
ADMINISTRATORS = ["sysadmin", "secadmin", "auditor", "secadmin2"]


# ---- passwords ----


def test_the_system_administrator_sets_a_password_and_it_is_recorded_without_its_words(cast, as_):
    clerk = cast.people["clerk"]
    url = f"/accounts/users/{clerk.pk}/password/"
    assert as_("sysadmin").post(url, {"password": NEW, "again": NEW}).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password(NEW)
    row = AuditRow.objects.get(verb="set_password")
    assert (row.object_id, row.territory_code, row.before, row.after) == (str(clerk.pk), stage.DISTRICT, {}, {})
    assert NEW not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize("username", ["secadmin", "auditor", "secadmin2"])
def test_no_administrator_sets_anothers(cast, as_, username):
    """Else one person could be all three."""
    target = cast.people[username]
    with pytest.raises(actions.Refused):
        set_password(cast["sysadmin"], target, NEW)
    url = f"/accounts/users/{target.pk}/password/"
    assert as_("sysadmin").post(url, {"password": NEW, "again": NEW}).status_code == 403
    target.refresh_from_db()
    assert not target.check_password(NEW) and not AuditRow.objects.filter(verb="set_password").exists()


@pytest.mark.parametrize("username", [name for name, _r, _c in stage.PEOPLE[:8] if name != "sysadmin"])
def test_nobody_else_sets_passwords(cast, as_, username):
    target = cast.people["secretary_next_door"]
    assert (
        as_(username).post(f"/accounts/users/{target.pk}/password/", {"password": NEW, "again": NEW}).status_code == 403
    )
    with pytest.raises(actions.Refused):
        set_password(cast[username], target, NEW)


def test_a_foreign_account_is_not_there(cast, as_):
    target = cast.people["clerk_abroad"]
    url = f"/accounts/users/{target.pk}/password/"
    assert as_("sysadmin").get(url).status_code == 404
    assert as_("sysadmin").post(url, {"password": NEW, "again": NEW}).status_code == 404
    with pytest.raises(actions.Invisible):
        set_password(cast["sysadmin"], target, NEW)


@pytest.mark.parametrize("username", [name for name, _role, _code in stage.PEOPLE[:8]])
def test_everybody_changes_his_own(cast, as_, username):
    user = cast[username]
    user.set_password("the-Old-one-2013")
    user.save()
    for current, status in (("guessed", 422), ("the-Old-one-2013", 302)):
        posted = {"current": current, "password": NEW, "again": NEW}
        assert as_(username).post("/accounts/password/", posted).status_code == status
    assert cast[username].check_password(NEW)


@pytest.mark.parametrize("password", ["short-1", "1234567890123", "password123", "secretary1", ""])
def test_a_weak_one_is_refused_in_words(cast, as_, password):
    response = as_("secretary").post("/accounts/password/", {"password": password, "again": password})
    assert response.status_code in (200, 422) and b"errsum" in response.content
    assert cast["secretary"].password == "!"
    if password:
        with pytest.raises(ValidationError):
            set_password(cast["secretary"], cast["secretary"], password)


def test_two_that_differ_are_refused(cast, as_):
    as_("clerk").post("/accounts/password/", {"password": NEW, "again": NEW + "x"})
    assert cast["clerk"].password == "!"


# ---- accounts ----


def test_a_new_account_belongs_to_its_administrators_district_and_opens_to_nobody(cast):
    (user,) = create_accounts(cast["sysadmin"], [User(username="fresh", name="新人")])
    assert user.territory_code == stage.DISTRICT and not user.has_usable_password()
    assert user.roles == frozenset() and user.saved_by == "sysadmin先生"


@pytest.mark.parametrize("username", [name for name, _r, _c in stage.PEOPLE[:8] if name != "sysadmin"])
def test_nobody_else_makes_accounts(cast, username):
    with pytest.raises(actions.Refused):
        create_accounts(cast[username], [User(username="fresh", name="新人")])


def test_none_is_made_for_another_district(cast):
    with pytest.raises(actions.Invisible):
        create_accounts(cast["sysadmin"], [User(username="fresh", name="新人", territory_code="450102")])
    assert not User.objects.filter(username="fresh").exists()


@pytest.mark.parametrize("username", ["Clerk", "clerk", "名字", "a b", "<b>", ""])
def test_an_account_is_named_once_and_plainly(cast, username):
    with pytest.raises(ValidationError):
        create_accounts(cast["sysadmin"], [User(username=username, name="新人")])


def test_what_the_form_does_not_show_cannot_be_posted(cast, as_):
    """Territory, password, the demonstration's mark: fields of the row that the page does not declare."""
    clerk = cast.people["clerk"]
    values = {"username": "clerk", "name": "改名", "office": "", "is_active": "on", "_version": clerk.version}
    smuggled = {
        "territory_code": "450102",
        "password": make_password(NEW),
        "is_demonstration": "on",
        "saved_by": "别人",
        "is_staff": "on",
        "is_superuser": "on",
        "last_login": "2000-01-01 00:00",
    }
    assert as_("sysadmin").post(f"/accounts/users/{clerk.pk}/edit/", values | smuggled).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.name, clerk.territory_code, clerk.password) == ("改名", stage.DISTRICT, "!")
    assert not clerk.is_demonstration and clerk.last_login is None and clerk.saved_by == "sysadmin先生"


def test_hashes_leave_their_column_for_no_page_and_no_record(cast, as_):
    user = UserFactory(username="hashed", name="有密码", password=make_password(NEW))
    hash_ = user.password
    sysadmin = as_("sysadmin")
    for page in (
        "/accounts/users/",
        f"/accounts/users/{user.pk}/",
        f"/accounts/users/{user.pk}/edit/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{user.pk}/change/",
    ):
        response = sysadmin.get(page)
        assert response.status_code == 200 and hash_ not in response.content.decode()
    create_accounts(cast["sysadmin"], [User(username="fresh", name="新人", password=hash_)])
    assert hash_ not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize(
    "lookup", ["password__startswith=md5", "password=!", "territory_code__gte=0", "grants__role=auditor"]
)
def test_the_admins_address_cannot_ask_what_no_column_shows(cast, as_, lookup):
    """One could read a hash letter by letter by the number of rows found."""
    response = as_("sysadmin").get(f"/admin/accounts/user/?{lookup}")
    assert response.status_code in (302, 400) and b"clerk" not in response.content


def test_the_auditor_asks_no_values_out_of_the_record(cast, as_):
    AuditRow.objects.create(verb="update", territory_code=stage.HOME, after={"phone": "13800000000"}, request_id="r")
    response = as_("auditor").get("/admin/core/auditrow/?after__icontains=1380")
    assert response.status_code in (302, 400)
    for page in ("/accounts/audit/", f"/accounts/audit/{AuditRow.objects.get().pk}/", "/admin/core/auditrow/"):
        assert b"13800000000" not in as_("auditor").get(page).content
