"""The template library of the portal: icons, bars, shares, tags, and fields in the portal's own markup.

Loaded everywhere (it is among the template builtins of the settings).
"""

from functools import lru_cache
from typing import NamedTuple

from django import forms, template
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.icons import ICONS, MARK
from core.registers.tables import PAGE_SIZES

register = template.Library()


# ---- icons, tags, figures ----


@register.simple_tag
@lru_cache
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "check" %}`: an inline icon, hidden from screen readers because a word stands beside it.

    KeyError for an unknown name.
    """
    return format_html(
        '<svg class="i{}" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>',
        f" {css}" if css else "",
        ICONS[name],
    )


@register.simple_tag
def mark() -> SafeString:
    """The portal's mark, for dark ground."""
    return mark_safe(MARK)  # noqa: S308  a constant of ours


TAG_ICONS = {"ok": "check", "bad": "cross", "near": "clock", "solid": "warn", "plain": ""}


@register.simple_tag
def tag(kind: str, text, icon_name: str | None = None) -> SafeString:
    """`{% tag "ok" text %}`: a state, as icon and word. Kinds: ok, bad, near, solid, plain; the icon may be another.

    KeyError for an unknown kind.
    """
    name = TAG_ICONS[kind] if icon_name is None else icon_name
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, icon(name) if name else "", text)


@register.filter
def tenths(hundredths: int | None) -> str:
    """A score in hundredths with one decimal, cut and never rounded: 7999 is "79.9", below a line of 80. None: "–"."""
    if hundredths is None:
        return "–"
    sign = "−" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest // 10}"


@register.filter
def thousands(number: int | None) -> str:
    """12345 as "12,345"; None as "–"."""
    return "–" if number is None else f"{number:,}"


def percent(num: int, den: int) -> str:
    """num/den with one decimal, rounded half up, but 100.0 only for the whole. den must not be 0."""
    per_mille = (num * 2000 + den) // (2 * den)
    if num < den:
        per_mille = min(per_mille, 999)
    return f"{per_mille // 10}.{per_mille % 10}%"


@register.simple_tag
def share(num: int | None, den: int | None) -> SafeString:
    """`{% share 41 46 %}`: 41/46 89.1%, the denominator in grey. Not measured (no denominator): "–"."""
    if num is None or not den:
        return mark_safe('<span class="mut">–</span>')
    return format_html(
        '<span class="share">{}<span class="den">/{}</span> <b>{}</b></span>',
        thousands(num),
        thousands(den),
        percent(num, den),
    )


@register.simple_tag
def bar(num, den, tick=None, goal=None, label: str = "") -> SafeString:
    """`{% bar num den tick=80 %}`: a bar in SVG attributes, so that the content security policy holds.

    `tick` and `goal` are percent: a dark mark on the bar. Below `tick` (a line to pass) the bar is red; below `goal`
    (a target) it stays blue. The figures must stand beside it; `label` is what a screen reader says, "num/den" else.
    """
    width = min(100.0, max(0.0, float(num or 0) * 100 / float(den))) if den else 0.0
    low = tick is not None and bool(den) and num * 100 < tick * den
    line = goal if tick is None else tick
    drawn_line = "" if line is None else format_html('<path class="tk" d="M{} 0v8"/>', line)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="tr" width="100" height="8"/><rect class="{}" width="{}" height="8"/>{}</svg>',
        label or f"{num}/{den}",
        "lo" if low else "fi",
        f"{width:.2f}",
        drawn_line,
    )


@register.simple_tag
def motif(townships: list[dict]) -> SafeString:
    """The district in squares, one a village: `townships` as dicts of name, communities, villages (counts).

    A row a township, communities first and darker. The widest row fills the drawing.
    """
    longest = max((t["communities"] + t["villages"] for t in townships), default=1)
    step = min(24.0, 536 / longest)
    rows = [_motif_row(y * 41, step, township) for y, township in enumerate(townships)]
    label = _("Villages and communities by township: {townships}").format(
        townships=_(", ").join(f"{t['name']} {t['communities'] + t['villages']}" for t in townships)
    )
    return format_html(
        '<svg class="motif" viewBox="0 0 660 {}" role="img" aria-label="{}">{}</svg>',
        len(townships) * 41,
        label,
        format_html_join("", "{}", ((row,) for row in rows)),
    )


@register.simple_tag
def townships_note(townships: list[dict]) -> str:
    """What the motif shows, in a sentence."""
    total = sum(t["communities"] + t["villages"] for t in townships)
    return _("{townships} townships, {villages} villages and communities. Communities are dark.").format(
        townships=len(townships), villages=total
    )


def _motif_row(top: int, step: float, township: dict) -> SafeString:
    total = township["communities"] + township["villages"]
    squares = format_html_join(
        "",
        '<rect{} x="{}" y="{}" width="{}" height="24" rx="2"/>',
        (
            (mark_safe(' class="u"') if i < township["communities"] else "", f"{72 + i * step:g}", top + 6, step - 5)
            for i in range(total)
        ),
    )
    return format_html(
        '<text x="0" y="{0}">{1}</text>{2}<text x="{3}" y="{0}">{4}</text>',
        top + 23,
        township["name"],
        squares,
        f"{72 + total * step + 6:g}",
        total,
    )


@register.simple_tag
def menu_items(items) -> SafeString:
    """The entries of one section of the side menu; in Python, because every page draws up to a hundred of them."""
    drawn = (_entry(item.url, item.label, item.current, item.count) for item in items)
    return mark_safe("\n".join(drawn))  # noqa: S308  each was escaped when it was drawn


@lru_cache(maxsize=1024)
def _entry(url: str, label: str, current: bool, count: int | None) -> SafeString:
    return format_html(
        '<a href="{}"{}>{}{}</a>',
        url,
        mark_safe(' aria-current="page"') if current else "",
        label,
        "" if count is None else format_html('<span class="n">{}</span>', count),
    )


# ---- tables ----


def _attributes(attrs: dict, css_class: str, **more) -> SafeString:
    """The declared attributes alone: django-tables2 adds a class by the column's name, which may be one of ours."""
    classes = " ".join(filter(None, (attrs.get("class", ""), css_class)))
    return flatatt({**attrs, **more, **({"class": classes} if classes else {})})


@register.simple_tag
def th_attrs(column) -> SafeString:
    """The attributes of a heading, with aria-sort when the list is sorted by it."""
    attrs = column.column.attrs.get("th", {})
    if not column.is_ordered:
        return _attributes(attrs, "")
    return _attributes(attrs, "", **{"aria-sort": "descending" if column.order_by_alias.is_descending else "ascending"})


@register.filter
def page_sizes(table) -> tuple[int, ...]:
    """The rows a page that a list offers."""
    return PAGE_SIZES


@register.filter
def beside(heads, row):
    """The headings of a table beside one row's values, for cells that carry their own label."""
    return zip(heads, row, strict=True)


# ---- records ----


@register.simple_tag
def add_label(of) -> str:
    """What the button of a register says: its own `add_label`, or “Add: village”."""
    own = getattr(of, "add_label", "")
    return own or _("Add: {what}").format(what=of.model._meta.verbose_name)


@register.simple_tag
def saved(row) -> str:
    """Who saved a record last and when; nothing for a new one."""
    at, by = getattr(row, "saved_at", None), getattr(row, "saved_by", "")
    if not at:
        return ""
    when = date_format(timezone.localtime(at), "m-d H:i")
    return _("Last saved {when} by {who}").format(when=when, who=by) if by else _("Last saved {when}").format(when=when)


class Asked(NamedTuple):
    """The text that a move asks for: its name, what stands there now, and how long it may be."""

    label: str
    text: str
    longest: int


@register.simple_tag
def asked(row, move) -> Asked:
    """`{% asked object move as box %}`: the text of the row that the move writes."""
    field = row._meta.get_field(move.asks)
    return Asked(field.verbose_name, getattr(row, move.asks), field.max_length)


# ---- fields ----

CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, CHECKS):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _prepare(bound: forms.BoundField) -> None:
    """Dates and empty choices as the portal shows them; the form's own copy of the field is changed."""
    box, widget = bound.field, bound.field.widget
    if type(widget) is forms.DateInput:
        # Typed as ISO on a desk, where the browser's own date box would follow the browser's language and not ours;
        # portal.js turns it into that box under a finger.
        widget.input_type, widget.format = "text", "%Y-%m-%d"
        widget.attrs |= {"data-date": True, "placeholder": _("year-month-day"), "autocomplete": "off"}
    if isinstance(widget, forms.Select):
        nothing = _("Choose one") if box.required else _("Leave empty")
        if getattr(box, "empty_label", None) is not None:
            box.empty_label = nothing
        elif isinstance(box, forms.ChoiceField):
            box.choices = [("", nothing) if value == "" else (value, label) for value, label in box.choices]


def _render(bound: forms.BoundField, extra_class: str = "", **attrs) -> SafeString:
    widget = bound.field.widget
    classes = [_css_class(widget), widget.attrs.get("class", ""), extra_class]
    if bound.errors:
        classes.append("is-invalid")
    return bound.as_widget(attrs={"class": " ".join(filter(None, classes)), **attrs})


@register.inclusion_tag("forms/field.html")
def field(bound: forms.BoundField, wrapper_class: str = "") -> dict:
    """`{% field form.name %}`: label, control, help and errors, tied together for screen readers."""
    _prepare(bound)
    widget = bound.field.widget
    return {
        "field": bound,
        "control": _render(bound),
        "single": isinstance(widget, forms.CheckboxInput),
        "group": bound.use_fieldset,
        "wide": isinstance(widget, forms.Textarea | forms.CheckboxSelectMultiple | forms.ClearableFileInput),
        "wrapper_class": wrapper_class,
    }


@register.simple_tag
def cell_field(bound: forms.BoundField) -> SafeString:
    """The control alone with its errors, named by aria-label: for inputs in the rows of a table."""
    _prepare(bound)
    errors = format_html_join("", "{}", ((e,) for e in bound.errors))
    note = format_html('<p class="fe" id="{}_error">{}</p>', bound.auto_id, errors) if bound.errors else ""
    return format_html("{}{}", _render(bound, **{"aria-label": bound.label}), note)


@register.simple_tag
def filter_field(bound: forms.BoundField) -> SafeString:
    """A control of the filter row: named by its placeholder or first choice, marked when it narrows the list."""
    attrs = {"aria-label": bound.label}
    if not isinstance(bound.field.widget, CHECKS):
        attrs["placeholder"] = bound.label
    return _render(bound, "on" if bound.data not in (None, "", []) else "", **attrs)


# ---- errors above a form ----


class Mistake(NamedTuple):
    """A sentence, and the id of the control it is about ("" for the whole form)."""

    control: str
    text: str


def _mistakes(form: forms.BaseForm, pattern: str, **where) -> list[Mistake]:
    found = [Mistake("", error) for error in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name == "__all__":
            continue
        bound = form[name]
        found += [
            Mistake(bound.id_for_label or bound.auto_id, pattern.format(label=bound.label, error=error, **where))
            for error in errors
        ]
    return found


@register.inclusion_tag("forms/errsum.html")
def errsum(form: forms.BaseForm, formsets=()) -> dict:
    """The errors of a form and its inline tables (formsets with a `title`), each a link to its control."""
    mistakes = _mistakes(form, _("{label}: {error}")) if form.is_bound else []
    for rows in formsets or ():
        if not rows.is_bound:
            continue
        mistakes += [Mistake("", conditional_escape(error)) for error in rows.non_form_errors()]
        for number, row in enumerate(rows.forms, start=1):
            if rows.can_delete and row["DELETE"].data:
                continue
            pattern = _("{title}, row {row}, {label}: {error}")
            mistakes += _mistakes(row, pattern, title=rows.title, row=number)
    return {"mistakes": mistakes}
