"""What residents say: results of a year, and the page on which a clerk types paper slips."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cadres.places import place_of
from core import once, rights
from core.clock import today
from core.pages import page
from core.registers.flow import due_of
from core.registers.forms import widget_for
from core.roles import READERS
from services.actions.ratings import correct_batch, record_batch, withdraw_batch
from services.choices_matters import MatterState
from services.choices_ratings import BEST, SATISFIED, STEPS, Aspect
from services.models import Matter, Rating, RatingBatch, RatingRound, ServiceRequest
from services.places import code_asked, is_number, year_of
from services.ratings import NOTHING, results_by
from services.registers.ratings import TYPISTS
from services.slips import ROWS, Slips
from villages.models import Village

UNPROCESSABLE = 422
#: Batches and waiting matters that the board names.
SHOWN = 40


@require_GET
@page(READERS)
def show_board(request):
    """`?place=` or `?village=` (a number), `?year=`: what was said in each village, the batches, what waits for slips."""
    user, day = request.user, today()
    place = place_of(user, code_asked(user, request.GET.get("village", "")) or request.GET.get("place", ""))
    year = year_of(request.GET.get("year", ""), day)
    within = {"village__in": place.villages.order_by(), "on__year": year}
    results = results_by(Rating.objects.visible_to(user).counted().of_services().filter(**within), "village")
    villages = place.villages.on(day).select_related("township").order_by("code")
    rows = [(village, results.get(village.pk, NOTHING)) for village in villages]
    batches = RatingBatch.objects.visible_to(user).filter(village__in=place.villages, collected_on__year=year)
    waiting = Matter.objects.visible_to(user).filter(village__in=place.villages, state=MatterState.FINISHED)
    waiting = waiting.select_related("person", "village").defer("person__id_number", "person__phone")
    waiting = list(waiting.order_by(F("due_on").asc(nulls_last=True), "finished_on", "pk")[:SHOWN])
    came = results_by(
        Rating.objects.visible_to(user).counted().filter(matter__in=[one.pk for one in waiting]), "matter"
    )
    context = {
        "place": place,
        "year": year,
        "aspects": Aspect,
        "satisfied": SATISFIED,
        "best": BEST,
        "rows": sorted(rows, key=lambda row: -row[1].asked) if len(rows) > 1 else rows,
        "asked": sum(result.asked for _village, result in rows),
        "batches": list(batches.select_related("matter", "request__item", "round", "village")[:SHOWN]),
        "batches_total": batches.count(),
        "waiting": [(one, came.get(one.pk, NOTHING).asked, due_of(one, day)) for one in waiting],
        "may_type": rights.can(user, "add", RatingBatch),
        "rounds": RatingRound.objects.visible_to(user).filter(takes_part__village__in=place.villages).distinct(),
    }
    return render(request, "services/rating_board.html", context)


# ---- typing slips ----


class BatchForm(forms.ModelForm):
    """The numbers above the slips."""

    class Meta:
        model = RatingBatch
        fields = ("collected_on", "handed_out", "returned", "note")
        formfield_callback = widget_for


@require_http_methods(["GET", "POST"])
@page(TYPISTS)
def type_batch(request):
    """`?matter=`, `?request=`, or `?round=` with `?village=`: numbers, not yet any slip."""
    subject = _subject(request.user, request.GET)
    if subject is None:
        messages.error(request, _("Say what the slips are about: open a matter, a request, or a round of a village."))
        return redirect("services:rating_board")
    batch = RatingBatch(**subject)
    form = BatchForm(request.POST or None, instance=batch, initial={"collected_on": today()})
    slips = Slips.read(request.POST) if request.method == "POST" else Slips.blank(request.GET.get("rows", ""))
    if request.method == "POST" and _is_sound(form, slips):
        try:
            with transaction.atomic():
                claimed = once.claim(key, RatingBatch) if (key := request.POST.get("_once")) else None
                batch.typed_twice = slips.is_twice
                record_batch(request.user, batch, slips.answers, today())
                once.settle(claimed, batch)
        except once.Taken:
            return redirect(_board(batch))
        except ValidationError as error:
            _say(form, error)
        else:
            messages.success(request, _("Slips counted: %(n)d.") % {"n": batch.typed})
            return redirect(_board(batch))
    return _show(request, form, slips, {"once": request.POST.get("_once") or once.new_key()})


@require_http_methods(["GET", "POST"])
@page(TYPISTS)
def correct(request, pk: int):
    """The slips of a batch once more, with the reason."""
    rows = RatingBatch.objects.visible_to(request.user, "change").select_related(
        "matter", "request", "round", "village"
    )
    batch = get_object_or_404(rows, pk=pk)
    form = BatchForm(request.POST or None, instance=batch)
    slips = Slips.read(request.POST) if request.method == "POST" else Slips.of(batch.ratings.all())
    if request.method == "POST" and _is_sound(form, slips):
        batch.typed_twice = slips.is_twice
        try:
            correct_batch(request.user, batch, slips.answers, today(), request.POST.get("reason", ""))
        except ValidationError as error:
            _say(form, error)
        else:
            messages.success(request, _("Slips corrected: %(n)d.") % {"n": batch.typed})
            return redirect(_board(batch))
    context = {"batch": batch, "reason": request.POST.get("reason", "")}
    return _show(request, form, slips, context)


@require_POST
@page(TYPISTS)
def withdraw(request, pk: int):
    """`reason`: the slips stay on record and count no more."""
    batch = get_object_or_404(RatingBatch.objects.visible_to(request.user, "withdraw"), pk=pk)
    try:
        withdraw_batch(request.user, batch, today(), request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Withdrawn: these slips count no more."))
    return redirect(_board(batch))


def _subject(user, asked) -> dict | None:
    """What is rated, as columns of the batch; None where nothing is named. 404 for what the person doesn't see."""
    for name, model in (("matter", Matter), ("request", ServiceRequest)):
        if is_number(asked.get(name, "")):
            row = get_object_or_404(model.objects.visible_to(user).select_related("village"), pk=int(asked[name]))
            return {name: row, "village": row.village}
    if is_number(asked.get("round", "")) and is_number(asked.get("village", "")):
        own = RatingRound.objects.visible_to(user).filter(takes_part__village=int(asked["village"]))
        villages = Village.objects.visible_to(user)
        return {
            "round": get_object_or_404(own, pk=int(asked["round"])),
            "village": get_object_or_404(villages, pk=int(asked["village"])),
        }
    return None


def _is_sound(form: BatchForm, slips: Slips) -> bool:
    """Both are read, so that all that is wrong is said at once."""
    sound = form.is_valid()
    if slips.problems:
        text = _("Row %(row)d: %(problem)s")
        form.add_error(None, [text % {"row": row, "problem": said} for row, said in slips.problems.items()])
    return sound and not slips.problems


def _say(form: BatchForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def _board(batch: RatingBatch) -> str:
    return f"{reverse('services:rating_board')}?village={batch.village_id}&year={batch.collected_on.year}"


def _show(request, form: BatchForm, slips: Slips, context: dict):
    batch = form.instance
    context |= {
        "form": form,
        "slips": slips,
        "more_rows": len(slips.rows) + ROWS,
        "subject": batch.subject,
        "village": batch.village,
        "scale": [(aspect.label, [(step.value, step.label) for step in STEPS[aspect]]) for aspect in Aspect],
        "may_withdraw": batch.pk and rights.can(request.user, "withdraw", RatingBatch),
    }
    return render(request, "services/rating_slips.html", context, status=UNPROCESSABLE if form.errors else 200)


urlpatterns = [
    path("ratings/", show_board, name="rating_board"),
    path("ratings/slips/", type_batch, name="rating_slips"),
    path("ratings/<int:pk>/correct/", correct, name="rating_correct"),
    path("ratings/<int:pk>/withdraw/", withdraw, name="rating_withdraw"),
]
