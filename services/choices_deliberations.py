"""What the records of deliberations may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatterKind(TextChoices):
    """The nine matters that the law gives to the villagers' meeting, levies, and everything else."""

    ALLOWANCES = "allowances", _("Who draws allowances, and how much")
    PROCEEDS = "proceeds", _("Use of what the collective economy earns")
    PUBLIC_WORKS = "public_works", _("Public works: founding, funding, who builds")
    LAND = "land", _("Plan of contracting land")
    COLLECTIVE_PROJECT = "collective_project", _("Project of the collective economy, and who takes it on")
    HOUSE_PLOTS = "house_plots", _("Use of house plots")
    COMPENSATION = "compensation", _("Use and sharing of compensation for land")
    ASSETS = "assets", _("Collective assets: loan, lease, other disposal")
    RESERVED = "reserved", _("Another matter that the meeting keeps to itself")
    LEVY = "levy", _("Levy of money or labour, matter by matter")
    OTHER = "other", _("Ordinary matter")


#: The law gives these to the villagers' meeting; representatives decide them when the meeting empowered them.
NINE_MATTERS = frozenset(
    {
        MatterKind.ALLOWANCES,
        MatterKind.PROCEEDS,
        MatterKind.PUBLIC_WORKS,
        MatterKind.LAND,
        MatterKind.COLLECTIVE_PROJECT,
        MatterKind.HOUSE_PLOTS,
        MatterKind.COMPENSATION,
        MatterKind.ASSETS,
        MatterKind.RESERVED,
    }
)


class StepKind(TextChoices):
    """The steps of both flows; each is the workflow's move of the same name."""

    PROPOSE = "propose", _("Branch proposes")
    DISCUSS = "discuss", _("Two committees discuss")
    REVIEW = "review", _("Party members review")
    DECIDE = "decide", _("Villagers decide")
    DISCLOSE = "disclose", _("Resolution disclosed")
    GROUP_PROPOSE = "group_propose", _("Party group proposes")
    AGREE = "agree", _("Householders decide")
    CARRY_OUT = "carry_out", _("Carried out")
    DISCLOSE_RESULT = "disclose_result", _("Result disclosed")


#: Four deliberations, two disclosures: the village's way.
VILLAGE_STEPS = (
    StepKind.PROPOSE,
    StepKind.DISCUSS,
    StepKind.REVIEW,
    StepKind.DECIDE,
    StepKind.DISCLOSE,
    StepKind.CARRY_OUT,
    StepKind.DISCLOSE_RESULT,
)
#: One group, two meetings: the hamlet's way.
HAMLET_STEPS = (StepKind.GROUP_PROPOSE, StepKind.AGREE, StepKind.CARRY_OUT, StepKind.DISCLOSE_RESULT)
VOTES = frozenset(
    {
        StepKind.PROPOSE,
        StepKind.DISCUSS,
        StepKind.REVIEW,
        StepKind.DECIDE,
        StepKind.GROUP_PROPOSE,
        StepKind.AGREE,
    }
)
#: The steps that decide.
DECISIONS = frozenset({StepKind.DECIDE, StepKind.AGREE})


class Deciders(TextChoices):
    """Who sat in the meeting that decided, and so what its numbers count."""

    REPRESENTATIVES = "representatives", _("Representatives' meeting")
    HOUSEHOLDS = "households", _("Villagers' meeting, one of each household")
    ADULTS = "adults", _("Villagers' meeting, adults")
    HOUSEHOLDERS = "householders", _("Householders' meeting, every household")
    DELEGATES = "delegates", _("Meeting of householders' representatives")


VILLAGE_DECIDERS = (Deciders.REPRESENTATIVES, Deciders.HOUSEHOLDS, Deciders.ADULTS)
HAMLET_DECIDERS = (Deciders.HOUSEHOLDERS, Deciders.DELEGATES)


class DeliberationState(TextChoices):
    """How far a matter is. The two flows have states of their own until the result is there."""

    DRAFT = "draft", _("To be proposed")
    PROPOSED = "proposed", _("Put forward by the branch")
    DISCUSSED = "discussed", _("Discussed by the two committees")
    REVIEWED = "reviewed", _("Reviewed by the party members")
    DECIDED = "decided", _("Decided, to be disclosed")
    DISCLOSED = "disclosed", _("Disclosed, to be carried out")
    HAMLET_DRAFT = "hamlet_draft", _("To be proposed in the hamlet")
    GROUP_PROPOSED = "group_proposed", _("Proposed by the party group")
    AGREED = "agreed", _("Decided by the householders")
    CARRIED_OUT = "carried_out", _("Carried out, result to be disclosed")
    DONE = "done", _("Result disclosed")
    VOTED_DOWN = "voted_down", _("Voted down")
    OUTSIDE = "outside", _("Decided outside the procedure")
    DROPPED = "dropped", pgettext_lazy("deliberation", "Given up")


DRAFTS = (DeliberationState.DRAFT, DeliberationState.HAMLET_DRAFT)
VILLAGE_STATES = frozenset(
    {
        DeliberationState.DRAFT,
        DeliberationState.PROPOSED,
        DeliberationState.DISCUSSED,
        DeliberationState.REVIEWED,
        DeliberationState.DECIDED,
        DeliberationState.DISCLOSED,
    }
)
HAMLET_STATES = frozenset({DeliberationState.HAMLET_DRAFT, DeliberationState.GROUP_PROPOSED, DeliberationState.AGREED})
