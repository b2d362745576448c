"""Hearing a case on a phone, the slip for the person who raised it, and joining it to another."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import once, qr, rights
from core.clock import today
from core.pages import number_in, page
from core.registers.forms import RegisterForm, widget_for
from core.roles import EDITORS, Role
from services.actions.case_entry import create_cases, issue_code, join
from services.case_likeness import like
from services.choices_cases import CaseKind, CaseState, HeardHow
from services.models import Case, Grid
from services.views.cases import case_of
from villages.models import Village

UNPROCESSABLE = 422
#: What the phone asks first; the rest is known or stands under “more”.
FIRST = ("title", "kind", "hamlet", "raised_by", "phone")
MORE = ("text", "how", "heard_on")


class HearForm(RegisterForm):
    """One case of one village. `day`: nothing is heard after it."""

    def __init__(self, *args, village: Village, grid: Grid | None, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day
        self.instance.village, self.instance.grid = village, grid
        hamlets = self.fields["hamlet"].queryset.filter(village=village, closed_on__isnull=True)
        self.fields["hamlet"].queryset = hamlets.filter(in_grids__grid=grid).distinct() if grid else hamlets
        self.fields["kind"].choices = CaseKind.choices  # buttons, so none for “nothing”
        for name in ("raised_by", "phone"):
            self.fields[name].help_text = ""

    class Meta:
        model = Case
        fields = (*FIRST, *MORE)
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}
        labels = {"raised_by": gettext_lazy("Who raised it (may be left empty)")}
        formfield_callback = widget_for

    def clean_heard_on(self):
        day = self.cleaned_data["heard_on"]
        if day > self.day:
            raise ValidationError(_("This day is still to come: type the day on which it was heard."))
        return day


def _place_of(request) -> tuple[Village | None, Grid | None]:
    """The village of the grid or the village asked for; the person's own where he has one; else (None, None)."""
    asked = request.POST if request.method == "POST" else request.GET
    villages = Village.objects.visible_to(request.user).on(today())
    grid = None
    if number := number_in(asked.get("grid", "")):
        grid = Grid.objects.visible_to(request.user).filter(pk=number, closed_on__isnull=True).first()
        if grid is None:
            raise Http404(_("There is no such record in your territory."))
        return villages.filter(pk=grid.village_id).first(), grid
    if number := number_in(asked.get("village", "")):
        found = villages.filter(pk=number).first()
        if found is None:
            raise Http404(_("There is no such place in your territory."))
        return found, None
    first = list(villages[:2])
    return (first[0] if len(first) == 1 else None), None


@page(EDITORS)
@require_http_methods(["GET", "POST"])
def hear(request):
    """`village` or `grid`: where. POST makes the case and gives the slip; what is like an open case is asked first."""
    village, grid = _place_of(request)
    if village is None:
        villages = Village.objects.visible_to(request.user).on(today()).order_by("code")
        return render(request, "services/case_where.html", {"villages": villages.values_list("pk", "name")})
    initial = {"heard_on": today(), "how": HeardHow.GRID if grid else HeardHow.VISIT}
    if request.method == "GET":
        form = HearForm(user=request.user, village=village, grid=grid, day=today(), initial=initial)
        return _ask(request, form)
    key = request.POST.get("_once", "")
    if key and once.is_taken(key, Case):
        return _heard_before(key)
    form = HearForm(request.POST, user=request.user, village=village, grid=grid, day=today())
    if not form.is_valid():
        return _ask(request, form, status=UNPROCESSABLE)
    candidates = like(form.cleaned_data["title"], _open_in(request.user, village))
    same = request.POST.get("same", "")
    if candidates and not same:
        return _ask(request, form, candidates)
    leader = next((case for case in candidates if str(case.pk) == same), None)
    try:
        code = _write(request.user, form.instance, leader, key)
    except once.Taken:
        return _heard_before(key)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return _ask(request, form, candidates, UNPROCESSABLE)
    return _slip(request, form.instance, code)


def _open_in(user, village: Village):
    return Case.objects.visible_to(user).open().filter(village=village).order_by("-pk")[:300]


def _write(by, case: Case, leader: Case | None, key: str) -> str:
    """The case, its code, and what it follows, all or nothing. Returns the code."""
    with transaction.atomic():
        claimed = once.claim(key, Case) if key else None
        create_cases(by, [case])
        code = issue_code(by, case)
        if leader:
            join(by, case, leader, today())
        once.settle(claimed, case)
    return code


def _heard_before(key: str):
    made = once.made_by(key, Case)
    return redirect("services:cases_detail", made) if made else redirect("services:case_board")


def _ask(request, form: HearForm, candidates=(), status: int = 200):
    context = {
        "form": form,
        "village": form.instance.village,
        "grid": form.instance.grid,
        "first": [form[name] for name in FIRST],
        "more": [form[name] for name in MORE],
        "candidates": candidates,
        "once": request.POST.get("_once") or once.new_key(),
    }
    return render(request, "services/case_hear.html", context, status=status)


def _slip(request, case: Case, code: str):
    """Number and code on paper. Shown once: nothing but the code's hash is kept."""
    url = f"{settings.BASE_URL}{reverse('services:case_ask')}"
    drawn = qr.draw(f"{url}?{urlencode({'number': case.number})}", _("Ask after the case"))
    context = {"object": case, "code": f"{code[:4]} {code[4:]}", "url": url, "drawn": drawn}
    return render(request, "services/case_slip.html", context)


@page(EDITORS)
@require_POST
def give_slip(request, pk: int):
    """A new code for the case; the slip given before is void."""
    case = case_of(request.user, pk, "issue_code")
    return _slip(request, case, issue_code(request.user, case))


@page({Role.SECRETARY})
@require_http_methods(["GET", "POST"])
def join_case(request, pk: int):
    """Which case it follows: `leader`, a number. The likest first, then the other open ones of the village."""
    case = case_of(request.user, pk, "join")
    if not rights.can(request.user, "join", Case):
        raise PermissionDenied
    others = [other for other in _open_in(request.user, case.village) if other.pk != case.pk]
    likest = like(case.title, others)
    if request.method == "POST":
        leader = next((other for other in others if str(other.pk) == request.POST.get("leader", "")), None)
        try:
            if leader is None:
                raise ValidationError(_("Choose the case that this one follows."))
            join(request.user, case, leader, today())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Joined to %(number)s.") % {"number": leader.number})
        return redirect("services:cases_detail", case.pk)
    rest = [other for other in others if other not in likest]
    context = {"object": case, "likest": likest, "rest": rest, "may": case.state in _joinable()}
    return render(request, "services/case_join.html", context)


def _joinable() -> tuple[str, ...]:
    return (CaseState.HEARD, CaseState.INSPECTED, CaseState.VILLAGE)


urlpatterns = [
    path("case-hear/", hear, name="case_hear"),
    path("cases/<int:pk>/slip/", give_slip, name="case_slip"),
    path("cases/<int:pk>/join/", join_case, name="case_join"),
]
