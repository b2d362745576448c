"""Short forms for a phone: at most five inputs, the rest is filled in from what is known."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.shortcuts import render

from core import once
from core.registers.forms import RegisterForm, widget_for

#: More choices than these are a drop-down.
CHIPS = 8


class QuickForm(RegisterForm):
    """A register's form with few of its fields. Choices that fit are shown as chips, not as a drop-down."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for box in self.fields.values():
            if type(box) is forms.TypedChoiceField and len(box.choices) <= CHIPS + 1:
                chips(box)


def chips(box: forms.ChoiceField) -> None:
    """Shows the field's choices side by side, each to be touched."""
    choices = [(value, label) for value, label in box.choices if value != "" or not box.required]
    box.widget = forms.RadioSelect()
    box.choices = choices


def quick_form(model: type[models.Model], fields: tuple[str, ...], base: type[QuickForm] = QuickForm):
    """The form class for some fields of a model."""
    return forms.modelform_factory(model, form=base, fields=fields, formfield_callback=widget_for)


def was_sent(request, model: type[models.Model]) -> bool:
    """Whether this very form was sent before: asked first, as it would collide with its own record."""
    key = request.POST.get("_once")
    return bool(key) and once.is_taken(key, model)


def save_once(request, form: QuickForm, write: Callable[[models.Model], models.Model]) -> models.Model | None:
    """Write what a valid form says through an action, once for each empty form that was shown.

    None where it was sent before (the first sending stands), or where the action refused it: then the form says why.
    """
    model, key = type(form.instance), request.POST.get("_once")
    try:
        with transaction.atomic():
            claimed = once.claim(key, model) if key else None
            row = write(form.instance)
            once.settle(claimed, row)
    except once.Taken:
        return None
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, problems in error.error_dict.items():
                form.add_error(name if name in form.fields else None, problems)
        else:
            form.add_error(None, error)
        return None
    return row


def show(request, template: str, form: QuickForm, context: dict):
    """The page of a short form; 422 where it says what to mend."""
    context |= {"form": form, "once": request.POST.get("_once") or once.new_key()}
    return render(request, template, context, status=422 if form.errors else 200)
