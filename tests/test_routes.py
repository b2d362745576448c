"""Every address × every role × own, neighbouring and foreign territory × GET and POST.

The URL configuration is walked; an address is one of these, or the test fails:
- a page of a register: its cases follow from the register's `may` and the model's factory;
- a page with `allowed_roles` (`core.pages`): its case stands in PAGES where its address names an object;
- a page of the Django admin: its cases follow from the registers too;
- listed in EXPLAINED with the reason.

Expected: nobody → the sign-in page; a missing right → 403; a foreign object → 404; one's own → a page or a way on.
Whose object it is, is computed here from codes, not by the door that is tested.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django import forms
from django.db import IntegrityError, connection, models, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.models import SignIn, User
from core.evidence import owners
from core.models import AuditRow
from core.registers import Register, all_registers
from core.registers.forms import form_for, formsets_for
from core.registers.urls import PAGES as PAGES_OF_A_REGISTER
from core.registers.views import RegisterView
from core.roles import Role
from core.scoping import Catalogue, Regional
from tests import cast as stage
from tests import factories
from villages.models import Hamlet, Village

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in/"
PLACES = ("home", "next_door", "across", "abroad")
#: Where each of the cast is tried: his own, the neighbour's, the parent's other parts, another district.
TRIED = {
    "district": ("home", "across", "abroad"),
    "leader": ("home", "abroad"),
    "clerk": ("home", "next_door", "across", "abroad"),
    "secretary": PLACES,
    "inspector": ("across", "abroad"),
    "sysadmin": ("home", "abroad"),
    "secadmin": ("home", "abroad"),
    "auditor": ("home", "abroad"),
}
#: A page that is shown, leads on, says what to mend, or (to the wrong method) that it is not for that.
GET_OK, POST_OK = {200, 302, 405}, {200, 302, 405, 409, 422}

#: Addresses that are no page of ours, and why they need no case.
EXPLAINED = {
    "admin:jsi18n": "Django's catalogue of words for scripts: the same for everybody, behind the admin's door",
    "admin:view_on_site": "leads to get_absolute_url of a row; no register uses it, and the page it leads to asks again",
}


# ---- the addresses ----


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    view: Callable

    @property
    def register(self) -> type[Register] | None:
        cls = getattr(self.view, "view_class", None)
        return self.view.view_initkwargs["register"] if cls and issubclass(cls, RegisterView) else None

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def has_roles(self) -> bool:
        return hasattr(self.view, "allowed_roles")

    @property
    def takes(self) -> bool:
        return "<" in self.pattern


def routes(resolver=None, namespace="", before="") -> list[Route]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(Route(f"{namespace}{entry.name}", path, entry.callback))
        else:
            found += routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, path)
    return found


ALL = routes()
OWN_PAGES = [route for route in ALL if route.has_roles]
REGISTERS = all_registers()


# ---- pages with allowed_roles whose address names an object ----


@dataclass(frozen=True)
class Page:
    """`row(village)` makes the object; `verb` is the right on it that the page asks; `arg` is how the address names it."""

    row: Callable
    verb: str = "view"
    arg: Callable = lambda row: (row.pk,)
    post: Callable = lambda row: {}
    also: frozenset[int] = frozenset()


def sign_in_of_a_stranger(place) -> User:
    """Sessions are a person's own, whatever he may do: nobody here sees this one."""
    user, now = factories.UserFactory.at(place), timezone.now()
    SignIn.objects.create(user=user, began_at=now, seen_at=now)
    return user


def village(place) -> Village:
    return place


BY_CODE = Page(village, arg=lambda row: (row.code,))
FILE = Page(factories.EvidenceFactory.at, also=frozenset({404}))  # seen, but not stored
RUN = Page(factories.RunFactory.at)
PAGES = {
    "accounts:set_password": Page(
        factories.UserFactory.at, "change", post=lambda row: dict.fromkeys(("password", "again"), "long-enough-2013")
    ),
    "core:reveal": Page(
        # No row of another place is told from a field that is not sensitive: 404 both.
        factories.HamletFactory.at,
        "nobody",
        arg=lambda row: (row._meta.label, row.pk, "name"),
    ),
    "core:evidence": Page(factories.HamletFactory.at, arg=lambda row: (row._meta.label_lower, row.pk)),
    "core:evidence_file": FILE,
    "core:evidence_thumb": FILE,
    "core:evidence_revoke": Page(factories.EvidenceFactory.at, post=lambda row: {"reason": "传错"}),
    "accounts:end_sign_in": Page(sign_in_of_a_stranger, "nobody", arg=lambda row: (row.sign_ins.get().pk,)),
    "accounts:unlock": Page(factories.UserFactory.at, "change"),
    "accounts:reset_second_factor": Page(factories.UserFactory.at, "change", post=lambda row: {"reason": "手机丢失"}),
    "accounts:end_grant": Page(factories.GrantFactory.at, "end"),
    "dashboards:village": BY_CODE,
    "facilities:room_set_publish": Page(factories.RoomSetFactory.changeable, "publish"),
    "facilities:room_set_new_edition": Page(factories.RoomSetFactory.at, "add"),
    "scoring:publish": Page(factories.StandardFactory.changeable, "publish"),
    "scoring:retire": Page(factories.StandardFactory.at, "retire"),
    "scoring:new_edition": Page(factories.StandardFactory.at, "add"),
    "scoring:run": RUN,
    "scoring:run_progress": RUN,
    "scoring:run_stop": Page(factories.RunFactory.at, "run"),
    "scoring:run_resume": Page(factories.RunFactory.at, "run"),
    "scoring:village": BY_CODE,
    "scoring:trial": BY_CODE,
}


# ---- whose it is, in plain words ----


def code_of(row) -> str:
    """The territory code of a row, by walking to its village."""
    if (territory := getattr(row, "territory", None)) is None:
        return row.territory_code
    for step in territory.split("__") if territory else ():
        row = getattr(row, step)
    return row.scope_code


def covers(held: str, row, verb: str = "view") -> bool:
    """Whether somebody who holds the place sees (or may change) the row."""
    if isinstance(row, Catalogue):
        return True
    code = code_of(row)
    if verb == "nobody":
        return False
    if verb == "view" and (isinstance(row, Regional) or not hasattr(row, "territory") and hasattr(row, "standard_id")):
        return code.startswith(held) or held.startswith(code)
    return code.startswith(held)


class Walk:
    """Requests as the cast's people; collects what came out otherwise than it should."""

    def __init__(self, as_, undone):
        self.as_, self.undone, self.clients, self.wrong = as_, undone, {}, []

    def ask(self, who: str | None, method: str, url: str, data=None) -> tuple[HttpResponse, bool]:
        """The answer, and whether a row was written or even tried; taken back afterwards."""
        if who not in self.clients:
            self.clients[who] = self.as_(who)
        with self.undone(), CaptureQueriesContext(connection) as queries:
            response = getattr(self.clients[who], method)(url, data or {})
        return response, any(map(is_write, queries.captured_queries))

    def expect(self, who, method, url, expected: set[int], data=None, *, writes: bool | None = None) -> None:
        response, wrote = self.ask(who, method, url, data)
        said = f"{who or 'anonymous'} {method.upper()} {url}: {response.status_code}"
        if response.status_code not in expected:
            error = f" {response.exc_info[1]!r}" if getattr(response, "exc_info", None) else ""
            self.wrong.append(f"{said}, expected {sorted(expected)}{error}{errors_of(response)}")
        elif writes is not None and wrote != writes:
            self.wrong.append(f"{said}, but {'wrote' if wrote else 'wrote nothing'}")

    def expect_sign_in(self, url: str) -> None:
        """The admin sends to its own address first, which leads on to the same page."""
        for method in ("get", "post"):
            response, wrote = self.ask(None, method, url)
            led = response.status_code == 302 and response.url.startswith((SIGN_IN, "/admin/login/"))
            if not (led or response.status_code == 405) or wrote:
                self.wrong.append(
                    f"anonymous {method.upper()} {url}: {response.status_code}, expected the sign-in page"
                )


def is_write(query: dict) -> bool:
    """Sessions, and the record of a refusal, may be written whoever asks."""
    words = query["sql"].split()
    return words[0] in ("INSERT", "UPDATE", "DELETE") and not any(
        table in query["sql"][:60] for table in ("django_session", "core_auditrow", "accounts_signin", "axes_")
    )


def errors_of(response) -> str:
    form = (response.context or {}).get("form") if getattr(response, "context", None) else None
    return f" {dict(form.errors)}" if getattr(form, "errors", None) else ""


@pytest.fixture
def walk(cast, as_, undone) -> Walk:
    walk = Walk(as_, undone)
    yield walk
    assert not walk.wrong, "\n" + "\n".join(walk.wrong)


# ---- every address has its case ----


def test_every_page_of_a_register_is_tried_below():
    tried = {"list", "new", "bulk", "detail", "edit", "delete", "history", "move"}
    new = {name for name, _tail, _view in PAGES_OF_A_REGISTER} - tried
    assert not new, f"registers have new pages {new}: try them in test_a_registers_pages and name them here"


def test_every_address_has_a_case():
    missing = [
        f"{route.name} (/{route.pattern}) has no case: make it a register's page, mark the view with core.pages.page or "
        f"public, or explain it in EXPLAINED of tests/test_routes.py"
        for route in ALL
        if not (route.register or route.has_roles or route.is_admin or route.name in EXPLAINED)
    ]
    missing += [
        f"{route.name} names an object in its address: say in PAGES of tests/test_routes.py how to make one"
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


def payload(register: type[Register], row, user: User) -> dict:
    """What the row's own edit form would post, its inlines empty or as they are."""
    form = form_for(register)(instance=row, user=user)
    values = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field.widget, forms.CheckboxInput):
            values |= {name: "on"} if value else {}
        else:
            values[name] = "" if value is None else value
    for formset in formsets_for(register, row, user):
        count = len(formset.initial_forms)
        values |= {f"{formset.prefix}-TOTAL_FORMS": count, f"{formset.prefix}-INITIAL_FORMS": count}
        for number, sub in enumerate(formset.initial_forms):
            values |= {f"{formset.prefix}-{number}-{name}": sub[name].value() or "" for name in sub.fields}
    return values


def address(register, page: str, row=None) -> str:
    return reverse(f"{register.app}:{register.key}_{page}", args=[row.pk] if row else [])


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


def role_of(who: str) -> Role:
    return next(role for name, role, _code in stage.PEOPLE if name == who)


def holds(register, who: str, verb: str) -> bool:
    return role_of(who) in register.may[verb]


def lists(walk, register, who, cast) -> None:
    may_view, may_add = holds(register, who, "view"), holds(register, who, "add")
    walk.expect(who, "get", address(register, "list"), {200} if may_view else {403}, writes=False)
    walk.expect(who, "post", address(register, "list"), {405} if may_view else {403}, writes=False)
    walk.expect(who, "get", address(register, "new"), {200} if may_add else {403}, writes=False)
    walk.expect(who, "post", address(register, "new"), {422} if may_add else {403}, writes=False)
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
    return any(name in data for name in ("territory_code", "code", "standard", "room_set", (path or "").split("__")[0]))


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
    walk.expect(who, "post", bulk, {404} if may_view else {403}, {"pk": row.pk, "do": "nothing"}, writes=False)
    for name in register.bulk:
        asked = fine if kept or fine != {200} else {403}
        walk.expect(who, "post", bulk, asked | hidden - {200}, {"pk": row.pk, "do": f"set:{name}"}, writes=False)
    answer = fine if fine != {200} else {422} if kept else {403}
    walk.expect(who, "post", address(register, "history", row), answer | hidden - {200}, writes=False)
    for verb in register.workflow.verbs() if register.workflow else ():
        moved = hidden if hidden != {200} else {302, 403}
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
            walk.expect(who, "get", urls["home"], GET_OK)
        return
    walk.expect_sign_in(urls["home"])
    for who in (*stage.ONE_A_ROLE, "nobody"):
        for place, url in urls.items():
            role = next((role for name, role, _code in stage.PEOPLE if name == who), None)
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


# ---- the admin ----


def admin_url(register, page: str, row=None) -> str:
    meta = register.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk] if row else [])


def test_the_admins_own_pages(cast, walk):
    labels = {register.model._meta.app_label for register in REGISTERS}
    pages = ["/admin/", *(f"/admin/{label}/" for label in labels)]
    for url in pages:
        walk.expect_sign_in(url)
        walk.expect("nobody", "get", url, {302, 403}, writes=False)
    for who in stage.ONE_A_ROLE:
        walk.expect(who, "get", "/admin/", {200}, writes=False)
        for label in labels:
            mine = any(holds(r, who, "view") for r in REGISTERS if r.model._meta.app_label == label)
            walk.expect(who, "get", f"/admin/{label}/", {200} if mine else {404, 403}, writes=False)
        walk.expect(who, "get", "/admin/autocomplete/", {403, 404}, writes=False)
        walk.expect(who, "get", "/admin/nothing/here/", {404}, writes=False)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_the_admins_pages_of_a_register(cast, walk, register):
    rows = {place: factories.of(register.model).at(cast.villages[place]) for place in PLACES}
    drafts = {place: factories.of(register.model).changeable(cast.villages[place]) for place in PLACES}
    for page, row in (
        ("changelist", None),
        ("add", None),
        *((p, rows["home"]) for p in ("change", "delete", "history")),
    ):
        walk.expect_sign_in(admin_url(register, page, row))
    for who in stage.ONE_A_ROLE:
        may_view, may_add = holds(register, who, "view"), holds(register, who, "add")
        walk.expect(who, "get", admin_url(register, "changelist"), {200} if may_view else {403}, writes=False)
        walk.expect(who, "get", admin_url(register, "add"), {200} if may_add else {403}, writes=False)
        walk.expect(who, "post", admin_url(register, "add"), {200} if may_add else {403}, writes=False)
        for place in TRIED[who] if may_view else TRIED[who][:1]:
            admin_rows(walk, register, who, rows[place], drafts[place], cast)


def admin_rows(walk, register, who, row, draft, cast) -> None:
    held, may_view = cast.code[who], holds(register, who, "view")
    seen = may_view and covers(held, row)
    foreign = {404} if may_view else {403, 404}
    for page in ("change", "history"):
        walk.expect(who, "get", admin_url(register, page, row), {200} if seen else foreign, writes=False)
    for page, verb in (("change", "change"), ("delete", "delete")):
        url = admin_url(register, page, draft)
        mine = holds(register, who, verb) and covers(held, draft, verb)
        values = {"post": "yes"}
        if mine:
            values = payload(register, draft, cast[who]) if page == "change" else values
            walk.expect(who, "get", url, {200}, writes=False)
            walk.expect(who, "post", url, {302, 200}, values)
        else:
            visible = may_view and covers(held, draft) and (holds(register, who, "change") or not is_draft(draft))
            walk.expect(who, "post", url, {403} if visible else {403, 404}, values, writes=False)


def is_draft(row) -> bool:
    return getattr(getattr(row, "standard", row), "state", "") == "draft"


# ---- nothing of another place, wherever the links lead ----

MARK = "暗记"
#: What decides where a row belongs, or is no text to people.
NOT_MARKED = {"code", "scope_code", "territory_code", "password", "state", "role", "full_at", "value"}


def mark_everything(place: Village, home: Village) -> None:
    """A mark in every text column of a row of every model of a foreign place, but for what covers home as well."""
    for register in REGISTERS:
        row = factories.of(register.model).at(place)
        if isinstance(row, Catalogue) or row.pk == place.pk or home.code.startswith(code_of(row)):
            continue
        for field in row._meta.concrete_fields:
            text = type(field) in (models.CharField, models.TextField, models.SlugField)
            if text and not (field.choices or field.is_relation or field.name in NOT_MARKED):
                write_mark(row, field)
    Village.objects.filter(pk=place.pk).update(name=MARK, official_name=MARK, main_industry=MARK)


def write_mark(row, field) -> None:
    """Where the database allows the mark beside the row's other values."""
    value = f"{MARK}{row.pk}{field.name}"[: field.max_length or 40]
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
    except IntegrityError:
        pass


def links(response) -> set[str]:
    found = re.findall(r'(?:href|hx-get|action)="(/[^"#]*)', response.content.decode())
    return {
        url.replace("&amp;", "&")
        for url in found
        if not url.startswith(("/static/", "/accounts/sign-out", "/language"))
    }


def kind_of(url: str) -> str:
    """Pages of one view with the same questions are alike: a few of each are enough."""
    path, _, query = url.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return f"{re.sub(r'[0-9]+', 'N', path)}?{','.join(names)}"


@pytest.mark.parametrize("who", stage.ONE_A_ROLE)
def test_wherever_the_links_lead_there_is_nothing_of_another_place_and_no_dead_end(cast, as_, who):
    """From the home on, every link that a page shows is one that the person may follow; foreign rows are nowhere."""
    for register in REGISTERS:
        factories.of(register.model).at(cast.home)
    mark_everything(cast.abroad, cast.home)
    if role_of(who) in (Role.CLERK, Role.SECRETARY):
        mark_everything(cast.across, cast.home)
    client, waiting, seen, kinds = as_(who), ["/", "/admin/"], set(), {}
    while waiting and len(seen) < 400:
        url = waiting.pop(0)
        kind = kind_of(url)
        if url in seen or kinds.get(kind, 0) >= 2:
            continue
        seen.add(url)
        kinds[kind] = kinds.get(kind, 0) + 1
        response = client.get(url, follow=True)
        problem = getattr(response, "exc_info", None)
        assert response.status_code in (200, 405), f"{who} is led to {url}: {response.status_code} {problem}"
        text = response.content.decode()
        assert MARK not in text, (
            f"{who} reads of another place at {url}: …{text[max(0, text.index(MARK) - 80) :][:160]}…"
        )
        waiting += sorted(links(response) - seen)
    assert len(seen) > 10, seen
