"""Model fields of the kit: exact fractions, kept as text so that every database keeps every digit."""

import unicodedata
from fractions import Fraction

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 40  # characters, typed and stored
UNREADABLE = _("“%(value)s” is not a number: write it as 19/20, 95%% or 2.")


def parse_fraction(value):
    """The exact Fraction of "19/20", "95%", "0.95", "2" or a number; None and "" give None.

    A float is refused: it has already lost the digits that an exact rule needs.
    Raises ValueError for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, float):
        raise ValueError(f"a float is not exact: {value!r}")
    if not isinstance(value, str):
        return Fraction(value)
    text = unicodedata.normalize("NFKC", value).replace(" ", "")
    if len(text) > LONGEST or not text.isascii() or "e" in text.lower() or "_" in text:
        raise ValueError(value)
    try:
        fraction = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(value) from error
    if len(str(fraction)) > LONGEST:
        raise ValueError(value)
    return fraction


def write_fraction(value):
    """The shortest text that parses back to the same Fraction: "95%", "1/3", "2"."""
    percent = value * 100
    if value.denominator == 1:
        return str(value)
    if percent.denominator == 1:
        return f"{percent}%"
    if (percent * 10).denominator == 1:
        return f"{percent.numerator * 10 // percent.denominator / 10}%"
    return str(value)


class FractionFormField(forms.CharField):
    """A text box that takes 19/20, 95% or 2 and gives a Fraction."""

    def to_python(self, value):
        try:
            return parse_fraction(super().to_python(value) if isinstance(value, str) else value)
        except (ValueError, TypeError):
            raise ValidationError(UNREADABLE, code="invalid", params={"value": value}) from None

    def prepare_value(self, value):
        return write_fraction(value) if isinstance(value, Fraction) else value

    def has_changed(self, initial, data):
        try:
            return parse_fraction(initial) != parse_fraction(data)
        except (ValueError, TypeError):
            return True

    def run_validators(self, value):
        if not isinstance(value, Fraction):
            super().run_validators(value)


class FractionField(models.Field):
    """An exact fraction. Stored as "19/20"; assigned as Fraction, int or any text parse_fraction reads."""

    description = _("An exact fraction")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(*args, **kwargs)

    def get_internal_type(self):
        return "CharField"

    def to_python(self, value):
        try:
            return parse_fraction(value)
        except (ValueError, TypeError):
            raise ValidationError(UNREADABLE, code="invalid", params={"value": value}) from None

    def from_db_value(self, value, expression, connection):
        return parse_fraction(value)

    def get_prep_value(self, value):
        value = self.to_python(super().get_prep_value(value))
        return None if value is None else str(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": FractionFormField, "max_length": self.max_length, **kwargs})


class HundredthsFormField(forms.DecimalField):
    """A box that takes 14 or 11.65 and gives 1400 or 1165."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 8, "decimal_places": 2, **kwargs})

    def clean(self, value):
        number = super().clean(value)
        return None if number is None else int(number * 100)

    def prepare_value(self, value):
        return write_hundredths(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


def write_hundredths(value):
    """1400 as "14", 1165 as "11.65", 1150 as "11.5": for boxes and for figures that are set, not computed."""
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


class HundredthsField(models.PositiveIntegerField):
    """Whole hundredths of a point or a square metre in the database, 11.65 in a form."""

    description = _("A number with two decimals, kept as whole hundredths")

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": HundredthsFormField, "min_value": 0, **kwargs})
