"""Who has a matter in a year and who has none: the cadres of villages beside what they took on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from cadres.models import Person, Post
from core.shared import shared
from services.choices_matters import CONFIRMED, DONE
from services.models import Matter, MatterYear


@dataclass
class CadreYear:
    """A cadre of a village and his matters of one year, the earliest first."""

    person: Person
    matters: list[Matter] = field(default_factory=list)

    @property
    def is_registered(self) -> bool:
        """Whether the township has confirmed one."""
        return any(one.state in CONFIRMED for one in self.matters)


@dataclass
class VillageYear:
    """A village's year: its cadres, and matters of whoever is no longer in post."""

    cadres: list[CadreYear] = field(default_factory=list)
    others: list[Matter] = field(default_factory=list)

    @property
    def matters(self) -> list[Matter]:
        return [matter for own in self.cadres for matter in own.matters] + self.others

    @property
    def gaps(self) -> list[CadreYear]:
        return [own for own in self.cadres if not own.is_registered]

    @property
    def registered(self) -> int:
        return len(self.cadres) - len(self.gaps)

    @property
    def confirmed(self) -> int:
        return sum(one.state in CONFIRMED for one in self.matters)

    @property
    def finished(self) -> int:
        return sum(one.state in DONE for one in self.matters)

    def late(self, day: date) -> int:
        """Matters under way past the day that was planned."""
        return sum(one.state in CONFIRMED and one.state not in DONE and one.planned_by < day for one in self.matters)


@shared
def cadres_on(villages: QuerySet, day: date) -> dict[int, dict[int, Person]]:
    """Village → its cadres of the day by number, the weightiest post first; one query."""
    held = Post.objects.on(day).filter(village__in=villages).with_names().ranked()
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for post in held.order_by("rank", "starts_on", "pk"):
        found[post.village_id].setdefault(post.person_id, post.person)
    return found


def year_of_villages(villages: QuerySet, matters: Iterable[Matter], day: date) -> dict[int, VillageYear]:
    """Village → its year. `matters`: those of the year that the reader sees. One query beside that for `matters`."""
    cadres = cadres_on(villages, day)
    years = {pk: VillageYear([CadreYear(person) for person in people.values()]) for pk, people in cadres.items()}
    own = {(pk, one.person.pk): one for pk, year in years.items() for one in year.cadres}
    for matter in matters:
        cadre = own.get((matter.village_id, matter.person_id))
        if cadre:
            cadre.matters.append(matter)
        else:
            years.setdefault(matter.village_id, VillageYear()).others.append(matter)
    return years


@shared
def days_of(year: int) -> MatterYear | None:
    """The district's days for the year, or None where it has set none."""
    return MatterYear.of([year]).get(year)
