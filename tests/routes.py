"""The addresses of the portal, how to reach each of them, and whose an object is: for the tests of routes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.db import connection
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.models import SignIn, User
from core.jobs.models import Job
from core.registers import Register, all_registers
from core.registers.forms import form_for, formsets_for
from core.registers.views import RegisterView
from core.roles import Role
from core.scoping import Catalogue, RegionalQuerySet
from core.sheets import kept
from tests import cast as stage
from tests import factories
from villages.models import Village

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


def export_of_a_stranger(place) -> Job:
    """A large export is the person's own, whatever he may read."""
    user = factories.UserFactory.at(place)
    return kept.begin(user, name="坡", day=factories.DAY, label="villages.Hamlet")


def village(place) -> Village:
    return place


#: An import is its sender's own; nobody of the cast has sent these.
IMPORT_PAGES = [
    f"core:import{tail}" for tail in ("", "_headings", "_narrow", "_mend", "_marked", "_write", "_undo", "_drop")
]
BY_CODE = Page(village, arg=lambda row: (row.code,))
FILE = Page(factories.EvidenceFactory.at, also=frozenset({404}))  # seen, but not stored
RUN = Page(factories.RunFactory.at)
PAGES = {
    # Says 503 where no worker runs, as in most tests.
    "core:healthz": Page(village, arg=lambda row: (), also=frozenset({503})),
    "core:ticket": Page(village, arg=lambda row: ("no-such-token",), also=frozenset({404, 429})),
    # Everybody's page: it counts what the person sees, whatever the place.
    "dashboards:figure": Page(factories.HolidayFactory.at, arg=lambda row: (2,)),
    # Without the cookie of a first hop there is nothing behind it.
    "core:ticket_page": Page(village, arg=lambda row: (), also=frozenset({404})),
    "core:ticket_withdraw": Page(factories.TicketBatchFactory.at, "change"),
    "cadres:training_sheet": Page(factories.CourseFactory.at),
    "cadres:training_record": Page(factories.PersonFactory.at),
    "accounts:set_password": Page(
        factories.UserFactory.at, "change", post=lambda row: dict.fromkeys(("password", "again"), "long-enough-2013")
    ),
    "cadres:appraisal_fill": Page(factories.AppraisalFactory.changeable, "change"),
    "cadres:appraisal_result": Page(factories.AppraisalFactory.at),
    "cadres:election_result": Page(factories.ElectionFactory.at),
    "cadres:selection_ranking": Page(factories.SelectionFactory.at),
    "services:hamlet_bodies": Page(factories.HamletFactory.at),
    "services:deliberation_notice": Page(factories.DeliberationFactory.at),
    "services:deliberation_step": Page(factories.DeliberationFactory.at, "correct"),
    "services:deliberation_outside": Page(factories.DeliberationFactory.at, "go_outside"),
    "services:deliberation_correct": Page(factories.DeliberationStepFactory.at, "correct"),
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
    **dict.fromkeys(IMPORT_PAGES, Page(factories.SheetImportFactory.at, "nobody")),
    "core:export": Page(export_of_a_stranger, "nobody"),
    "core:export_progress": Page(export_of_a_stranger, "nobody"),
    "core:export_file": Page(export_of_a_stranger, "nobody"),
    "accounts:end_sign_in": Page(sign_in_of_a_stranger, "nobody", arg=lambda row: (row.sign_ins.get().pk,)),
    "accounts:unlock": Page(factories.UserFactory.at, "change"),
    "accounts:reset_second_factor": Page(factories.UserFactory.at, "change", post=lambda row: {"reason": "手机丢失"}),
    "accounts:end_grant": Page(factories.GrantFactory.at, "end"),
    "dashboards:village": BY_CODE,
    "dashboards:book": BY_CODE,
    "facilities:hand_in": BY_CODE,
    "facilities:room_set_publish": Page(factories.RoomSetFactory.changeable, "publish"),
    "facilities:room_set_new_edition": Page(factories.RoomSetFactory.at, "add"),
    "services:case_print": Page(factories.CaseFactory.at),
    "services:case_slip": Page(factories.CaseFactory.at, "issue_code"),
    "services:case_join": Page(factories.CaseFactory.at, "join"),
    "services:matter_finish": Page(
        lambda place: factories.MatterFactory.at(place, state="under_way"),
        "finish",
        post=lambda row: {"on": "2013-11-20", "outcome": "路通了"},
        also=frozenset({422}),
    ),
    "services:matter_note": Page(
        lambda place: factories.MatterFactory.at(place, state="under_way"),
        "finish",
        post=lambda row: {"on": "2013-11-20", "text": "路基已完成"},
    ),
    "services:matter_links": Page(lambda place: factories.MatterFactory.at(place, state="finished")),
    "services:request_links": Page(factories.ServiceRequestFactory.at),
    "services:rating_correct": Page(factories.RatingBatchFactory.at, "change"),
    "services:rating_withdraw": Page(factories.RatingBatchFactory.at, "withdraw", post=lambda row: {"reason": "录错"}),
    "services:commitment_fulfil": Page(
        factories.CommitmentFactory.at, "fulfil", post=lambda row: {"on": "2013-06-03", "outcome": "已办结"}
    ),
    "services:commitment_appraise": Page(factories.PartyBranchFactory.at, also=frozenset({422})),
    "surveys:questionnaires_detail": Page(factories.QuestionnaireFactory.at),
    "surveys:version_begin": Page(factories.QuestionnaireFactory.at, "change"),
    "surveys:version": Page(factories.QuestionnaireVersionFactory.at),
    "surveys:version_words": Page(factories.QuestionnaireVersionFactory.changeable, "change"),
    "surveys:version_copy": Page(factories.QuestionnaireVersionFactory.changeable, "change"),
    "surveys:version_publish": Page(factories.QuestionnaireVersionFactory.changeable, "publish"),
    "surveys:version_retire": Page(factories.QuestionnaireVersionFactory.at, "retire"),
    "surveys:version_preview": Page(factories.QuestionnaireVersionFactory.at),
    "surveys:question_add": Page(factories.QuestionnaireVersionFactory.changeable, "change"),
    "surveys:question": Page(factories.QuestionFactory.changeable, "change"),
    "surveys:question_move": Page(factories.QuestionFactory.changeable, "change"),
    "surveys:question_delete": Page(factories.QuestionFactory.changeable, "change"),
    "surveys:survey": Page(factories.SurveyFactory.at),
    "surveys:plan": Page(factories.SurveyFactory.at, "change"),
    "surveys:enter": Page(factories.SurveyFactory.at),
    "surveys:results": Page(factories.SurveyFactory.at),
    "surveys:cross": Page(factories.SurveyFactory.at),
    "surveys:comparison": Page(factories.SurveyFactory.at),
    "surveys:texts": Page(factories.SurveyFactory.at),
    "surveys:export_rows": Page(factories.SurveyFactory.at, arg=lambda row: (row.pk, "csv")),
    "surveys:export_tables": Page(factories.SurveyFactory.at, arg=lambda row: (row.pk, "csv")),
    "surveys:pile": Page(factories.SurveyFactory.at),
    "surveys:links": Page(factories.SurveyFactory.at),
    "surveys:workbook": Page(factories.SurveyFactory.at),
    "surveys:workbook_template": Page(factories.SurveyFactory.at),
    "surveys:batch": Page(factories.BatchFactory.at),
    "surveys:batch_headings": Page(factories.BatchFactory.at, "change"),
    "surveys:batch_mend": Page(factories.BatchFactory.at, "change"),
    "surveys:batch_marked": Page(factories.BatchFactory.at),
    "surveys:batch_end": Page(factories.BatchFactory.at, "change"),
    "surveys:batch_drop": Page(factories.BatchFactory.at, "change"),
    "surveys:batch_write": Page(factories.BatchFactory.at, "change"),
    "surveys:batch_progress": Page(factories.BatchFactory.at, also=frozenset({404})),
    "scoring:publish": Page(factories.StandardFactory.changeable, "publish"),
    "scoring:retire": Page(factories.StandardFactory.at, "retire"),
    "scoring:new_edition": Page(factories.StandardFactory.at, "add"),
    "scoring:run": RUN,
    "scoring:run_progress": RUN,
    "scoring:run_stop": Page(factories.RunFactory.at, "run"),
    "scoring:run_resume": Page(factories.RunFactory.at, "run"),
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
    if verb == "view" and isinstance(type(row)._default_manager.all(), RegionalQuerySet):
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
        written = []
        with self.undone(), connection.execute_wrapper(partial(note_write, written)):
            response = getattr(self.clients[who], method)(url, data or {})
        return response, bool(written)

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


#: Sessions, and the record of a refusal, may be written whoever asks.
ALWAYS_WRITTEN = ("django_session", "core_auditrow", "accounts_signin", "axes_")


def note_write(written: list[str], execute, sql, params, many, context):
    """Wraps each statement; quicker by half than Django's own capture, which asks the database for its wording."""
    if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(table in sql[:60] for table in ALWAYS_WRITTEN):
        written.append(sql)
    return execute(sql, params, many, context)


def errors_of(response) -> str:
    form = (response.context or {}).get("form") if getattr(response, "context", None) else None
    return f" {dict(form.errors)}" if getattr(form, "errors", None) else ""


# ---- forms ----


def payload(register: type[Register], row, user: User) -> dict:
    """What the row's own edit form would post, its inlines empty or as they are."""
    form = form_for(register)(instance=row, user=user)
    values = {}
    for name, field in form.fields.items():
        # A new row can't be typed in stars.
        value = getattr(getattr(row, name, None), "plain", None) or form[name].value()
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


def role_of(who: str) -> Role:
    return next(role for name, role, _code in stage.PEOPLE if name == who)


def holds(register, who: str, verb: str) -> bool:
    return role_of(who) in register.may[verb]


def is_draft(row) -> bool:
    return getattr(getattr(row, "standard", row), "state", "") == "draft"
