"""The form that starts a run."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.scoping import in_any_range, scopes
from scoring.choices import StandardState
from scoring.models import Run, Standard
from villages.models import District, Township


class RunForm(forms.Form):
    """Which standard, year, territory and day: a territory that the person may score, a day not to come."""

    standard = forms.ModelChoiceField(Standard.objects.none(), label=_("Standard"), empty_label=None)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    territory_code = forms.ChoiceField(label=_("Territory"))
    cutoff = forms.DateField(
        label=_("Cut-off date"), widget=forms.DateInput(), help_text=_("Facts after this day don't count.")
    )

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, initial={"year": today.year, "cutoff": today}, **kwargs)
        self.today = today
        published = Standard.objects.visible_to(user).filter(state=StandardState.PUBLISHED)
        self.fields["standard"].queryset = published.order_by("-first_year", "-edition")
        self.fields["territory_code"].choices = territories(user)

    def clean_cutoff(self):
        cutoff = self.cleaned_data["cutoff"]
        if cutoff > self.today:
            raise forms.ValidationError(_("The cut-off lies in the future: choose today or an earlier day."))
        return cutoff


def territories(user) -> list[tuple[str, str]]:
    """(code, name) of the districts and townships that the person may score, districts first."""
    held = in_any_range("scope_code", scopes(user, "run", Run))
    rows = [*District.objects.filter(held).order_by("code"), *Township.objects.filter(held).order_by("code")]
    return [(row.code, row.name) for row in rows]
