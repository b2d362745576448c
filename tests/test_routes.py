"""Every address × every role × own, neighbouring and foreign territory × GET and POST.

The URL configuration is walked; an address is one of these, or the test fails:
- a page of a register: its cases follow from the register's `may` and the model's factory;
- a page with `allowed_roles` (`core.pages`): its case stands in PAGES where its address names an object;
- a page of the Django admin: its cases follow from the registers too;
- listed in EXPLAINED with the reason.

Expected: nobody → the sign-in page; a missing right → 403; a foreign object → 404; one's own → a page or a way on.
Whose object it is, is computed here from codes, not by the door that is tested.
"""

import pytest
from django.urls import reverse

from core.evidence import owners
from core.models import AuditRow
from core.registers.urls import PAGES as PAGES_OF_A_REGISTER
from core.roles import Role
from core.scoping import Catalogue
from tests import cast as stage
from tests import factories
from tests.routes import (
    ALL,
    EXPLAINED,
    GET_OK,
    OWN_PAGES,
    PAGES,
    PLACES,
    POST_OK,
    REGISTERS,
    TRIED,
    address,
    code_of,
    covers,
    holds,
    is_draft,
    payload,
)
from villages.models import Hamlet

pytestmark = pytest.mark.django_db


# ---- every address has its case ----


def test_every_page_of_a_register_is_tried_below():
    tried = {"list", "new", "bulk", "export", "template", "import", "detail", "edit", "delete", "history", "move"}
    new = {name for name, _tail, _view in PAGES_OF_A_REGISTER} - tried
    assert not new, f"registers have new pages {new}: try them in test_a_registers_pages and name them here"


def test_every_address_has_a_case():
    missing = [
        f"{route.name} (/{route.pattern}) has no case: make it a register's page, mark the view with core.pages.page or "
        f"public, or explain it in EXPLAINED of tests/routes.py"
        for route in ALL
        if not (route.register or route.has_roles or route.is_admin or route.name in EXPLAINED)
    ]
    missing += [
        f"{route.name} names an object in its address: say in PAGES of tests/routes.py how to make one"
        for route in OWN_PAGES
        if route.takes and route.name not in PAGES
    ]
    missing += [f"{name} is listed and is no address any more" for name in PAGES if name not in {r.name for r in ALL}]
    assert not missing, "\n" + "\n".join(missing)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_every_register_has_a_factory_that_makes_rows_of_a_place(cast, register):
    factory = factories.of(register.model)
    for place in PLACES:
        row = factory.at(cast.villages[place])
        assert covers(cast.villages[place].code[:6], row), f"{factory.__name__}.at makes a row of another place"


# ---- registers ----


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_a_registers_pages(cast, walk, register):
    rows = {place: factories.of(register.model).at(cast.villages[place]) for place in PLACES}
    drafts = {place: factories.of(register.model).changeable(cast.villages[place]) for place in PLACES}
    for page, tail, _view in PAGES_OF_A_REGISTER:
        if page != "move" or register.workflow:
            walk.expect_sign_in(address(register, page, rows["home"] if "<" in tail else None))
    for who in stage.ONE_A_ROLE:
        lists(walk, register, who, cast)
        # Without the right every row is refused alike, before it is looked at.
        for place in TRIED[who] if holds(register, who, "view") else TRIED[who][:1]:
            details(walk, register, who, rows[place], cast.code[who])
            sets(walk, register, who, drafts[place], cast.code[who])
            for page, verb in (("edit", "change"), ("delete", "delete")):
                changes(walk, register, who, drafts[place], (page, verb), cast)


#: All rows of a list, whatever they are.
EVERY = {"all": "1", "query": ""}


def lists(walk, register, who, cast) -> None:
    may_view, may_add = holds(register, who, "view"), holds(register, who, "add")
    walk.expect(who, "get", address(register, "list"), {200} if may_view else {403}, writes=False)
    walk.expect(who, "post", address(register, "list"), {302} if may_view else {403}, writes=False)
    walk.expect(who, "get", address(register, "new"), {200} if may_add else {403}, writes=False)
    walk.expect(who, "post", address(register, "new"), {422} if may_add else {403}, writes=False)
    walk.expect(who, "post", address(register, "export"), {200} if may_view else {403}, {"query": ""}, writes=False)
    walk.expect(who, "post", address(register, "bulk"), {404} if may_view else {403}, EVERY | {"do": "x"}, writes=False)
    walk.expect(who, "get", address(register, "template"), {200} if may_add else {403}, writes=False)
    may_import = (may_add or holds(register, who, "change")) and not register.by_form_alone
    walk.expect(who, "get", address(register, "import"), {200} if may_import else {403}, writes=False)
    # No file was chosen.
    walk.expect(who, "post", address(register, "import"), {422} if may_import else {403}, writes=False)
    if may_add:
        news(walk, register, who, cast)


def news(walk, register, who, cast) -> None:
    """A good form for one's own place writes one row; the same for a foreign place writes nothing."""
    for place in TRIED[who]:
        with walk.undone():
            row = factories.of(register.model).changeable(cast.villages[place])
            data = payload(register, row, cast[who])
            # Whose form names no place (an account's) makes rows of his own.
            own = covers(cast.code[who], row, "add") or not names_place(register.model, data)
            row.delete()
            before = register.model.objects.count(), AuditRow.objects.count()
            # A foreign place is out of the choices (422), or found to be foreign after the write (404).
            expected = {302} if own else {404, 422}
            walk.expect(who, "post", address(register, "new"), expected, data, writes=True if own else None)
            if before != (register.model.objects.count(), AuditRow.objects.count()):
                walk.wrong.append(f"{who} left something behind at {place}")


def names_place(model, data: dict) -> bool:
    path = getattr(model, "territory", None)
    names = ("territory_code", "code", "standard", "room_set", "village", (path or "").split("__")[0])
    return any(name in data for name in names)


def details(walk, register, who, row, held: str) -> None:
    seen = covers(held, row)
    expected = 403 if not holds(register, who, "view") else 200 if seen else 404
    walk.expect(who, "get", address(register, "detail", row), {expected}, writes=False)
    # That a page takes no POST may be told of any row; nothing of the row is.
    walk.expect(who, "post", address(register, "detail", row), {405 if expected != 403 else 403}, writes=False)
    walk.expect(who, "get", address(register, "history", row), {expected}, writes=False)


def sets(walk, register, who, row, held: str) -> None:
    """The pages that take rows by POST alone: many at once, a step of the workflow, a former value."""
    may_view, may_change = holds(register, who, "view"), holds(register, who, "change")
    # A draft is seen by whoever may change it; `hidden` allows both answers where it depends on that.
    seen, kept = covers(held, row), may_change and covers(held, row, "change")
    fine = {403} if not may_view else {404} if not seen else {200}
    hidden = fine | {404} if is_draft(row) and not may_change else fine
    bulk = address(register, "bulk")
    walk.expect(who, "post", bulk, hidden, {"pk": row.pk, "do": "export"}, writes=False)
    for name in register.bulk:
        asked = fine if kept or fine != {200} else {403}
        walk.expect(who, "post", bulk, asked | hidden - {200}, {"pk": row.pk, "do": f"set:{name}"}, writes=False)
    answer = fine if fine != {200} else {422} if kept else {403}
    walk.expect(who, "post", address(register, "history", row), answer | hidden - {200}, writes=False)
    moves = register.workflow.verbs() if register.workflow else ()
    # A row that is not there is not there for the first step as for the last: it is looked for before the step is.
    for verb in moves if 200 in hidden else list(moves)[:1]:
        moved = hidden - {200} | ({302, 403} if 200 in hidden else set())
        walk.expect(who, "post", address(register, "move", row), moved, {"name": verb, "reason": "测试"})


def changes(walk, register, who, row, page, cast) -> None:
    page, verb = page
    url, held = address(register, page, row), cast.code[who]
    if not holds(register, who, verb):
        expected = 403
    elif not covers(held, row):
        expected = 404
    else:
        # What one reads and another keeps (a province's standard read in the district) is refused by name.
        expected = 200 if covers(held, row, verb) else 403
    walk.expect(who, "get", url, {expected}, writes=False)
    if expected == 200:
        values = payload(register, row, cast[who]) if page == "edit" else {"reason": "测试"}
        walk.expect(who, "post", url, {302}, values)
    else:
        walk.expect(who, "post", url, {expected}, {"reason": "测试"}, writes=False)


@pytest.mark.parametrize("register", [r for r in REGISTERS if r.may["change"]], ids=lambda r: r.__name__)
def test_a_row_is_not_edited_into_another_place(cast, as_, register, undone):
    """The edit form of one's own row, filled with what a foreign row says."""
    for who in stage.ONE_A_ROLE:
        if not holds(register, who, "change"):
            continue
        row = factories.of(register.model).changeable(cast.home)
        if isinstance(row, Catalogue) or not covers(cast.code[who], row, "change"):
            continue
        foreign = factories.of(register.model).changeable(cast.abroad)
        data = payload(register, foreign, cast[who])
        foreign.delete()
        with undone():
            response = as_(who).post(address(register, "edit", row), data | {"_version": getattr(row, "version", "")})
            assert response.status_code in (302, 404, 422), response.status_code
        with undone():
            as_(who).post(address(register, "edit", row), data | {"_version": getattr(row, "version", "")})
            again = type(row)._base_manager.get(pk=row.pk)
            assert covers(cast.code[who], again, "change"), f"{who} moved {row} to {code_of(again)}"


# ---- pages of our own ----


@pytest.mark.parametrize("route", OWN_PAGES, ids=lambda r: r.name)
def test_a_page_of_our_own(cast, walk, route, monkeypatch):
    monkeypatch.setitem(owners._accepted, "villages.hamlet", Hamlet)  # some record that bears evidence
    allowed = route.view.allowed_roles
    case = PAGES.get(route.name)
    places = PLACES if case else ("home",)
    rows = {place: case.row(cast.villages[place]) if case else None for place in places}
    urls = {place: reverse(route.name, args=case.arg(row) if case else ()) for place, row in rows.items()}
    if allowed is None:
        for who in (None, *stage.ONE_A_ROLE):
            walk.expect(who, "get", urls["home"], GET_OK | (case.also if case else set()))
        return
    walk.expect_sign_in(urls["home"])
    for who in (*stage.ONE_A_ROLE, "nobody"):
        role = next((role for name, role, _code in stage.PEOPLE if name == who), None)
        # Without the role every address is refused alike, before it is looked at.
        tried = TRIED[who] if role in allowed else ("home",)
        for place, url in ((place, urls[place]) for place in tried if place in urls):
            data = case.post(rows[place]) if case else {}
            if role not in allowed:
                # The home and one's own password are for whoever has signed in.
                fine = {403} if allowed != frozenset(Role) else GET_OK | POST_OK | {403, 404}
                for method in ("get", "post"):
                    walk.expect(who, method, url, fine | {405}, data)
            elif case is None or covers(cast.code[who], rows[place], case.verb):
                also = case.also if case else set()
                walk.expect(who, "get", url, GET_OK | also)
                walk.expect(who, "post", url, POST_OK | also | {400, 403}, data)
            else:
                # Read but not kept by him, or read by his role and changed by others: refused, or not there.
                fine = {403, 404, 405} if covers(cast.code[who], rows[place]) else {404, 405}
                walk.expect(who, "get", url, fine, writes=False)
                walk.expect(who, "post", url, fine | {403}, data, writes=False)
