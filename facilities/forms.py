"""What the room matrix sends."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.fields import HundredthsFormField
from facilities.choices import FACTS, State
from facilities.models import Room

#: Cells at most in one request; a township has some three hundred.
MOST = 1500
#: No row has a number above.
TOP = 2**53

DETAILS = ("present", "sign", "furniture", "layout", "area", "shared_with", "note")


class CellForm(forms.Form):
    """Either `state`, a key pressed (0 clears the cell), or the details of the dock, all of them."""

    village = forms.IntegerField(min_value=0, max_value=TOP)
    room_type = forms.IntegerField(min_value=0, max_value=TOP)
    version = forms.IntegerField(min_value=0, max_value=TOP)
    state = forms.TypedChoiceField(choices=State.choices, coerce=lambda value: State(int(value)), required=False)
    present = forms.BooleanField(required=False)
    sign = forms.BooleanField(required=False)
    furniture = forms.BooleanField(required=False)
    layout = forms.BooleanField(required=False)
    area = HundredthsFormField(required=False, min_value=0, label=Room._meta.get_field("area").verbose_name)
    shared_with = forms.CharField(required=False, max_length=60, label=Room._meta.get_field("shared_with").verbose_name)
    shared = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=120, label=Room._meta.get_field("note").verbose_name)

    def facts(self) -> dict | None:
        """The fields of Room to write; None to clear the record."""
        values = self.cleaned_data
        if values["state"] != "":
            return None if values["state"] == State.EMPTY else FACTS[values["state"]]
        if not values["present"]:
            return FACTS[State.MISSING] | {"note": values["note"]}
        told = {name: values[name] for name in DETAILS}
        return told | {"shared": values["shared"] or bool(values["shared_with"])}

    def sentence(self) -> str:
        """The errors as one sentence, each with its field."""
        return " ".join(
            f"{self.fields[name].label or name}：{' '.join(errors)}" if name in self.fields else " ".join(errors)
            for name, errors in self.errors.items()
        )


def read_cells(text: str) -> list[CellForm]:
    """The cells of a request: a JSON list of objects as `CellForm` reads them. Raises ValidationError."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not (isinstance(told, list) and told and all(isinstance(one, dict) for one in told)):
        raise ValidationError(_("The cells could not be read, so nothing was saved. Load the page again."))
    if len(told) > MOST:
        raise ValidationError(_("At most %(limit)d cells at a time: choose fewer.") % {"limit": MOST})
    read = [CellForm(one) for one in told]
    if wrong := next((form for form in read if not form.is_valid()), None):
        raise ValidationError(wrong.sentence())
    return read
