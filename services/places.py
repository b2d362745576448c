"""Which village a page is about, where it is about one."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from core.pages import number_in
from villages.models import Village


def village_of(user, asked: str, day: date) -> Village:
    """The village with the number asked for, else the person's first that stood on the day. Raises Http404."""
    rows = Village.objects.visible_to(user).on(day).select_related("township")
    found = rows.filter(pk=int(asked)).first() if is_number(asked) else None
    if asked and found is None:
        raise Http404(_("There is no such place in your territory."))
    found = found or rows.order_by("code").first()
    if found is None:
        raise Http404(_("There is no such place in your territory."))
    return found


def code_asked(user, number: str) -> str:
    """The code of the village whose number is asked for, "" for none. Raises Http404."""
    if not number:
        return ""
    found = Village.objects.visible_to(user).filter(pk=int(number)).first() if is_number(number) else None
    if found is None:
        raise Http404(_("There is no such place in your territory."))
    return found.code


def villages_of(user, day: date) -> list[tuple[int, str]]:
    """(number, name) of the villages that a page offers to change to."""
    return list(Village.objects.visible_to(user).on(day).order_by("code").values_list("pk", "name"))


def is_number(text: str) -> bool:
    """Whether it can be the number of a row."""
    return number_in(text) is not None


def year_of(text: str, day: date) -> int:
    """The year asked for, up to next year; else the day's own."""
    year = number_in(text, day.year + 1)
    return year if year and year >= 2000 else day.year
