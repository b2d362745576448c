"""What no reader should have to look for: every model has its door, every page asks it, time is an argument, code and
templates keep to their bounds. What departs from a rule stands here with its reason.
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from core import rights
from core.records import Ballot, random_key
from core.scoping import CatalogueQuerySet, RegionalQuerySet, ScopedQuerySet
from tests import factories

ROOT = settings.BASE_DIR
APPS = ("core", *settings.DOMAIN_APPS)
MODELS = [model for model in apps.get_models() if model._meta.app_label in APPS]
LONGEST_FUNCTION = 40  # lines, with its docstring
LONGEST_FILE = 400

#: Models that nobody asks for by themselves, and through what they are seen.
NO_DOOR = {
    "core.Chunk": "a part of a job, seen through the job",
    "core.Blob": "a stored file, seen through the evidence that uses it",
    "core.AuditSeal": "a link of the audit's chain; commands alone read it",
    "core.Heartbeat": "when a worker was last seen; /healthz alone reads it",
    "core.GuessCount": "how often something was guessed wrongly, under a hash; no page shows it",
    "core.Once": "a key of a form that was sent; no page shows it",
    "core.SheetRow": "a row of an import, seen through the import",
    "core.SheetPart": "some rows of an import, seen through the import",
    "core.SheetHeadings": "how a person assigned headings; his own next upload alone reads it",
    "core.Ticket": "the hash of a link; whoever holds the link finds it, nobody else",
    "accounts.OldPassword": "a hash; no page shows it",
    "accounts.Phone": "a secret; no page shows it after it was set up",
    "accounts.SignIn": "a session; each person sees his own, by `user.sign_ins`",
}
#: Models with a door of their own that asks the rights on something else.
RIGHTS_OF_ANOTHER = {
    "core.Evidence": "whoever may see or change the record may see or change what is attached to it",
    "core.Reminder": "a note beside a record, read with what waits",
    "core.Move": "the trail of a record, read on the record's own page",
}


# ---- models ----


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_has_a_door(model):
    label, manager = model._meta.label, model._default_manager
    if label in NO_DOOR:
        assert not hasattr(manager, "visible_to"), f"{label} has a door: take it out of NO_DOOR"
        return
    assert hasattr(manager, "visible_to"), (
        f"{label} has no door. Let it inherit core.records.Record (a village's), CatalogueRecord (everybody's), "
        f"RegionalRecord or core.scoping.Held (a territory code's), or explain it in NO_DOOR of this file."
    )
    if label not in RIGHTS_OF_ANOTHER:
        assert rights.is_declared(model), (
            f"Nobody has said who may do what to {label}: give it a register with `may`, or core.rights.declare(...)."
        )
        assert {"view", "add", "change", "delete"} <= set(rights._declared[model])


@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.label not in NO_DOOR], ids=lambda m: m._meta.label)
def test_every_model_has_a_factory(model):
    factories.of(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_the_way_to_the_village_exists(model):
    """`territory` is a path of relations that ends at territory, or "" for territory itself."""
    queryset = type(model._default_manager.all())
    if not issubclass(queryset, ScopedQuerySet) or not isinstance(getattr(queryset, "scope_path", None), property):
        return
    for step in filter(None, model.territory.split("__")):
        model = model._meta.get_field(step).related_model
    assert model._meta.get_field("scope_code").db_index, model


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_door_of_its_own_is_still_a_door(model):
    """A queryset that overrides `visible_to` builds on the kit's, or says here why it does not."""
    if not hasattr(model._default_manager, "visible_to") or model._meta.label == "core.Evidence":
        return
    assert issubclass(type(model._default_manager.all()), (ScopedQuerySet, CatalogueQuerySet, RegionalQuerySet))


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, Ballot)], ids=lambda m: m._meta.label)
def test_a_ballot_has_neither_time_nor_order(model):
    """Keys drawn by chance, which SQLite takes for the place of the row; a day at most, never an hour."""
    key = model._meta.pk
    assert key.default is random_key
    assert key.db_type(connection) in ("integer", "bigint") and key.get_internal_type() == "BigAutoField"
    timed = [f.name for f in model._meta.concrete_fields if f.get_internal_type() in ("DateTimeField", "TimeField")]
    assert not timed


def test_the_lists_of_this_file_are_not_stale():
    labels = {model._meta.label for model in MODELS}
    assert set(NO_DOOR) | set(RIGHTS_OF_ANOTHER) <= labels


# ---- pages ask the door ----

#: Files that answer people: what they read must have passed the door.
PAGES = (
    "views",
    "forms",
    "registers",
    "search",
    "homes",
    "admin_homes",
    "board",
    "chapters",
    "dossier",
    "todo",
    "panel",
)

#: file: {what the expression matches: why it may ask without a person}
WITHOUT_A_PERSON = {
    "accounts/views/signing_in.py": {
        r"User\.objects\.filter\(username=name\)\.exists": "before anybody is known; the record alone learns of it",
    },
    "cadres/registers/people.py": {r"Post\.objects\.on\(today": "narrows people who have passed the door"},
    "core/evidence/panel.py": {r"Evidence\.objects\.of\(row\)": "the record has passed the door"},
    "core/registers/history.py": {
        r"AuditRow\.objects\.filter\(model=row": "the record has passed the door",
        r"model\._default_manager$": "the next line asks visible_to of it",
    },
    "dashboards/chapters.py": {
        r"village=village|pk=village\.pk": "the village has passed the door, and who reads it reads its facts",
        r"Regulation\.objects\.required_on": "the catalogue, which whoever reads a village reads",
    },
    "dashboards/homes.py": {
        r"Run\.objects\.before\(run\)": "the comparison is drawn from results, which pass the door",
        r"Standard\.objects\.in_force\(year, held": "the standard of a place that the person holds",
    },
    "facilities/views.py": {r"Village\.objects\.filter\(pk=cell": "the village has passed the door"},
    "services/views/rating_links.py": {
        r"(Matter|ServiceRequest)\.objects\.select_related": "the slip, not a person, opens the one record it is for"
    },
    "surveys/views/links.py": {
        r"Survey\.objects\.select_related|Village\.objects\.filter\(code=slip": "the slip, not a person, opens it"
    },
    "scoring/views.py": {
        r"Run\.objects\.active\(\)\.filter\(job=busy": "the run that stands in the way of one's own, of the same place",
        r"Run\.objects\.before\(run\)": "the comparison is drawn from results, which pass the door",
    },
    "scoring/forms.py": {
        r"Standard\.objects\.none": "replaced by what the person sees",
        r"(District|Township)\.objects\.filter\(held\)": "`held` are the person's own ranges",
    },
}


def files(*parts: str) -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and (not parts or path.stem in parts or set(path.parts) & set(parts))
    ]


def questions(tree: ast.AST) -> list[ast.expr]:
    """The outermost expression of each chain that begins at `.objects` or `._default_manager`."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            while isinstance(above.get(node), (ast.Attribute, ast.Call)) and getattr(above[node], "func", node) is node:
                node = above[node]
            found.append(node)
    return found


@pytest.mark.parametrize("path", files(*PAGES), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_ask_through_the_door(path):
    """Every question that a page puts to a model names the person it asks for."""
    explained = WITHOUT_A_PERSON.get(str(path.relative_to(ROOT)), {})
    wrong = []
    for node in questions(ast.parse(path.read_text())):
        text = ast.unparse(node)
        asks_for = re.search(r"visible_to\(|\buser\b|\bby\b", text)
        if not asks_for and not any(re.search(rule, text) for rule in explained):
            wrong.append(f"line {node.lineno}: {text}")
    assert not wrong, (
        "asks past the door; put visible_to(user) into the expression, or explain it in WITHOUT_A_PERSON:\n"
        + "\n".join(wrong)
    )


# ---- time is an argument ----

#: Who may ask what time it is now, and why it is not the business date.
REAL_TIME = {
    "core/clock.py": "the one place",
    "core/actions.py": "saved_at is the real time of a save",
    "core/once.py": "how long a sent form is remembered",
    "core/jobs": "leases and waiting times are real time",
    "core/audit.py": "audit rows have the real time",
    "core/guesses.py": "wrong guesses lapse in real time",
    "core/tasks.py": "what lapses, lapses in real time",
    "core/health.py": "how long ago a worker was seen",
    "core/sheets/kept.py": "until when an export can be fetched is real time",
    "core/sheets/jobs.py": "when an import was written is real time",
    "core/sheets/models.py": "when a file was sent, and until when it can be undone, is real time",
    "core/sheets/views.py": "until when an import can be undone is real time",
    "core/seal": "audit rows have the real time, and are kept for half a year of it",
    "core/management/commands/prune_audit.py": "the same half year",
    "villages/divisions": "saved_at is the real time of a save",
    "core/evidence": "when a file was added or revoked is real time",
    "accounts": "sessions, locks, codes and passwords lapse in real time",
    "scoring/actions.py": "when a run was sealed is real time",
    "scoring/runner.py": "when a run was sealed is real time",
    "scoring/models": "how long a run has worked so far",
    "surveys/tasks.py": "how long an unfinished workbook is kept is real time",
    "facilities/views.py": "the time of a save, as the page says it",
    "facilities/matrix.py": "how long ago a room was saved",
    "dashboards/admin_homes.py": "sign-ins and audit rows are counted in real time",
}
#: Who may ask for the business date: pages, tasks, commands and what stands for a page.
ASK_TODAY = ("views", "tasks", "commands", "clock", "context_processors", "flow_pages", "registers", "demo", "panel")
NOW = re.compile(
    r"\b(?:date|datetime)\.(?:today|now|utcnow)\(|\btimezone\.now\b|\blocal(?:date|time)\(\)|\btime\.time\("
)
TODAY = re.compile(r"(?<![\w.])today\(\)|\bclock\.today\(")


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_below_the_pages_asks_what_day_it_is(path):
    name = str(path.relative_to(ROOT))
    code = "\n".join(ast.unparse(node) for node in ast.parse(path.read_text()).body)
    if found := NOW.search(code):
        assert name.startswith(tuple(REAL_TIME)), f"{found.group()} in {name}: take the day or time as an argument"
    if TODAY.search(code):
        assert path.stem in ASK_TODAY or set(path.parts) & set(ASK_TODAY), f"today() in {name}: take it as an argument"


# ---- bounds ----


def python_files() -> list[Path]:
    places = (*APPS, "config", "tests", "bench")
    return [p for place in places for p in sorted((ROOT / place).rglob("*.py")) if "migrations" not in p.parts]


def test_functions_stay_short():
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines")
    assert not long, "\n".join(long)


def test_files_stay_short():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


# ---- words ----

WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}


def hidden_words(code: str) -> list[str]:
    """Words called for inside an f-string: the extraction doesn't look there, so they would stay English."""
    inside = [
        call
        for text in ast.walk(ast.parse(code))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in WORDS
    ]
    return [f"line {call.lineno}: {ast.unparse(call)}" for call in inside]


def test_words_stand_where_they_are_extracted():
    assert hidden_words("""f"{text} {_('Nothing was written.')}" """) and hidden_words("f'{gettext(\"a\").x}'")
    found = [f"{path.relative_to(ROOT)} {line}" for path in python_files() for line in hidden_words(path.read_text())]
    assert not found, "\n".join(found)


# ---- templates hold no script and no style ----

IN_A_TEMPLATE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I),
    "a handler attribute": re.compile(r"<[^>]*\son\w+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "htmx that evaluates": re.compile(r"hx-(?:on|vals=['\"]js:)", re.I),
    "something from another host": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.I),
}


@pytest.mark.parametrize(
    "path",
    sorted([*(ROOT / "templates").rglob("*.html"), *(p for app in APPS for p in (ROOT / app).rglob("*.html"))]),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_a_template_keeps_to_the_content_policy(path):
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S)
    found = [f"{what}: {match.group()[:80]}" for what, rule in IN_A_TEMPLATE.items() if (match := rule.search(text))]
    assert not found, "\n".join(found)
