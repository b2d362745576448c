"""A register's form: choices through the door, sections as declared, the version that was read beside it."""

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm, inlineformset_factory, modelform_factory

from core import rights
from core.registers.base import Inline, Register
from core.scoping import has_field

MOST_VERSIONS = 2**31 - 1  # what the column holds
NONE_READ = 0  # the first version of a record is 1
LINES = 3  # of a box for long text


class VersionField(forms.IntegerField):
    """The version that the person read; the action refuses to write over a later one.

    A form that is posted without it read none: what stands now is always a later one.
    """

    def __init__(self, row: models.Model):
        bounds = {"min_value": 0, "max_value": MOST_VERSIONS}
        super().__init__(widget=forms.HiddenInput, required=False, initial=row.version, **bounds)

    def clean(self, value) -> int:
        found = super().clean(value)
        return NONE_READ if found is None else found

    def has_changed(self, initial, data) -> bool:
        return False


class RegisterForm(ModelForm):
    """`user` decides what every drop-down offers. `_version` is the version that the person read."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            narrow(field, user)
        if self.instance.pk and has_field(self._meta.model, "version"):
            self.fields["_version"] = VersionField(self.instance)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def _post_clean(self) -> None:
        super()._post_clean()
        version = self.cleaned_data.get("_version")
        if version is not None:
            self.instance.version = version


def narrow(field: forms.Field, user) -> None:
    """A drop-down of rows offers what the person may see, and nothing else can be posted.

    A field of another kind that draws on rows says how by a method `narrow_to(user)`.
    """
    if hasattr(field, "narrow_to"):
        field.narrow_to(user)
    queryset = getattr(field, "queryset", None)
    if queryset is not None and hasattr(queryset, "visible_to"):
        field.queryset = queryset.visible_to(user)


def widget_for(field: models.Field, **kwargs) -> forms.Field | None:
    """Dates as the browser's own date input, in the form that it needs; texts in a box of few lines, which grows."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    found = field.formfield(**kwargs)
    if found is not None and isinstance(found.widget, forms.Textarea):
        found.widget.attrs["rows"] = LINES
    return found


def form_for(register: type[Register]) -> type[RegisterForm]:
    return modelform_factory(
        register.model, form=RegisterForm, fields=register.editable_fields(), formfield_callback=widget_for
    )


def sections_of(register: type[Register], form: RegisterForm) -> list[tuple[str, list]]:
    """(heading, bound fields) as declared."""
    return [(title, [form[name] for name in names if name in form.fields]) for title, names in register.form_sections()]


class InlineFormSet(BaseInlineFormSet):
    def __init__(self, *args, user, title, **kwargs):
        self.user, self.title = user, title
        super().__init__(*args, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            narrow(field, self.user)
        if form.instance.pk and has_field(self.model, "version"):
            form.fields["_version"] = VersionField(form.instance)

    def save_existing(self, form, obj, commit=True):
        version = form.cleaned_data.get("_version")
        if version is not None:
            form.instance.version = version
        return super().save_existing(form, obj, commit)


def formsets_for(register: type[Register], parent, user, data=None) -> list[InlineFormSet]:
    """The inlines that the person may change; the others are only read, on the detail page."""
    return [
        _formset(register, inline)(data, instance=parent, user=user, title=inline.title)
        for inline in register.inlines
        if rights.can(user, "change", inline.model)
    ]


def _formset(register: type[Register], inline: Inline):
    return inlineformset_factory(
        register.model,
        inline.model,
        fields=inline.fields,
        formset=InlineFormSet,
        formfield_callback=widget_for,
        extra=inline.extra,
    )
