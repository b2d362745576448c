"""What is said about files when they are attached."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _


class AttachForm(forms.Form):
    """The day that all files of the set are of. Files and captions are lists, which the view reads by itself."""

    taken_on = forms.DateField(
        label=_("Taken or written on"), required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_taken_on(self) -> date | None:
        day = self.cleaned_data["taken_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is still to come: enter the day of the photo or document."))
        return day
