"""The first three administrators, made on the server's console."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Grant, User
from core.models import AuditRow
from core.roles import ADMINS

pytestmark = pytest.mark.django_db

GIVEN = {"sysadmin": "li:李明", "secadmin": "wang:王芳", "auditor": "zhao:赵强"}


def lines(capsys) -> dict[str, list[str]]:
    return {line.split("\t")[0]: line.split("\t")[1:] for line in capsys.readouterr().out.splitlines()}


def test_it_makes_three_people_who_sign_in_and_change_their_passwords(capsys):
    call_command("first_admins", "450109", **GIVEN)
    made = lines(capsys)
    assert set(made) == ADMINS
    assert {(account, name) for account, name, _password in made.values()} == {
        ("li", "李明"),
        ("wang", "王芳"),
        ("zhao", "赵强"),
    }
    assert len({password for *_who, password in made.values()}) == 3
    client = Client()
    account, _name, password = made["secadmin"]
    assert client.post("/accounts/sign-in/", {"username": account, "password": password}).status_code == 302
    assert client.get("/accounts/grants/").url.startswith("/accounts/password/")
    client.post("/accounts/password/", {"current": password, "password": "Neu-langes-2013", "again": "Neu-langes-2013"})
    assert client.get("/accounts/grants/").status_code == 200
    assert (
        AuditRow.objects.filter(verb="create", model="accounts.Grant", actor="", territory_code="450109").count() == 3
    )
    assert not any(password in str(row.after) for row in AuditRow.objects.all() for *_who, password in made.values())


def test_they_are_asked_for_at_the_terminal(monkeypatch, capsys):
    answers = iter(["li", "李明", "wang", "王芳", "zhao", "赵强"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    call_command("first_admins", "450109")
    assert lines(capsys)["auditor"][:2] == ["zhao", "赵强"]


def test_the_environment_names_them(monkeypatch, capsys):
    for option, value in GIVEN.items():
        monkeypatch.setenv(f"FIRST_{option.upper()}", value)
    call_command("first_admins", "450109")
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("450109", GIVEN | {"auditor": "li:李明"}, "Account|账号"),
        ("450109", GIVEN | {"auditor": "zhao"}, "ACCOUNT:NAME"),
        ("450109", GIVEN | {"auditor": "Zhao Qiang:赵强"}, "."),
        ("4501", GIVEN, "6"),
        ("邕宁区", GIVEN, "6"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(code, given, said):
    with pytest.raises(CommandError, match=said):
        call_command("first_admins", code, **given)
    assert not (User.objects.exists() or Grant.objects.exists() or AuditRow.objects.exists())


def test_without_a_terminal_the_missing_one_is_named(monkeypatch):
    def no_terminal(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", no_terminal)
    with pytest.raises(CommandError, match="--auditor ACCOUNT:NAME"):
        call_command("first_admins", "450109", sysadmin=GIVEN["sysadmin"], secadmin=GIVEN["secadmin"])
    assert not User.objects.exists()


@pytest.mark.parametrize("code", ["450109", "450109100"])
def test_a_territory_that_has_administrators_gets_none_from_outside(cast, code):
    with pytest.raises(CommandError, match="secadmin先生"):
        call_command("first_admins", code, **GIVEN)
    assert not User.objects.filter(username="li").exists()


def test_another_territory_gets_its_own(cast, capsys):
    call_command("first_admins", "450103", **GIVEN)
    assert Grant.objects.filter(territory_code="450103").count() == 3
