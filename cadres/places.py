"""Which territory a page is about: what was asked for, as far as the person holds it."""

from dataclasses import dataclass
from os.path import commonprefix

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from cadres.structure import LEVELS, names_of
from core.roles import READERS
from core.scoping import SCOPE_FIELD, next_prefix
from villages.models import Village


@dataclass(frozen=True)
class Place:
    """`villages` are those of the place that the person sees; `path` leads to it from the highest that he holds."""

    code: str
    label: str
    villages: QuerySet
    path: list[tuple[str, str]]

    @property
    def below(self) -> list[tuple[str, str]]:
        """The places one level down that the person sees: (code, name)."""
        digits = next((length for length in LEVELS if length > len(self.code)), None)
        if digits is None:
            return []
        codes = {code[:digits] for code in self.villages.order_by().values_list(SCOPE_FIELD, flat=True)}
        names = names_of(codes)
        return [(code, names.get(code, code)) for code in sorted(codes)]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What the place is counted by: the places below, or a village itself."""
        return self.below or [(self.code, self.label)]

    @property
    def parts_are_villages(self) -> bool:
        return len(self.code) >= LEVELS[-2]


def place_of(user, asked: str) -> Place:
    """The place with the code asked for; without one, or above it, the smallest that holds all the person's. Nobody reads
    part of a district under the district's name. Raises Http404.
    """
    held = user.scopes(READERS)
    home = _level(commonprefix(held)) if held else ""
    code = home if not asked or (_is_code(asked) and home.startswith(asked)) else asked
    if not _is_code(code) and code:
        raise Http404(_("There is no such place in your territory."))
    villages = Village.objects.visible_to(user).in_territory(code)
    if asked and not villages.exists():
        raise Http404(_("There is no such place in your territory."))
    codes = [code[:digits] for digits in LEVELS if len(home) <= digits <= len(code)]
    names = names_of(codes)
    label = names.get(code, code)
    return Place(code, label, villages, [(one, names.get(one, one)) for one in codes[:-1]])


def _is_code(code: str) -> bool:
    return len(code) in LEVELS and code.isascii() and code.isdigit() and next_prefix(code) is not None


def _level(prefix: str) -> str:
    """The longest code of a division that the prefix begins with."""
    return prefix[: max((digits for digits in LEVELS if digits <= len(prefix)), default=0)]
