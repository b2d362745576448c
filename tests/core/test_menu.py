"""The side menu: each role its own pages, in a fixed order, the current one marked."""

from types import SimpleNamespace

import pytest

from core import menu
from core.menu import Entry, Group
from core.roles import Role

CLERK, AUDITOR = frozenset({Role.CLERK}), frozenset({Role.AUDITOR})


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(menu, "reverse", lambda name: f"/{name}/")
    menu.add("app:rooms_list", "Rooms", Group.PLACE, 20, CLERK, count=lambda user: 3)
    menu.add("app:rooms_standard_list", "Room sets", Group.PLACE, 10, CLERK)
    menu.add("app:home", "Home", Group.WORK, 10, CLERK | AUDITOR)
    menu.add("app:audit_list", "Audit", Group.ADMIN, 10, AUDITOR)


def shown(roles, view_name=""):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name=view_name))
    return menu.for_user(SimpleNamespace(roles=roles), request)


def test_a_person_sees_the_pages_of_his_roles_in_the_order_of_the_groups(entries):
    sections = shown(CLERK)
    assert [[item.label for item in section.items] for section in sections] == [["Home"], ["Room sets", "Rooms"]]
    assert sections[0].label == ""
    assert [item.count for item in sections[1].items] == [None, 3]


def test_a_label_may_depend_on_the_person(entries):
    menu.add("app:home", lambda user: f"Home of {sorted(user.roles)[0]}", Group.WORK, 10, CLERK)
    assert shown(CLERK)[0].items[0].label == "Home of clerk"


def test_who_holds_no_role_sees_nothing(entries):
    assert shown(frozenset()) == []


@pytest.mark.parametrize(
    ("view_name", "current"),
    [
        ("app:rooms_edit", "Rooms"),
        ("app:rooms_standard_detail", "Room sets"),
        ("app:home", "Home"),
        ("app:audit_detail", None),
        ("elsewhere:page", None),
    ],
)
def test_a_registers_pages_mark_its_list(entries, view_name, current):
    marked = [item.label for section in shown(CLERK, view_name) for item in section.items if item.current]
    assert marked == ([current] if current else [])


def test_an_address_that_nothing_serves_has_no_current_page(entries):
    request = SimpleNamespace(resolver_match=None)
    sections = menu.for_user(SimpleNamespace(roles=CLERK), request)
    assert not any(item.current for section in sections for item in section.items)


def test_an_entry_that_is_not_a_register_stands_for_itself_alone():
    assert not Entry("app:home", "", Group.WORK, 1, CLERK).covers("app:homestead")
