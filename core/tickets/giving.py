"""The page on which links are given out: how many, until when, of which kind; the answer to its POST is the sheet."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import once
from core.tickets.actions import MOST_SLIPS
from core.tickets.models import TicketBatch
from core.tickets.views import Issued, slips_page

UNPROCESSABLE = 422
#: How long links are good where nobody says otherwise.
USUAL = timedelta(days=30)


class GiveForm(forms.Form):
    """`last`: the latest day that the links may be good until; `kinds`: those that are offered, the first is chosen."""

    number = forms.IntegerField(
        label=gettext_lazy("Answers it takes at most"), min_value=1, max_value=MOST_SLIPS, initial=30
    )
    expires_on = forms.DateField(label=gettext_lazy("Good until"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of link"), choices=TicketBatch.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, data=None, *, day: date, last: date, kinds: Iterable[str] = (TicketBatch.Kind.ONE_TIME,), initial=None
    ):
        kinds = list(kinds)
        usual = {"expires_on": min(day + USUAL, last), "kind": kinds[0]}
        super().__init__(data, initial=usual | (initial or {}))
        self.day, self.last = day, last
        if len(kinds) == 1:
            del self.fields["kind"]
            self.fields["number"].label = _("Slips, each for one answer")
        else:
            self.fields["kind"].choices = [(kind, TicketBatch.Kind(kind).label) for kind in kinds]

    def clean_expires_on(self) -> date:
        until = self.cleaned_data["expires_on"]
        if not self.day <= until <= self.last:
            days = {"from": f"{self.day:%Y-%m-%d}", "until": f"{self.last:%Y-%m-%d}"}
            raise ValidationError(_("Choose a day from %(from)s to %(until)s.") % days)
        return until


def give_page(request, form: GiveForm, give: Callable[[dict], list[Issued]], template: str, context: dict):
    """`give(cleaned_data)` makes the links of one batch or more, each as `issue` does.

    Sent twice, they are made once: a reload of the sheet too.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                claimed = once.claim(request.POST.get("_once") or once.new_key(), TicketBatch)
                given = give(form.cleaned_data)
                once.settle(claimed, given[0][0])
        except once.Taken:
            messages.error(
                request,
                _("This sheet was made already and can't be shown again. Withdraw its batch and make a new one."),
            )
            return redirect(request.get_full_path())
        except ValidationError as error:
            _say(form, error)
        else:
            return slips_page(request, given)
    context |= {"form": form, "once": request.POST.get("_once") or once.new_key(), "next": request.get_full_path()}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, template, context, status=status)


def _say(form: GiveForm, error: ValidationError) -> None:
    """Errors of the batch's fields at the form's, where it has them."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in found.items():
        form.add_error(name if name in form.fields else None, sentences)
