"""Nothing of another place is found anywhere: no word of it, no number that counts it, no choice that names it.

A mark stands in every text of a row of every model of the places that a person does not hold. Then every address that
he can reach is read: lists, searches, filters by foreign rows, exports, forms with their drop-downs, histories,
evidence, the admin, pages of our own. No mark may be found, and every page must be letter for letter what it is when
the foreign rows don't exist, so that no count, choice or figure tells that they do.

Models and registers are walked: a new one is included by itself, or its missing factory fails here with a sentence.
"""

import json
import re
from collections import defaultdict
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_filters import ModelChoiceFilter
from python_calamine import load_workbook

from accounts.models import User
from core.evidence import owners
from core.evidence.actions import attach
from core.models import AuditRow
from core.registers.filters import filterset_for
from core.registers.values import field_at
from core.sensitive import SensitiveField
from tests import factories
from tests.cast import HOME
from tests.core.test_evidence import jpg
from tests.marks import (
    ADMINISTRATORS,
    BUSINESS_OF_AUDIT,
    FOREIGN,
    MADE_WITH,
    MARK,
    above,
    mark,
    marks_for,
    may_be_read,
    plant_abroad,
    rows_at,
)
from tests.routes import OWN_PAGES, PAGES, REGISTERS, address, holds
from tests.test_architecture import MODELS, NO_DOOR
from villages.models import District, Hamlet, Township, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]

SECRET = "13977110086"
BUSINESS = ("district", "leader", "clerk", "secretary", "inspector")
#: Who reads each register's pages of his own row as well; the others read alike, and differ in lists and homes.
DEEPLY = ("district", "clerk", "secretary", *ADMINISTRATORS)
#: Rows that stay when foreign ones are deleted: sealed by the database, or the cast's own places and grants.
STAYING = {"core.AuditRow", "scoring.Run", "scoring.Standard"}
#: Models of the portal's own upkeep: what administrators are there for. All others are business to them.
UPKEEP = {"accounts.User", "accounts.Grant"}


# ---- the marks ----


def test_the_mark_reaches_every_model_and_most_of_its_texts(cast):
    """Were nothing marked, nothing would be found."""
    wanted, marked = defaultdict(set), defaultdict(set)
    for row in rows_at(cast.abroad):
        mark(row)
        label, names = row._meta.label, marks_for(type(row), row.pk).keys()
        stored = type(row)._base_manager.filter(pk=row.pk).values(*names).get() if names else {}
        wanted[label] |= names
        marked[label] |= {name for name, value in stored.items() if MARK in text_of(value)}
    few = {label: names - marked[label] for label, names in wanted.items() if len(marked[label]) * 2 < len(names)}
    assert few == {}


def text_of(value) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else getattr(value, "plain", str(value))


# ---- every address that a person can reach ----


def own_pages(cast) -> list[str]:
    """Pages of our own, about the home village where they are about something."""
    urls = []
    for route in OWN_PAGES:
        if route.name == "accounts:enrol":  # shows a fresh secret each time
            continue
        case = PAGES.get(route.name)
        urls.append(reverse(route.name, args=case.arg(case.row(cast.home)) if case else ()))
    return [*urls, "/admin/", f"/search/?q={MARK}", "/search/?q=1"]


def foreign_choices(register) -> str:
    """A query that filters by the newest row, a foreign one, wherever the register filters by rows."""
    query = []
    for path, found in filterset_for(register).base_filters.items():
        if isinstance(found, ModelChoiceFilter):
            newest = field_at(register.model, path).related_model._base_manager.order_by("-pk").first()
            query.append(f"{path}={newest.pk if newest else 0}")
    return "&".join(query)


def pages_of(register, row, who: str) -> list[str]:
    """The addresses of a register, with those of one's own row."""
    lists, admin = (
        address(register, "list"),
        f"admin:{register.model._meta.app_label}_{register.model._meta.model_name}",
    )
    urls = [lists, f"{lists}?q={MARK}", reverse(f"{admin}_changelist")]
    if holds(register, who, "add"):
        urls.append(address(register, "new"))
    urls += [address(register, page, row) for page in ("detail", "edit", "history", "delete")]
    urls += [reverse(f"{admin}_{page}", args=[row.pk]) for page in ("change", "history")]
    if register.evidence:
        urls.append(reverse("core:evidence", args=[register.model._meta.label_lower, row.pk]))
    return urls


class Reader:
    """What a person reads at each address."""

    def __init__(self, client, who: str, undone, rows: dict, pages: list[str]):
        self.client, self.who, self.undone, self.rows = client, who, undone, rows
        self.urls = list(pages)
        self.exports = []
        self.sheets = [(reverse("dashboards:book", args=[HOME]), {})]
        for register, row in rows.items():
            if holds(register, who, "view"):
                self.urls += pages_of(register, row, who)[: None if who in DEEPLY else 3]
                self.exports.append(address(register, "bulk"))
                if who in DEEPLY:  # a workbook has the rows of the export above
                    self.sheets.append((address(register, "export"), {"kind": "xlsx", "query": ""}))
                if holds(register, who, "add"):
                    self.urls.append(address(register, "template"))

    def filter_by_newest(self) -> None:
        """Read the lists filtered by foreign rows, too: ask after those were made."""
        self.urls += [f"{r.url('list')}?{foreign_choices(r)}" for r in REGISTERS if holds(r, self.who, "view")]

    def read(self) -> dict[str, str]:
        texts = {}
        for url in self.urls:
            with self.undone():
                texts[url] = plain(self.client.get(url, follow=True))
        for url in self.exports:
            with self.undone():
                texts[f"{url} (export)"] = plain(self.client.post(url, {"all": "1", "do": "export", "query": ""}))
        for url, data in self.sheets:
            with self.undone():
                texts[f"{url} (xlsx)"] = plain(self.client.post(url, data))
        return texts


#: What differs between two readings of the same page: keys of forms, and how long ago something was.
CHANGING = re.compile(r"\b(?:[A-Za-z0-9]{64}|[0-9a-f]{32})\b|\d\d:\d\d(?::\d\d)?")


def cells_of(content: bytes) -> str:
    """What stands in a workbook: its hidden sheets too; when it was made is left out."""
    book = load_workbook(BytesIO(content))
    return json.dumps(
        {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}, default=str, ensure_ascii=False
    )


def plain(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        body = cells_of(body).encode()
    assert response.status_code != 500, (response.request["PATH_INFO"], getattr(response, "exc_info", None))
    return CHANGING.sub("", body.decode("utf-8", "replace"))


@pytest.fixture
def reader(cast, as_, undone, monkeypatch):
    """`reader("clerk")`, with a row of every register at home; or of some registers."""
    monkeypatch.setitem(owners._accepted, "villages.hamlet", Hamlet)

    def of(who: str, registers=REGISTERS) -> Reader:
        rows = {r: above(cast.home).get(r.model) or factories.of(r.model).changeable(cast.home) for r in registers}
        return Reader(as_(who), who, undone, rows, own_pages(cast))

    return of


# ---- the tests ----


@pytest.mark.parametrize("who", BUSINESS)
def test_nothing_of_another_place_is_found_nor_counted(cast, reader, who):
    person = reader(who)
    plant_abroad(cast, who)
    person.filter_by_newest()
    with_them = person.read()
    remove_foreign(cast.code[who])
    without = person.read()
    codes = {cast.villages[name].code for name in FOREIGN[who]}
    told = [
        f"{url}: …{around(text, word)}…" for url, text in with_them.items() for word in (MARK, *codes) if word in text
    ]
    # A search repeats the word that was looked for, and nothing else.
    told = [
        line
        for line in told
        if not line.startswith(("/search/?q=" + MARK,)) and f"?q={MARK}" not in line.split(": ")[0]
    ]
    assert not told, f"{who} reads of another place:\n" + "\n".join(told)
    changed = [f"{url}: {difference(without[url], text)}" for url, text in with_them.items() if text != without[url]]
    assert not changed, f"{who} can tell that there are rows of another place:\n" + "\n".join(changed)


def remove_foreign(held: str) -> None:
    """Delete what the person may not read; sealed rows stay, and what others refer to goes after those.

    All rows of a model at once as long as that gets on, then one by one.
    """
    waiting, one_by_one = foreign_rows(held), False
    while waiting:
        before, sets = len(waiting), defaultdict(list)
        for row in waiting:
            sets[type(row), row.pk if one_by_one else None].append(row.pk)
        for (model, _pk), pks in sets.items():
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk__in=pks).delete()
            except (DatabaseError, models.ProtectedError):
                pass
        waiting = foreign_rows(held)
        if len(waiting) == before:
            if one_by_one:
                break
            one_by_one = True
    left = {row._meta.label for row in waiting} - STAYING
    assert not left, f"rows of {left} could not be deleted, so nobody knows whether they are counted anywhere"


def foreign_rows(held: str) -> list:
    found = []
    for model in MODELS:
        if model._meta.label not in NO_DOOR and model is not User:
            way = getattr(model, "territory", "")
            found += model._base_manager.select_related(*filter(None, [way]))
    return [row for row in found if not may_be_read(row, held)]


def around(text: str, word: str) -> str:
    at = text.index(word)
    return re.sub(r"\s+", " ", text[max(0, at - 100) : at + 60])


def difference(before: str, after: str) -> str:
    """The first place at which two pages part."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    return f"…{before[max(0, at - 60) : at + 60]!r} against …{after[max(0, at - 60) : at + 60]!r}"


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_an_administrator_reads_no_business(cast, reader, who):
    """Not of his own territory either, and the audit log says what was touched without its values."""
    person = reader(who)
    audited = {name: MADE_WITH[AuditRow][name] for name in BUSINESS_OF_AUDIT}
    for row in (*rows_at(cast.home, made_with=MADE_WITH | {AuditRow: audited}), cast.home, cast.next_door):
        if row._meta.label not in UPKEEP and type(row) not in (Township, District):
            mark(row)
    # A grant says where it is held: what places are called is no business.
    for village in (cast.home, cast.next_door):
        Village.objects.filter(pk=village.pk).update(name=village.name, official_name=village.official_name)
    plant_abroad(cast, who)
    person.filter_by_newest()
    told = [
        f"{url}: …{around(text, MARK)}…"
        for url, text in person.read().items()
        if MARK in text and f"q={MARK}" not in url
    ]
    assert not told, f"{who} reads business:\n" + "\n".join(told)


@pytest.mark.parametrize("who", ("clerk", "secretary"))
def test_a_sensitive_value_is_masked_on_every_page_of_ones_own(cast, reader, who):
    hidden = {
        model: [field for field in model._meta.concrete_fields if isinstance(field, SensitiveField)]
        for model in MODELS
        if model._meta.label not in NO_DOOR
    }
    registers = [register for register in REGISTERS if hidden.get(register.model)]
    person = reader(who, registers)
    for register in registers:
        for field in hidden[register.model]:
            found = {field.name: SECRET, f"{field.name}_index": field.index_of(SECRET)}
            register.model._base_manager.filter(pk=person.rows[register].pk).update(**found)
    told = [f"{url}: …{around(text, SECRET)}…" for url, text in person.read().items() if SECRET in text]
    assert registers and not told, "\n".join(told)


def test_evidence_of_another_place_is_found_by_no_number(cast, as_, monkeypatch):
    monkeypatch.setitem(owners._accepted, "villages.hamlet", Hamlet)
    hamlet = factories.HamletFactory.at(cast.abroad)
    (piece,) = attach(cast["clerk_abroad"], hamlet, [jpg(f"{MARK}.jpg")], captions=[MARK])
    own = as_("clerk_abroad").get(f"/evidence/{piece.pk}/")
    assert own.status_code == 200 and own["Content-Disposition"] and plain(own)
    for who in (*BUSINESS, *ADMINISTRATORS):
        for url in (
            f"/evidence/{piece.pk}/",
            f"/evidence/{piece.pk}/thumb/",
            f"/evidence/villages.hamlet/{hamlet.pk}/",
        ):
            answer = as_(who).get(url)
            assert answer.status_code == (404 if who in BUSINESS else 403), (who, url)
            assert MARK not in plain(answer) and MARK not in str(answer.headers)


def test_every_question_of_a_list_names_the_territory(cast, as_):
    """The door is in the query itself: what was fetched and then dropped could still be timed or counted."""
    factories.HamletFactory.at(cast.abroad)
    with CaptureQueriesContext(connection) as queries:
        as_("clerk").get("/villages/hamlets/")
    asked = [query["sql"] for query in queries if 'FROM "villages_hamlet"' in query["sql"]]
    assert asked and all("scope_code" in sql for sql in asked)
