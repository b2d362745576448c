"""The forms in which a question is written: itself by its kind, its options, its rows, its conditions."""

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registers.forms import VersionField
from surveys.choices import WITH_NUMBERS, Kind, Operator
from surveys.models import Condition, MatrixRow, Option, Question

#: What a question of each kind has beside its words.
OF_KIND = {
    Kind.SINGLE: ("is_stratum", "is_indicator"),
    Kind.MULTIPLE: ("is_indicator",),
    Kind.SCALE: ("scale_min", "scale_max", "low_label", "high_label", "is_indicator", "positive_from"),
    Kind.NUMBER: ("number_min", "number_max", "unit", "is_indicator", "positive_from"),
    Kind.TEXT: (),
    Kind.MATRIX: ("is_indicator",),
}
WORDS = ("text", "section", "help", "required")


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = (*WORDS, *dict.fromkeys(name for names in OF_KIND.values() for name in names), "key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        wanted = {*WORDS, *OF_KIND[self.instance.kind], "key"}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self.fields["key"].required = False
        self.fields["key"].help_text = _(
            "Left empty it is given. The same key in a later version compares the answers."
        )
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 200})
        if self.instance.pk:
            self.fields["_version"] = VersionField(self.instance)

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | ({"key"} if not self.cleaned_data.get("key") else set())

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.cleaned_data.get("_version") is not None:
            self.instance.version = self.cleaned_data["_version"]

    @property
    def words(self) -> list:
        return [self[name] for name in WORDS]

    @property
    def more(self) -> list:
        return [self[name] for name in (*OF_KIND[self.instance.kind], "key")]


class PartFormSet(BaseInlineFormSet):
    """Options or rows: keys are given where they are left empty, order follows the figures and then the lines."""

    title = ""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name in ("key", "order"):
            form.fields[name].required = False
        form.fields["order"].initial = None if not form.instance.pk else form.instance.order
        form.fields["order"].widget.attrs |= {"inputmode": "numeric", "class": "n3"}

    def add_prefix(self, index):
        return f"{self.prefix}-{index}"

    def written(self) -> tuple[list, list]:
        """(new and changed rows with their order, rows to drop)."""
        self.save(commit=False)
        kept = [f.instance for f in self.forms if self._stays(f)]
        place = {id(row): n for n, row in enumerate(kept)}
        kept.sort(key=lambda row: (row.order or 9999, place[id(row)]))
        for number, row in enumerate(kept, 1):
            row.order = number
        return kept, self.deleted_objects

    def _stays(self, form) -> bool:
        gone = self.can_delete and self._should_delete_form(form)
        return not gone and (form.instance.pk is not None or form.has_changed())


class OptionForm(forms.ModelForm):
    class Meta:
        model = Option
        fields = ("order", "label", "exclusive", "other", "is_positive", "key")

    def clean_order(self):
        return self.cleaned_data["order"] or 0

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | ({"key"} if not self.cleaned_data.get("key") else set())


class RowForm(OptionForm):
    class Meta:
        model = MatrixRow
        fields = ("order", "label", "key")


def option_rows(question: Question, data=None):
    """None for a kind that has no options."""
    return _parts(question, Option, OptionForm, "options", gettext_lazy("Options"), data, question.has_options)


def matrix_rows(question: Question, data=None):
    title = gettext_lazy("Rows of the table")
    return _parts(question, MatrixRow, RowForm, "rows", title, data, question.kind == Kind.MATRIX)


def _parts(question, model, form, prefix, title, data, wanted):
    if not wanted:
        return None
    extra = 1 if question.pk else 4
    made = inlineformset_factory(Question, model, form=form, formset=PartFormSet, extra=extra, max_num=40)
    found = made(data, instance=question, prefix=prefix)
    found.title = title
    return found


# ---- conditions ----


class ConditionForm(forms.Form):
    """One test of an earlier answer: an option of a question, or a question with a number."""

    test = forms.ChoiceField(label=gettext_lazy("Earlier answer"), required=False)
    operator = forms.ChoiceField(label=gettext_lazy("How"), choices=Operator.choices, required=False)
    number = forms.DecimalField(
        label=gettext_lazy("How much"), required=False, max_digits=12, decimal_places=2, widget=forms.TextInput
    )

    def __init__(self, *args, earlier: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.options = {f"o{o.pk}": o for q in earlier for o in q.options.all() if q.kind != Kind.MATRIX}
        self.figures = {f"q{q.pk}": q for q in earlier if q.kind in WITH_NUMBERS}
        groups = []
        for number, question in enumerate(earlier, 1):
            own = [(name, o.label) for name, o in self.options.items() if o.question_id == question.pk]
            if question.kind in WITH_NUMBERS:
                own = [(f"q{question.pk}", _("the number"))]
            if own:
                groups.append((f"{number}. {question.text}", own))
        self.fields["test"].choices = [("", _("No condition")), *groups]

    def clean(self) -> dict:
        """`condition`: the row, unsaved; none for an empty line."""
        cleaned, test = super().clean(), self.cleaned_data.get("test")
        if not test:
            return cleaned
        operator = cleaned.get("operator") or Operator.HAS
        of_figure = operator in (Operator.AT_LEAST, Operator.AT_MOST)
        if of_figure != (test in self.figures):
            self.add_error("operator", _("Options are chosen or not; numbers are at least or at most so much."))
        elif of_figure and cleaned.get("number") is None:
            self.add_error("number", _("Fill in the number."))
        else:
            option, source = self.options.get(test), self.figures.get(test)
            cleaned["condition"] = Condition(
                source=source or option.question,
                option=option,
                operator=operator,
                number=cleaned["number"] if of_figure else None,
            )
        return cleaned


def condition_rows(question: Question, earlier: list[Question], data=None):
    """A formset over the conditions; `earlier` are the questions before this one. None where none can be asked."""
    if not any(q.kind not in (Kind.TEXT, Kind.MATRIX) for q in earlier):
        return None
    rows = question.conditions.all() if question.pk else ()
    initial = [
        {
            "test": f"o{row.option_id}" if row.option_id else f"q{row.source_id}",
            "operator": row.operator,
            "number": row.number,
        }
        for row in rows
    ]
    made = forms.formset_factory(ConditionForm, extra=1, max_num=12)
    found = made(data, initial=initial, prefix="conditions", form_kwargs={"earlier": earlier})
    found.title = _("Asked only if")
    return found


def conditions_of(rows) -> list[Condition]:
    return [form.cleaned_data["condition"] for form in rows if form.cleaned_data.get("condition")] if rows else []
