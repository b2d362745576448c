"""Links of a survey: the page on which they are given out, and the questionnaire behind them, on a resident's phone."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core import tickets
from core.clock import today
from core.pages import page
from core.roles import EDITORS
from surveys.actions.answers import WrongAnswers, record_response
from surveys.actions.links import PURPOSE, give_links, source_of, takes_links
from surveys.forms import AnswerForm
from surveys.given import questions_of
from surveys.models import Survey
from surveys.views.fieldwork import survey_of, villages_for
from villages.models import Village

UNPROCESSABLE = 422


class GiveForm(tickets.GiveForm):
    village = forms.ModelChoiceField(label=gettext_lazy("Village or community"), queryset=None)
    field_order = ("village", "number", "expires_on", "kind")


@page(EDITORS)
@require_http_methods(["GET", "POST"])
def give(request, pk: int):
    """`?village=`: for whom. Once the survey has ended, only what was given out is shown."""
    survey, day = survey_of(request, pk), today()
    context = {"survey": survey, "batches": tickets.listed(request.user, PURPOSE, pk)}
    if not takes_links(survey, day):
        return render(request, "surveys/links.html", context | {"next": request.get_full_path()})

    def write(said: dict):
        return [give_links(request.user, survey, day=day, **{"kind": tickets.Kind.ONE_TIME} | said)]

    return tickets.give_page(request, _give_form(request, survey, day), write, "surveys/links.html", context)


def _give_form(request, survey: Survey, day) -> GiveForm:
    villages = villages_for(request.user, survey)
    asked = request.GET.get("village", "") or (villages[0].pk if villages.count() == 1 else "")
    form = GiveForm(
        request.POST or None, day=day, last=survey.ends_on, kinds=tickets.Kind.values, initial={"village": asked}
    )
    form.fields["village"].queryset = villages
    return form


# ---- behind the link ----


@tickets.purpose(PURPOSE)
def fill_in(request, slip: tickets.Slip):
    """The questionnaire. What is wrong stands at its question, and what was typed stays."""
    survey = Survey.objects.select_related("edition__questionnaire").filter(pk=slip.subject).first()
    village = Village.objects.filter(code=slip.batch.territory_code).first()
    if survey is None or village is None:
        return tickets.closed(request, _("This survey was taken back. Thank you for your trouble."))
    if not survey.is_running(today()):
        days = {"from": survey.starts_on, "until": survey.ends_on}
        return tickets.closed(request, _("This survey runs from %(from)s to %(until)s.") % days)
    form = AnswerForm(questions_of(survey.edition), request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_valid():
        try:
            with transaction.atomic():
                slip.spend()
                record_response(None, survey, village, form.sheet, source_of(slip), day=today())
        except WrongAnswers as error:
            form.refuse(error.by_key)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return tickets.thanks(request)
    context = {"survey": survey, "village": village, "form": form, "problem": problem, "batch": slip.batch}
    return render(request, "surveys/public.html", context, status=UNPROCESSABLE if request.method == "POST" else 200)


urlpatterns = [path("work/<int:pk>/links/", give, name="links")]
