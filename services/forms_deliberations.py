"""What a step's page asks for: at most five things, the rest under “more”."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.choices_deliberations import DECISIONS, NINE_MATTERS, VOTES, Deciders, StepKind
from services.entitled import entitled_on
from services.models import DeliberationStep

NUMBERS = ("entitled", "present", "in_favour")


class PastDateField(forms.DateField):
    """A day up to `latest`: what is still to come is not on record yet."""

    widget = forms.DateInput

    def __init__(self, *args, latest: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.latest = latest

    def validate(self, value) -> None:
        super().validate(value)
        if value and value > self.latest:
            raise ValidationError(_("This day is still to come: enter the step when it was taken."))


class StepForm(forms.ModelForm):
    """A step to take or to correct: `instance` names the deliberation and the step, `day` is today."""

    class Meta:
        model = DeliberationStep
        fields = ("held_on", "deciders", *NUMBERS, "explanation", "mandate", "note")

    def __init__(self, *args, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        step = self.instance
        self.fields["held_on"] = PastDateField(label=self.fields["held_on"].label, latest=day)
        self.fields["note"].widget.attrs["rows"] = 3
        if step.step in DECISIONS:
            self._offer_meetings(day)
        else:
            del self.fields["deciders"]
        if step.step != StepKind.DECIDE or step.deliberation.kind not in NINE_MATTERS:
            del self.fields["mandate"]
        if step.step in VOTES:
            for name in NUMBERS:
                self.fields[name].required = True
        else:
            for name in (*NUMBERS, "explanation"):
                del self.fields[name]
        if step.pk is None:
            self._propose(day)

    def _offer_meetings(self, day: date) -> None:
        """Each meeting that may decide, with how many the registers say are entitled in it."""
        step = self.instance
        offered = []
        for value in step.deliberation.deciders:
            n = entitled_on(step.deliberation, step.step, value, step.held_on or day)
            label = Deciders(value).label
            facts = {"meeting": label, "n": n}
            offered.append((value, _("%(meeting)s (%(n)d entitled)") % facts if n else str(label)))
        self.fields["deciders"] = forms.ChoiceField(
            label=self.fields["deciders"].label, choices=offered, widget=forms.RadioSelect
        )

    def _propose(self, day: date) -> None:
        """Today, the usual meeting, and those entitled by the registers."""
        step = self.instance
        usual = step.deliberation.deciders[0] if step.step in DECISIONS else ""
        self.initial |= {"held_on": day, "deciders": usual}
        if step.step in VOTES:
            self.initial["entitled"] = entitled_on(step.deliberation, step.step, usual, day)

    @property
    def first(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        names = ["held_on", "deciders", *NUMBERS]
        if self.instance.step not in VOTES:
            names.append("note")
        return [self[name] for name in names if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What is needed now and then."""
        shown = {bound.name for bound in self.first}
        return [bound for bound in self if bound.name not in shown]

    @property
    def is_open(self) -> bool:
        """Whether “more” holds something that has to be read: an error, or a value."""
        return any(bound.errors or bound.value() for bound in self.more)


class OutsideForm(forms.Form):
    """A matter decided outside the procedure: on which day, and why."""

    decided_on = forms.DateField(label=gettext_lazy("Decided on"))
    reason = forms.CharField(
        label=gettext_lazy("Why the procedure was left"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It counts as not decided by the full procedure."),
    )

    def __init__(self, *args, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decided_on"] = PastDateField(label=self.fields["decided_on"].label, latest=day, initial=day)


class CorrectionForm(StepForm):
    """A step's values again, with the reason, which stands in the history."""

    reason = forms.CharField(label=gettext_lazy("Why it is corrected"), max_length=200)

    @property
    def first(self) -> list[forms.BoundField]:
        return [*super().first, self["reason"]]
