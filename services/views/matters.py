"""Cadres and their matters: the board of a year, registering on a phone, progress, and the end."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cadres.models import Person
from cadres.places import place_of
from core import actions, once
from core.clock import today
from core.pages import page
from core.registers.base import for_model
from core.roles import LOCAL, READERS
from services.actions.matters import add_note, finish, plan, register
from services.matters import VillageYear, days_of, year_of_villages
from services.models import Matter, MatterNote
from services.places import village_of, villages_of, year_of
from services.quick import CHIPS, QuickForm, chips, quick_form, save_once, show, was_sent

DATE = {"type": "date"}


@require_GET
@page(READERS)
def show_board(request):
    """`?place=`, `?year=`: a village's cadres with their matters or gaps; of more villages, those with gaps first."""
    place, day = place_of(request.user, request.GET.get("place", "")), today()
    year = year_of(request.GET.get("year", ""), day)
    villages = place.villages.on(day).select_related("township")
    mine = Matter.objects.visible_to(request.user).filter(village__in=place.villages.order_by(), year=year)
    mine = mine.select_related("person").defer("person__id_number", "person__phone").order_by("planned_by", "pk")
    years = year_of_villages(place.villages.order_by(), mine, day)
    rows = [(village, years.get(village.pk, VillageYear())) for village in villages.order_by("code")]
    rows.sort(key=lambda row: -len(row[1].gaps))
    context = {
        "place": place,
        "year": year,
        "day": day,
        "days": days_of(year),
        "own": rows[0] if len(rows) == 1 else None,
        "tags": for_model(Matter).workflow.tags,
        "rows": [(village, own, own.late(day)) for village, own in rows],
        "cadres": sum(len(own.cadres) for _village, own in rows),
        "registered": sum(own.registered for _village, own in rows),
        "confirmed": sum(own.confirmed for _village, own in rows),
        "finished": sum(own.finished for _village, own in rows),
        "may_register": bool(request.user.roles & LOCAL),
    }
    return render(request, "services/matter_board.html", context)


# ---- registering ----

FIRST = ("person", "title", "kind", "hamlet", "planned_by")
MORE = ("people", "money", "note")


class MatterForm(QuickForm):
    """Five inputs: who, what, which kind, for which hamlet, until when; the rest stands under “more”."""

    def __init__(self, *args, village, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.village = village
        cadres = Person.objects.visible_to(self.user).filter(village=village).in_post_on(day).with_posts_on(day)
        who = self.fields["person"]
        who.queryset, who.empty_label = cadres.order_by("rank", "name"), None
        if len(who.queryset) <= CHIPS:
            chips(who)
        where = self.fields["hamlet"]
        where.queryset = where.queryset.filter(village=village, closed_on__isnull=True)
        where.help_text = _("Empty: for the whole village.")
        if not self.is_bound:
            self.initial["kind"] = ""  # no kind is nearer than another
        for name, label in ASKED.items():
            self.fields[name].label = label

    def clean(self):
        """The year is that of the day until which it is done."""
        found = super().clean()
        if day := self.cleaned_data.get("planned_by"):
            self.instance.year = day.year
        return found

    @property
    def first(self) -> list:
        return [self[name] for name in FIRST]

    @property
    def more(self) -> list:
        return [self[name] for name in MORE]

    @property
    def more_open(self) -> bool:
        """What is wrong is never folded away, nor what was typed."""
        return any(name in self.errors or self[name].value() for name in MORE)


ASKED = {
    "person": gettext_lazy("Who does it"),
    "title": gettext_lazy("What is to be done"),
    "kind": gettext_lazy("Which kind"),
    "hamlet": gettext_lazy("For which hamlet"),
    "planned_by": gettext_lazy("Done by which day"),
}


@require_http_methods(["GET", "POST"])
@page(LOCAL)
def register_matter(request):
    """`?village=`, `?person=`. The first button hands it to the township, the second keeps a draft."""
    user, day = request.user, today()
    village = village_of(user, request.GET.get("village", ""), day)
    board = f"{reverse('services:matter_board')}?place={village.code}"
    if was_sent(request, Matter):
        return redirect(board)
    asked = {"person": request.GET["person"]} if request.GET.get("person", "").isdecimal() else {}
    form_class = quick_form(Matter, (*FIRST, *MORE), MatterForm)
    form = form_class(request.POST or None, initial=asked, user=user, village=village, day=day)

    def write(row: Matter) -> Matter:
        return plan(user, [row])[0] if "draft" in request.POST else register(user, row, day)

    if request.method == "POST" and form.is_valid():
        row = save_once(request, form, write)
        if row:
            text = _("Kept as a draft: %(what)s") if "draft" in request.POST else _("Handed in: %(what)s")
            messages.success(request, text % {"what": row})
            return redirect(reverse("services:matters_detail", args=[row.pk]))
        if not form.errors:
            return redirect(board)
    context = {"village": village, "villages": villages_of(user, day), "days": days_of(day.year)}
    return show(request, "services/matter_register.html", form, context)


# ---- progress and end ----


def _matter(user, pk: int, verb: str) -> Matter:
    """404 for what the person doesn't see, 403 where his role may not."""
    row = get_object_or_404(Matter.objects.visible_to(user).select_related("village", "person"), pk=pk)
    actions.require(user, verb, Matter)
    if not Matter.objects.visible_to(user, verb).filter(pk=pk).exists():
        raise Http404(_("There is no such record in your territory."))
    return row


class FinishForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Finished on"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DATE))
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@page(LOCAL)
def finish_matter(request, pk: int):
    """When it was done, and what came of it."""
    matter, day = _matter(request.user, pk, "finish"), today()
    known = {"on": matter.finished_on or day, "outcome": matter.outcome}
    form = FinishForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            finish(request.user, matter, form.cleaned_data["on"], form.cleaned_data["outcome"], day)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Done: %(what)s. Residents may rate it now.") % {"what": matter})
            return redirect("services:matters_detail", pk)
    context = {"matter": matter, "form": form, "once": ""}
    return render(request, "services/matter_finish.html", context, status=422 if form.errors else 200)


@require_POST
@page(LOCAL)
def note_progress(request, pk: int):
    """`on`, `text`: how far it has come; `_once` keeps a second click from telling it twice."""
    matter = _matter(request.user, pk, "view")
    actions.require(request.user, "add", MatterNote)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not saved: a date and a sentence of at most 200 characters are needed."))
    else:
        _write_note(request, matter, form.cleaned_data)
    return redirect("services:matters_detail", pk)


class NoteForm(forms.Form):
    on = forms.DateField()
    text = forms.CharField(max_length=200)


def _write_note(request, matter: Matter, said: dict) -> None:
    try:
        with transaction.atomic():
            claimed = once.claim(key, MatterNote) if (key := request.POST.get("_once")) else None
            once.settle(claimed, add_note(request.user, matter, said["on"], said["text"], today()))
    except once.Taken:
        return
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Progress noted."))


urlpatterns = [
    path("matter-board/", show_board, name="matter_board"),
    path("matter-board/register/", register_matter, name="matter_register"),
    path("matters/<int:pk>/finish/", finish_matter, name="matter_finish"),
    path("matters/<int:pk>/note/", note_progress, name="matter_note"),
]
