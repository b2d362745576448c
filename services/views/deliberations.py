"""The pages of a deliberation's steps: take the next one, correct one, leave the procedure, post the resolution."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import actions
from core.clock import today
from core.evidence.panel import page_of
from core.pages import page
from core.roles import READERS
from services.actions.deliberations import ENTERING, correct_step, next_step, record_outside, take_step
from services.choices_deliberations import DECISIONS, VOTES
from services.deliberating import counts_of, hangs_until, load_rules
from services.forms_deliberations import CorrectionForm, OutsideForm, StepForm
from services.models import Deliberation, DeliberationStep
from services.places import is_number, village_of, villages_of
from services.quick import QuickForm, quick_form, save_once, show
from villages.models import Village

UNPROCESSABLE = 422


def _deliberation(request, pk: int) -> Deliberation:
    rows = Deliberation.objects.visible_to(request.user).select_related("village__township", "hamlet")
    return get_object_or_404(rows, pk=pk)


def _home(deliberation: Deliberation):
    return redirect("services:deliberations_detail", deliberation.pk)


class MatterForm(QuickForm):
    """Four inputs: what it is about, of which kind, whose, what is proposed."""

    def __init__(self, *args, village: Village, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.village = village
        self.fields["hamlet"].queryset = self.fields["hamlet"].queryset.filter(village=village, closed_on=None)


@require_http_methods(["GET", "POST"])
@page(ENTERING)
def start(request):
    """`?village=`, `?hamlet=`: a matter of the village or of one of its hamlets."""
    user, day = request.user, today()
    village = village_of(user, request.GET.get("village", ""), day)
    form_class = quick_form(Deliberation, ("subject", "kind", "hamlet", "content"), MatterForm)
    initial = {"hamlet": asked} if is_number(asked := request.GET.get("hamlet", "")) else {}
    form = form_class(request.POST or None, user=user, village=village, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = save_once(request, form, lambda row: actions.create(user, [row])[0])
        if row:
            return redirect("services:deliberation_step", row.pk)
        if not form.errors:
            return redirect("services:deliberations_list")
    return show(request, "services/start.html", form, {"village": village, "villages": villages_of(user, day)})


@require_http_methods(["GET", "POST"])
@page(ENTERING)
def take(request, pk: int):
    """The next step of the matter; `step` posted says which one the person saw."""
    deliberation, day = _deliberation(request, pk), today()
    name = next_step(deliberation)
    if name is None or request.POST.get("step", name) != name:
        messages.info(request, _("This step is on record already."))
        return _home(deliberation)
    step = DeliberationStep(deliberation=deliberation, step=name, passed=_passed(request, name))
    form = StepForm(request.POST or None, instance=step, day=day)
    if request.method == "POST" and form.is_valid() and _written(form, lambda: take_step(request.user, step)):
        facts = {"step": step.get_step_display(), "state": step.deliberation.get_state_display()}
        messages.success(request, _("On record: %(step)s. The matter: %(state)s.") % facts)
        return _home(deliberation)
    return _show(request, form, deliberation, step)


@require_http_methods(["GET", "POST"])
@page(ENTERING)
def correct(request, pk: int):
    """A step that was taken, with what was entered; the old values stay in the history."""
    rows = DeliberationStep.objects.visible_to(request.user)
    step = get_object_or_404(rows.select_related("deliberation__village__township", "deliberation__hamlet"), pk=pk)
    form = CorrectionForm(request.POST or None, instance=step, day=today())
    if request.method == "POST":
        step.passed = _passed(request, step.step)

    def write():
        correct_step(request.user, step, reason=form.cleaned_data["reason"])

    if request.method == "POST" and form.is_valid() and _written(form, write):
        messages.success(request, _("Corrected: %(step)s") % {"step": step.get_step_display()})
        return _home(step.deliberation)
    return _show(request, form, step.deliberation, step)


def _passed(request, name: str) -> bool:
    """The second button of a vote says that it did not pass."""
    return name not in VOTES or "not_passed" not in request.POST


def _written(form: Form, write) -> bool:
    """Whether the action took it; its refusals stand at the fields that they are about."""
    try:
        write()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _show(request, form, deliberation: Deliberation, step: DeliberationStep):
    context = {
        "form": form,
        "deliberation": deliberation,
        "step": step,
        "evidence_url": page_of(step) if step.pk else "",
        "is_vote": step.step in VOTES,
    }
    return render(request, "services/step.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(ENTERING)
def leave(request, pk: int):
    """The matter was decided without the procedure: on which day, and why."""
    deliberation = _deliberation(request, pk)
    form = OutsideForm(request.POST or None, day=today())

    def write():
        told = form.cleaned_data
        record_outside(request.user, deliberation, told["decided_on"], reason=told["reason"])

    if request.method == "POST" and form.is_valid() and _written(form, write):
        messages.success(request, _("On record: decided outside the procedure."))
        return _home(deliberation)
    context = {"form": form, "deliberation": deliberation}
    return render(request, "services/outside.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@page(READERS)
def show_notice(request, pk: int):
    """The resolution as it hangs on the wall: heading, vote, date, a place to sign."""
    deliberation = _deliberation(request, pk)
    steps = list(DeliberationStep.objects.visible_to(request.user).filter(deliberation=deliberation))
    for step in steps:
        step.deliberation = deliberation
    rules, taken = load_rules(), {step.step: step for step in steps}
    decided = next((step for step in steps if step.step in DECISIONS), None)
    posted = taken.get("disclose")
    context = {
        "deliberation": deliberation,
        "decided": decided,
        "counts": counts_of(decided, rules) if decided else [],
        "votes": [step for step in steps if step.entitled is not None],
        "posted": posted,
        "until": hangs_until(posted, rules) if posted else None,
        "done": taken.get("carry_out"),
        "day": today(),
    }
    return render(request, "services/notice.html", context)


urlpatterns = [
    path("deliberations/start/", start, name="deliberation_start"),
    path("deliberations/<int:pk>/step/", take, name="deliberation_step"),
    path("deliberations/<int:pk>/outside/", leave, name="deliberation_outside"),
    path("deliberations/<int:pk>/notice/", show_notice, name="deliberation_notice"),
    path("deliberation-steps/<int:pk>/correct/", correct, name="deliberation_correct"),
]
