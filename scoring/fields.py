"""Fields of a criterion that people fill in by words rather than by keys and JSON."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core import indicators
from core.fields import parse_fraction


class StepsFormField(forms.CharField):
    """A line such as “60%: 5; 90%: 10”, kept as [["60%", "5"], ["90%", "10"]]."""

    def to_python(self, value):
        text = super().to_python(value).replace("：", ":").replace("；", ";")
        pairs = [[part.strip() for part in pair.split(":")] for pair in text.split(";") if pair.strip()]
        try:
            for mark, points in pairs:
                parse_fraction(mark), parse_fraction(points)
        except ValueError:
            raise ValidationError(_("Mark and points of each step: 60%: 5; 90%: 10")) from None
        return pairs

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "; ".join(f"{mark}: {points}" for mark, points in value)

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class StepsField(models.JSONField):
    """Pairs of mark and points, as people wrote them."""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": StepsFormField, "empty_value": "", **kwargs})


class IndicatorFormField(forms.ChoiceField):
    """The registered indicators, then the keys that criteria which the person may see use and no app measures yet."""

    def __init__(self, *, criteria, **kwargs):
        super().__init__(**kwargs)
        self.criteria = criteria
        self._offer(criteria.none(), indicators.all_indicators())

    def narrow_to(self, user) -> None:
        self._offer(self.criteria.visible_to(user), indicators.offered(user))

    def _offer(self, criteria, known) -> None:
        offered = {found.key: str(found.name) for found in known}
        for key, name in criteria.order_by("number").values_list("indicator", "name"):
            offered.setdefault(key, _("%(name)s (no register yet)") % {"name": name})
        self.choices = list(offered.items())


class IndicatorField(models.SlugField):
    """The key of an indicator; a form offers names. A key that no app measures yet is allowed."""

    def formfield(self, **kwargs):
        criteria = self.model._default_manager.all()
        return IndicatorFormField(criteria=criteria, label=self.verbose_name, help_text=self.help_text)
