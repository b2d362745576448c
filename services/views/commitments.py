"""Commitments: a village's board of the year, a promise filed, what was done of it, a meeting's grades for a branch."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cadres.models import PartyBranch, PartyMember
from cadres.places import place_of
from core import actions, rights
from core.clock import today
from core.pages import page
from core.roles import EDITORS, LOCAL, READERS
from services.actions.commitments import Grades, appraise, fulfil, promise
from services.choices_commitments import Grade
from services.commitments import boards, waiting_for_the_meeting
from services.models import Commitment, CommitmentYear
from services.places import is_number, village_of, villages_of, year_of
from services.quick import QuickForm, quick_form, save_once, show

# ---- the board ----


@require_GET
@page(READERS)
def show_board(request):
    """`?place=`, `?year=`: villages above the village, members in it."""
    place, day = place_of(request.user, request.GET.get("place", "")), today()
    year = year_of(request.GET.get("year", ""), day)
    as_of = min(day, date(year, 12, 31))
    rows = boards(place.villages, year, as_of)
    only = rows[0] if len(rows) == 1 else None
    context = {
        "place": place,
        "year": year,
        "years": [year - 1, year + 1] if year < day.year else [year - 1],
        "rows": rows,
        "only": only,
        "lines": [(line, *line.reached(as_of)) for line in only.lines] if only else [],
        "due": sum(len(row.due) for row in rows),
        "counts": [sum(column) for column in zip(*(row.counts for row in rows), strict=True)] or [0, 0, 0],
        "days": CommitmentYear.objects.visible_to(request.user).filter(year=year).first(),
        "branches": _branches(only),
        "day": as_of,
        "may_file": rights.can(request.user, "add", Commitment),
        "may_write": rights.can(request.user, "fulfil", Commitment),
    }
    return render(request, "services/commitment_board.html", context)


def _branches(board) -> list[PartyBranch]:
    """The village's branches, for the meeting's page of each."""
    return list({line.member.branch_id: line.member.branch for line in board.lines}.values()) if board else []


# ---- a promise ----


class PromiseForm(QuickForm):
    """Five inputs: who, of which kind, what, by when, on the wall or not; the day is today."""

    posted = forms.BooleanField(label=gettext_lazy("On the wall already"), required=False)

    def __init__(self, *args, village, year, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day
        self.instance.year, self.instance.promised_on = year, day
        members = PartyMember.objects.visible_to(self.user).on(day).filter(branch__village=village)
        members = members.select_related("person").defer("person__id_number", "person__phone")
        given = Commitment.objects.visible_to(self.user).filter(year=year, member=OuterRef("pk"))
        # Those who gave none yet come first.
        self.fields["member"].queryset = members.order_by(Exists(given), "person__name")

    def clean(self):
        if self.cleaned_data.get("posted"):
            self.instance.posted_on = self.day
        return super().clean()


@require_http_methods(["GET", "POST"])
@page(EDITORS)
def file_promise(request):
    """`?village=`, `?year=`, `?member=`."""
    user, day = request.user, today()
    village = village_of(user, request.GET.get("village", ""), day)
    year = year_of(request.GET.get("year", ""), day)
    form_class = quick_form(Commitment, ("member", "kind", "promise", "finish_by"), PromiseForm)
    initial = {"member": asked} if is_number(asked := request.GET.get("member", "")) else {}
    form = form_class(request.POST or None, user=user, village=village, year=year, day=day, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = save_once(request, form, lambda row: promise(user, [row])[0])
        if row:
            messages.success(request, _("Filed: %(what)s") % {"what": row})
        if not form.errors:
            return redirect(_board_url(village, year))
    days = CommitmentYear.objects.visible_to(user).filter(year=year).first()
    context = {"village": village, "villages": villages_of(user, day), "year": year, "days": days}
    return show(request, "services/commitment_file.html", form, context)


def _board_url(village, year: int) -> str:
    return f"{reverse('services:commitment_board')}?place={village.code}&year={year}"


# ---- what was done ----


class FulfilForm(forms.Form):
    """Two inputs."""

    on = forms.DateField(label=gettext_lazy("Fulfilled on"))
    outcome = forms.CharField(
        label=gettext_lazy("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )


@require_http_methods(["GET", "POST"])
@page(LOCAL)
def fulfil_promise(request, pk: int):
    """Of one promise: the day, and what was done. Photos are added on its own page."""
    rows = Commitment.objects.visible_to(request.user, "fulfil").select_related("member__person")
    row = get_object_or_404(rows.select_related("member__branch__village"), pk=pk)
    day = today()
    form = FulfilForm(request.POST or None, initial={"on": row.fulfilled_on or day, "outcome": row.outcome})
    if request.method == "POST" and form.is_valid():
        try:
            fulfil(request.user, row, form.cleaned_data["on"], form.cleaned_data["outcome"], day)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Recorded as fulfilled: %(what)s") % {"what": row})
            return redirect(_board_url(row.member.branch.village, row.year))
    return show(request, "services/commitment_fulfil.html", form, {"row": row})


# ---- a meeting's grades ----


@require_http_methods(["GET", "POST"])
@page(LOCAL)
def appraise_branch(request, pk: int):
    """`?year=`: every fulfilled promise of the branch with two grades; lines without both are left as they are."""
    user, day = request.user, today()
    branch = get_object_or_404(PartyBranch.objects.visible_to(user).select_related("village"), pk=pk)
    actions.require(user, "appraise", Commitment)
    year = year_of(request.GET.get("year", ""), day)
    waiting = waiting_for_the_meeting(Commitment.objects.visible_to(user, "appraise"), branch)
    rows, errors = waiting[year], []
    if request.method == "POST":
        try:
            done = _write_grades(user, branch, rows, request.POST, day)
        except ValidationError as error:
            errors = error.messages
        else:
            text = ngettext("%(n)d promise appraised.", "%(n)d promises appraised.", len(done)) % {"n": len(done)}
            messages.success(request, text)
            return redirect(_board_url(branch.village, year))
    given = request.POST
    context = {
        "branch": branch,
        "year": year,
        "others": sorted(other for other, those in waiting.items() if those and other != year),
        "lines": [(row, given.get(f"m{row.pk}", ""), given.get(f"r{row.pk}", "")) for row in rows],
        "grades": Grade.choices,
        "held_on": given.get("held_on", day.isoformat()),
        "errors": errors,
        "board_url": _board_url(branch.village, year),
    }
    return render(request, "services/commitment_appraise.html", context, status=422 if errors else 200)


def _write_grades(user, branch: PartyBranch, rows, given, day: date) -> list[Commitment]:
    """Raises ValidationError that names the line or the date to mend."""
    try:
        held_on = date.fromisoformat(given.get("held_on", ""))
    except ValueError as error:
        raise ValidationError(_("Enter the day of the meeting as year-month-day.")) from error
    grades = {}
    for row in rows:
        pair = Grades(given.get(f"m{row.pk}", ""), given.get(f"r{row.pk}", ""))
        if any(pair) and not all(one in Grade for one in pair):
            text = _("%(what)s: both grades are needed, the meeting’s and the residents’.")
            raise ValidationError(text % {"what": row})
        if all(pair):
            grades[row.pk] = pair
    if not grades:
        raise ValidationError(_("Nothing is graded yet: choose both grades of at least one promise."))
    return appraise(user, branch, held_on, grades, day)


urlpatterns = [
    path("commitments/board/", show_board, name="commitment_board"),
    path("commitments/file/", file_promise, name="commitment_file"),
    path("commitments/<int:pk>/fulfil/", fulfil_promise, name="commitment_fulfil"),
    path("commitments/appraise/<int:pk>/", appraise_branch, name="commitment_appraise"),
]
