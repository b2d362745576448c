"""The three bodies of hamlets on a day, and what they lack."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.scoping import SCOPE_FIELD
from services.choices_bodies import BodyKind, Office
from services.models import BodyMember, HamletBody, Household
from villages.models import Hamlet

#: Not read for a name: each would be decrypted.
NUMBERS = [f"{path}__{name}" for path in ("person", "party_member__person") for name in ("id_number", "phone")]


@dataclass
class Seat:
    """One of the three bodies of a hamlet: the body or None, and who sits in it on the day."""

    kind: BodyKind
    body: HamletBody | None = None
    members: list[BodyMember] = field(default_factory=list)
    day: date | None = None

    @property
    def gap(self) -> str:
        """What is wrong with it, in a few words; "" where nothing is."""
        if self.body is None:
            return _("not formed")
        if self.body.is_expired(self.day):
            return _("term over")
        if not any(member.office == Office.HEAD for member in self.members):
            return _("no head")
        return ""


@dataclass
class HamletBodies:
    """A hamlet with its three bodies, and its households by the register beside its own figure."""

    hamlet: Hamlet
    seats: list[Seat]
    households: int = 0
    people: int = 0
    adults: int = 0

    @property
    def gaps(self) -> int:
        return sum(bool(seat.gap) for seat in self.seats)

    @property
    def differs(self) -> bool:
        """The register holds households, and not as many as the hamlet's own figure says."""
        known = self.hamlet.households is not None
        return known and bool(self.households) and self.households != self.hamlet.households


def ranked(hamlets: QuerySet, day: date) -> QuerySet:
    """The hamlets that stood on the day; `n_sound`: how many of the three bodies lack nothing. The worst first."""
    heads = BodyMember.objects.on(day).filter(body=OuterRef("pk"), office=Office.HEAD)
    in_term = Q(term_ends_on__isnull=True) | Q(term_ends_on__gt=day)
    sound = HamletBody.objects.on(day).filter(in_term, Exists(heads), hamlet=OuterRef("pk")).order_by()
    counted = sound.values("hamlet").annotate(n=Count("pk")).values("n")
    standing = hamlets.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).select_related("village__township")
    rows = standing.annotate(n_sound=Coalesce(Subquery(counted), 0, output_field=IntegerField()))
    return rows.order_by(F("n_sound").asc(), "village__code", "name", "pk")


class Whole(NamedTuple):
    """Of the hamlets of a place, how many have all three bodies in order."""

    code: str
    name: str
    whole: int
    total: int


def whole_by(parts: Sequence[tuple[str, str]], rows: QuerySet) -> list[Whole]:
    """The parts (code, name) of a place with their hamlets of `ranked`, where most is lacking first; one query."""
    digits, total, whole = len(parts[0][0]), Counter(), Counter()
    for code, sound in rows.order_by().values_list(f"village__{SCOPE_FIELD}", "n_sound"):
        total[code[:digits]] += 1
        whole[code[:digits]] += sound == len(BodyKind)
    found = [Whole(code, name, whole[code], total[code]) for code, name in parts if total[code]]
    return sorted(found, key=lambda part: part.whole - part.total)


def bodies_on(hamlets: Iterable[Hamlet], day: date) -> list[HamletBodies]:
    """The hamlets with their bodies of the day, in the order given; three queries, however many."""
    found = {row.pk: HamletBodies(row, [Seat(kind, day=day) for kind in BodyKind]) for row in hamlets}
    bodies = {row.pk: row for row in HamletBody.objects.on(day).filter(hamlet__in=found)}
    members = _members(list(bodies), day)
    for body in bodies.values():
        seat = found[body.hamlet_id].seats[BodyKind.values.index(body.kind)]
        seat.body, seat.members = body, members[body.pk]
        for member in seat.members:
            member.body = body  # its title needs the kind: no query for it
    rows = Household.objects.on(day).filter(hamlet__in=found).order_by().values("hamlet")
    for row in rows.annotate(n=Count("pk"), of=Sum("people"), voting=Sum("adults")):
        own = found[row["hamlet"]]
        own.households, own.people, own.adults = row["n"], row["of"], row["voting"]
    return list(found.values())


def _members(bodies: Sequence[int], day: date) -> dict[int, list[BodyMember]]:
    """The head first, then the deputies, then the others in the order in which they came."""
    found = defaultdict(list)
    rows = BodyMember.objects.on(day).filter(body__in=bodies).select_related("person", "party_member__person")
    for row in rows.defer(*NUMBERS).order_by("starts_on", "pk"):
        found[row.body_id].append(row)
    for own in found.values():
        own.sort(key=lambda member: Office.values.index(member.office))
    return found
