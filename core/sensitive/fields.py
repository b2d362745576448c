"""The model field, its index beside it, and its form field."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sensitive.cipher import blind_index, decrypt, encrypt
from core.sensitive.values import Mask, Sensitive, normalise


class _Hidden:
    """The attribute on the model: whatever text is set becomes a `Sensitive`."""

    def __init__(self, field):
        self.field = field

    def __get__(self, row, owner=None):
        if row is None:
            return self
        if self.field.attname not in row.__dict__:  # deferred
            row.refresh_from_db(fields=[self.field.attname])
        return row.__dict__[self.field.attname]

    def __set__(self, row, value):
        row.__dict__[self.field.attname] = self.field.to_python(value)


class BlindIndexField(models.CharField):
    """The HMAC of a sensitive field's value, or "" for none; kept by itself."""

    def __init__(self, *args, source: str = "", **kwargs):
        self.source = source
        kwargs |= {"max_length": 32, "editable": False, "blank": True, "default": "", "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "editable", "blank", "default", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs | {"source": self.source}

    #: Nothing of it belongs into the audit: it would tell equal values.
    sensitive = True

    def value_from_object(self, row):
        return self.pre_save(row, False)

    def pre_save(self, row, add):
        value = getattr(row, self.source)
        index = row._meta.get_field(self.source).index_of(value.plain) if value else ""
        setattr(row, self.attname, index)
        return index


class SensitiveField(models.TextField):
    """Text that is encrypted at rest and masked in Python. `max_length` is of the plain text."""

    description = "an encrypted text"
    sensitive = True

    def __init__(self, *args, mask: Mask = Mask.ALL, max_length: int = 64, **kwargs):
        self.mask = mask
        super().__init__(*args, **(kwargs | {"max_length": max_length}))

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"max_length": self.max_length}

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _Hidden(self))
        # A migration's state model brings the index column as a field of its own.
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            BlindIndexField(source=name).contribute_to_class(cls, f"{name}_index")

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def index_of(self, text: str) -> str:
        return blind_index(normalise(text), self.column_name)

    def matching(self, text: str) -> models.Q:
        """The rows whose value equals `text`, however it was spaced."""
        return models.Q(**{f"{self.name}_index": self.index_of(text)})

    def to_python(self, value):
        if value is None or isinstance(value, Sensitive):
            return value
        return Sensitive(str(value), self.mask)

    def from_db_value(self, value, _expression, _connection):
        if value is None:
            return None
        return Sensitive(decrypt(value, self.column_name) if value else "", self.mask)

    def get_prep_value(self, value):
        value = self.to_python(value)
        if value is None:
            return None
        return encrypt(value.plain, self.column_name) if value else ""

    def value_to_string(self, row):
        return str(self.value_from_object(row))

    def formfield(self, **kwargs):
        kwargs.pop("widget", None)
        return models.Field.formfield(
            self, **({"form_class": SensitiveFormField, "mask": self.mask, "max_length": self.max_length} | kwargs)
        )


class SensitiveFormField(forms.CharField):
    """Shows the mask of the stored value; what comes back unchanged keeps it, anything else replaces it whole."""

    def __init__(self, *args, mask: Mask = Mask.ALL, **kwargs):
        self.mask = mask
        kwargs.setdefault("help_text", _("To change it, type it anew and whole; the stars alone leave it as it is."))
        super().__init__(*args, **kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def prepare_value(self, value):
        return str(value) if isinstance(value, Sensitive) else value

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "")

    def _clean_bound_field(self, bf):
        """As FileField does it: cleaning needs the stored value beside the posted one."""
        if isinstance(bf.initial, Sensitive) and bf.data == str(bf.initial):
            return bf.initial
        return self.clean(bf.data)

    def to_python(self, value):
        text = super().to_python(value)
        if text and "*" in text:
            raise forms.ValidationError(
                _("Stars stand for hidden digits: type the whole value, or leave it as it was.")
            )
        return text
