"""Figures of scoring in templates: `{% load scoring %}`."""

from django import template

from core.fields import write_hundredths
from core.templatetags.portal import tenths

register = template.Library()


@register.filter
def points(hundredths: int) -> str:
    """Points that are set, not computed: 1400 as "14", 1150 as "11.5"."""
    return write_hundredths(hundredths)


@register.filter
def tenths_up(hundredths: int) -> str:
    """Points lost, with one decimal, rounded up: beside points that are cut, the two still add up to the whole."""
    return tenths(-(-hundredths // 10) * 10)
