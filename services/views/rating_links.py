"""Slips for rating what is done: the page on which they are given out, and the three questions behind them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core import tickets
from core.clock import today
from core.pages import page
from services.actions.rating_links import PURPOSES, Rated, give_for_all, give_slips, is_done, last_day, rate_by_link
from services.actions.ratings import Answer
from services.choices_matters import MatterState
from services.choices_ratings import STEPS, Aspect
from services.models import Matter, ServiceRequest
from services.places import village_of
from services.registers.ratings import TYPISTS

UNPROCESSABLE = 422
#: The same three aspects, asked as one asks a neighbour.
QUESTIONS = {
    Aspect.TIME: gettext_lazy("Was it done fast?"),
    Aspect.RESULT: gettext_lazy("Was it done well?"),
    Aspect.ATTITUDE: gettext_lazy("Were people treated well?"),
}


@page(TYPISTS)
@require_http_methods(["GET", "POST"])
def give_for_matter(request, pk: int):
    rows = Matter.objects.visible_to(request.user).select_related("village")
    return _give(request, get_object_or_404(rows, pk=pk), "services:matters", number=30)


@page(TYPISTS)
@require_http_methods(["GET", "POST"])
def give_for_request(request, pk: int):
    """One slip: for whoever asked."""
    rows = ServiceRequest.objects.visible_to(request.user).select_related("village", "item")
    return _give(request, get_object_or_404(rows, pk=pk), "services:service_requests", number=1)


def _give(request, subject: Rated, register: str, number: int):
    day = today()
    if not is_done(subject):
        messages.error(request, _("This is not done yet: residents rate it when it is."))
        return redirect(f"{register}_detail", subject.pk)
    form = tickets.GiveForm(request.POST or None, day=day, last=last_day(subject, day), initial={"number": number})
    context = {
        "subject": subject,
        "all": subject._meta.verbose_name_plural,
        "register": register,
        "batches": tickets.listed(request.user, PURPOSES[type(subject)], subject.pk),
    }

    def write(said: dict):
        return [give_slips(request.user, subject, day=day, **said)]

    return tickets.give_page(request, form, write, "services/rating_links.html", context)


@page(TYPISTS)
@require_http_methods(["GET", "POST"])
def give_for_village(request):
    """`?village=`: so many slips for each matter of the village that waits for ratings, to print at once."""
    user, day = request.user, today()
    village = village_of(user, request.GET.get("village", ""), day)
    rows = Matter.objects.visible_to(user).filter(village=village, state=MatterState.FINISHED)
    matters = list(rows.select_related("village", "person").defer("person__id_number", "person__phone").order_by("pk"))
    board = f"{reverse('services:rating_board')}?place={village.code}"
    if not matters:
        messages.info(request, _("No matter of %(village)s waits for ratings.") % {"village": village})
        return redirect(board)
    last = min(last_day(one, day) for one in matters)
    form = tickets.GiveForm(request.POST or None, day=day, last=last, initial={"number": 10})
    form.fields["number"].label = _("Slips for each matter")

    def write(said: dict):
        return give_for_all(user, matters, day=day, **said)

    context = {"village": village, "matters": matters, "board": board}
    return tickets.give_page(request, form, write, "services/rating_links_village.html", context)


# ---- behind the link ----


class RateForm(forms.Form):
    """Three times five steps, and for a matter a note: a request is rated by one or two, so that none would be shown."""

    def __init__(self, data=None, *, with_note: bool):
        super().__init__(data)
        for aspect in Aspect:
            self.fields[aspect.value] = forms.TypedChoiceField(
                label=aspect.label,
                help_text=QUESTIONS[aspect],
                choices=STEPS[aspect].choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose one of the five."),
                    "invalid_choice": _("Choose one of the five."),
                },
            )
        if with_note:
            self.fields["note"] = forms.CharField(
                label=_("What else to say"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )

    @property
    def steps(self) -> list[forms.BoundField]:
        return [self[aspect.value] for aspect in Aspect]

    @property
    def answer(self) -> Answer:
        return Answer(*(self.cleaned_data[name] for name in Answer._fields))


@tickets.purpose(PURPOSES[Matter], TYPISTS)
def rate_matter(request, slip: tickets.Slip):
    rows = Matter.objects.select_related("person", "village__township").defer("person__id_number", "person__phone")
    matter = rows.filter(pk=slip.subject).first()
    about = _("Done by %(who)s") % {"who": matter.person} if matter else ""
    return _rate(request, slip, matter, str(matter), about, RateForm(request.POST or None, with_note=True))


@tickets.purpose(PURPOSES[ServiceRequest], TYPISTS)
def rate_request(request, slip: tickets.Slip):
    """Says what was asked for and where, not by whom."""
    rows = ServiceRequest.objects.select_related("item", "station", "village__township")
    row = rows.filter(pk=slip.subject).first()
    title, about = (row.item.label, str(row.station)) if row else ("", "")
    return _rate(request, slip, row, title, about, RateForm(request.POST or None, with_note=False))


def _rate(request, slip: tickets.Slip, subject: Rated | None, title: str, about: str, form: RateForm):
    if subject is None or not is_done(subject):
        return tickets.closed(request, _("This is being worked on again: rate it when it is done."))
    if form.is_valid():
        try:
            rate_by_link(slip, subject, form.answer, form.cleaned_data.get("note", ""), today())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return tickets.thanks(request)
    context = {"form": form, "subject": subject, "title": title, "about": about, "batch": slip.batch}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "services/rate.html", context, status=status)


urlpatterns = [
    path("matters/<int:pk>/links/", give_for_matter, name="matter_links"),
    path("ratings/links/", give_for_village, name="rating_links"),
    path("service-requests/<int:pk>/links/", give_for_request, name="request_links"),
]
