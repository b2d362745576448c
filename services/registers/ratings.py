"""The register of rounds; batches and what they say have pages of their own."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from core import menu, rights
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import DISTRICT, READERS, Role
from services.models import Rating, RatingBatch, RatingNote, RatingRound, RoundVillage

#: A village doesn't type what its residents say of its own cadres.
TYPISTS = frozenset({Role.DISTRICT, Role.CLERK})

rights.declare(Rating, Rights(view=READERS))
# Words may tell who wrote them: the village, whose cadre is rated, reads none.
rights.declare(RatingNote, Rights(view=READERS - {Role.SECRETARY}))
rights.declare(RatingBatch, Rights(view=READERS, add=TYPISTS, change=TYPISTS, withdraw=TYPISTS))
rights.declare(RoundVillage, Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT))
menu.add("services:rating_board", _("What residents say"), Group.SERVICE, 44, READERS)


@register
class RatingRoundRegister(Register):
    model = RatingRound
    path = "rating-rounds"
    columns = ("name", "year", "phase", "starts_on", "ends_on", "villages", "is_inferred", "source")
    card = ("name", "phase", "starts_on", "villages")
    filters = ("phase",)
    sections = (
        (_("Round of ratings"), ("territory_code", "name", "year", "phase", "starts_on", "ends_on")),
        (_("Where it comes from"), ("source", "is_inferred")),
    )
    inlines = (Inline(RoundVillage, ("village",), title=_("Villages that take part"), extra=3),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    sheet_words = {"name": ("名称",), "starts_on": ("原状态",), "ends_on": ("离任日期",)}
    menu = (Group.SERVICE, 46)
    empty = _("Enter a round before and a round after, with the villages that take part: figure 7 compares them.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        """Villages are counted as far as the person sees them: a round may reach beyond his territory."""
        seen = Q(takes_part__in=RoundVillage.objects.visible_to(user))
        return RatingRound.objects.visible_to(user, verb).annotate(n_villages=Count("takes_part", filter=seen))

    @computed(_("Villages"), order=("n_villages",), number=True)
    def show_villages(row: RatingRound) -> str:
        return str(row.n_villages)
