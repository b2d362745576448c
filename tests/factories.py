"""A row of every model, for tests.

Each factory makes rows that stand by themselves, and `at(village)` makes one that belongs to that village, to its
district, or to nobody, as the model has it. `of(model)` finds the factory; every model of the portal needs one, so that
the tests of routes and of the door reach it.
"""

from datetime import date, timedelta

import factory
from django.db import models
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Grant, User
from core.evidence.models import Blob, Evidence
from core.jobs.models import Chunk, Job
from core.models import AuditRow, Holiday, Move, TimeLimit
from core.roles import Role
from facilities.choices import RoomGroup, SetState
from facilities.models import Building, Equipment, EquipmentItem, Room, RoomSet, RoomType, SetAssignment
from scoring.choices import Group, StandardState, Verdict
from scoring.models import Breakdown, Criterion, Result, Run, ScoringSchedule, Standard, StandardGroup
from villages.choices import AppliesTo, Body, Confidence, LegalRuleKey, RegulationField, VillageKind, Voters
from villages.models import Adoption, District, Hamlet, LegalRule, Regulation, Township, Village

DAY = date(2013, 6, 1)


class RowFactory(DjangoModelFactory):
    """Knows how a row comes to belong to a village: by the model's path to it, or by a code of so many digits."""

    _digits = 6  # of the village's code, for models that name a territory code themselves

    class Meta:
        abstract = True

    @classmethod
    def at(cls, village: Village, **values) -> models.Model:
        model = cls._meta.model
        if path := getattr(model, "territory", None):
            values[path] = village
        elif hasattr(model, "territory_code"):
            values["territory_code"] = village.code[: cls._digits]
        return cls(**values)

    @classmethod
    def changeable(cls, village: Village, **values) -> models.Model:
        """As `at`, in the state in which its pages change and delete it; where that is a draft, readers don't see it."""
        return cls.at(village, **values)


def of(model: type[models.Model]) -> type[RowFactory]:
    """The factory of a model. LookupError says what to add."""
    for made in _below(RowFactory):
        if made._meta.model is model:
            return made
    raise LookupError(
        f"{model._meta.label} has no factory. Add {model.__name__}Factory to tests/factories.py, so that its pages, its "
        f"rights and its door are tested; override at(village) where the row does not reach its village by `territory`."
    )


def _below(cls: type) -> list[type]:
    return [found for sub in cls.__subclasses__() for found in (sub, *_below(sub))]


# ---- villages ----


class DistrictFactory(RowFactory):
    class Meta:
        model = District

    code = factory.Sequence(lambda n: f"45{1000 + n % 9000}")
    scope_code = factory.SelfAttribute("code")
    name = factory.Sequence(lambda n: f"第{n}区")

    @classmethod
    def at(cls, village, **values):
        """The village's own: another district would be another territory."""
        return village.township.district


class TownshipFactory(RowFactory):
    class Meta:
        model = Township

    district = factory.SubFactory(DistrictFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.district.code}{200 + n % 800}")
    scope_code = factory.SelfAttribute("code")
    name = factory.Sequence(lambda n: f"第{n}镇")

    @classmethod
    def at(cls, village, **values):
        """Another township of the village's district."""
        return cls(district=village.township.district, **values)


class VillageFactory(RowFactory):
    class Meta:
        model = Village

    township = factory.SubFactory(TownshipFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.township.code}{300 + n % 700}")
    scope_code = factory.SelfAttribute("code")
    name = factory.Sequence(lambda n: f"第{n}村")
    official_name = factory.LazyAttribute(lambda row: f"{row.name}村委会")
    kind = VillageKind.VILLAGE
    in_plan = True
    households = 500
    population = 2000

    @classmethod
    def at(cls, village, **values):
        """Another village of the same township."""
        return cls(township=village.township, **values)


class HamletFactory(RowFactory):
    class Meta:
        model = Hamlet

    village = factory.SubFactory(VillageFactory)
    name = factory.Sequence(lambda n: f"第{n}坡")
    households = 40


class RegulationFactory(RowFactory):
    class Meta:
        model = Regulation

    key = factory.Sequence(lambda n: f"regulation-{n}")
    name = factory.Sequence(lambda n: f"制度{n}")
    name_en = factory.Sequence(lambda n: f"Regulation {n}")
    field = RegulationField.PARTY
    applies_to = AppliesTo.ALL
    position = factory.Sequence(lambda n: n % 1000)
    required_from = date(2013, 1, 1)


class AdoptionFactory(RowFactory):
    class Meta:
        model = Adoption

    village = factory.SubFactory(VillageFactory)
    regulation = factory.SubFactory(RegulationFactory)
    adopted_on = DAY
    body = Body.COMMITTEES
    voters = Voters.ADULTS


class LegalRuleFactory(RowFactory):
    class Meta:
        model = LegalRule

    key = LegalRuleKey.ASSEMBLY_MAJORITY
    applies_to = AppliesTo.VILLAGE
    value = "1/2"
    in_force_from = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))
    source = "测试"
    confidence = Confidence.TO_CONFIRM


# ---- accounts and audit ----


class UserFactory(RowFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    territory_code = "450109"
    password = "!"


class GrantFactory(RowFactory):
    _digits = 12

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.SECRETARY
    territory_code = "450109100214"

    @classmethod
    def at(cls, village, **values):
        return super().at(village, user=UserFactory.at(village), **values)


class AuditRowFactory(RowFactory):
    _digits = 12

    class Meta:
        model = AuditRow

    actor = factory.Sequence(lambda n: f"用户{n} user{n}")
    verb = "update"
    model = "villages.Hamlet"
    object_id = factory.Sequence(str)


# ---- long work ----


class JobFactory(RowFactory):
    class Meta:
        model = Job

    kind = "test"
    key = factory.Sequence(str)
    state = Job.State.DONE


class ChunkFactory(RowFactory):
    class Meta:
        model = Chunk

    job = factory.SubFactory(JobFactory)
    number = factory.Sequence(lambda n: n)

    @classmethod
    def at(cls, village, **values):
        return cls(job=JobFactory.at(village), **values)


# ---- workflows and evidence ----


class HolidayFactory(RowFactory):
    class Meta:
        model = Holiday

    day = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))
    name = "假日"


class TimeLimitFactory(RowFactory):
    class Meta:
        model = TimeLimit

    key = factory.Sequence(lambda n: f"limit-{n}")
    name = factory.Sequence(lambda n: f"时限{n}")
    workdays = 5
    in_force_from = date(2013, 1, 1)


class MoveFactory(RowFactory):
    _digits = 12

    class Meta:
        model = Move

    model = "villages.Adoption"
    object_id = factory.Sequence(lambda n: n)
    on = DAY


class BlobFactory(RowFactory):
    class Meta:
        model = Blob

    digest = factory.Sequence(lambda n: f"{n:064x}")
    extension = "pdf"
    content_type = "application/pdf"
    size = 1000


class EvidenceFactory(RowFactory):
    """A file on a hamlet; the file itself is not stored."""

    class Meta:
        model = Evidence

    owner_model = "villages.hamlet"
    owner_pk = factory.Sequence(lambda n: n)
    blob = factory.SubFactory(BlobFactory)
    file_name = factory.Sequence(lambda n: f"第{n}份.pdf")
    territory_code = "450109100214"

    @classmethod
    def at(cls, village, **values):
        return cls(owner_pk=HamletFactory.at(village).pk, territory_code=village.code, **values)


# ---- facilities ----


class RoomSetFactory(RowFactory):
    class Meta:
        model = RoomSet

    key = factory.Sequence(lambda n: f"set-{n}")
    name = factory.Sequence(lambda n: f"第{n}套")
    state = SetState.PUBLISHED
    office_area = 200_00
    valid_from = date(2013, 1, 1)
    territory_code = "450109"

    @classmethod
    def changeable(cls, village, **values):
        return cls.at(village, state=SetState.DRAFT, **values)


def standing_set(village: Village) -> RoomSet:
    """The set that holds in the village's district: one, as two would compete."""
    code = village.code[:6]
    found = RoomSet.objects.filter(key="standing", territory_code=code).first()
    return found or RoomSetFactory(key="standing", territory_code=code, default_for=AppliesTo.ALL)


class OfSetFactory(RowFactory):
    class Meta:
        abstract = True

    room_set = factory.SubFactory(RoomSetFactory)
    key = factory.Sequence(lambda n: f"part-{n}")
    name = factory.Sequence(lambda n: f"第{n}件")
    position = factory.Sequence(lambda n: n % 1000)

    @classmethod
    def at(cls, village, **values):
        return cls(room_set=standing_set(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(room_set=RoomSetFactory.changeable(village), **values)


class RoomTypeFactory(OfSetFactory):
    class Meta:
        model = RoomType

    group = RoomGroup.ROOM


class EquipmentItemFactory(OfSetFactory):
    class Meta:
        model = EquipmentItem


class SetAssignmentFactory(RowFactory):
    class Meta:
        model = SetAssignment

    village = factory.SubFactory(VillageFactory)
    room_set = factory.SubFactory(RoomSetFactory)
    starts_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # a day each, so that none overlap
    ends_on = factory.SelfAttribute("starts_on")

    @classmethod
    def at(cls, village, **values):
        return super().at(village, room_set=RoomSetFactory.at(village), **values)


class BuildingFactory(RowFactory):
    class Meta:
        model = Building

    village = factory.SubFactory(VillageFactory)
    area = 250_00
    built_year = 2005
    starts_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # a day each, so that none overlap
    ends_on = factory.SelfAttribute("starts_on")
    address = factory.Sequence(lambda n: f"第{n}号")


class RoomFactory(RowFactory):
    class Meta:
        model = Room

    village = factory.SubFactory(VillageFactory)
    room_type = factory.SubFactory(RoomTypeFactory)
    key = factory.SelfAttribute("room_type.key")

    @classmethod
    def at(cls, village, **values):
        return super().at(village, room_type=RoomTypeFactory.at(village), **values)


class EquipmentFactory(RowFactory):
    class Meta:
        model = Equipment

    village = factory.SubFactory(VillageFactory)
    item = factory.SubFactory(EquipmentItemFactory)
    key = factory.SelfAttribute("item.key")
    quantity = 3

    @classmethod
    def at(cls, village, **values):
        return super().at(village, item=EquipmentItemFactory.at(village), **values)


# ---- scoring ----


class StandardFactory(RowFactory):
    class Meta:
        model = Standard
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"标准{n}")
    state = StandardState.PUBLISHED
    first_year = 2013
    territory_code = "450109"

    @classmethod
    def changeable(cls, village, **values):
        return cls.at(village, state=StandardState.DRAFT, **values)

    @factory.post_generation
    def groups(standard, create, extracted, **kwargs):
        """None is published without its four groups."""
        if standard.state != StandardState.DRAFT:
            StandardGroup.objects.bulk_create(StandardGroup(standard=standard, group=group) for group in Group)


class OfStandardFactory(RowFactory):
    class Meta:
        abstract = True

    standard = factory.SubFactory(StandardFactory)
    group = Group.RULES

    @classmethod
    def at(cls, village, **values):
        return cls(standard=StandardFactory.at(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(standard=StandardFactory.changeable(village), **values)


class StandardGroupFactory(OfStandardFactory):
    class Meta:
        model = StandardGroup
        django_get_or_create = ("standard", "group")


class CriterionFactory(OfStandardFactory):
    class Meta:
        model = Criterion

    number = factory.Sequence(lambda n: 1 + n % 30_000)
    name = factory.Sequence(lambda n: f"第{n}条")
    indicator = "regulations_adopted"
    points = 10_00
    full_at = "1"


class RunFactory(RowFactory):
    """A sealed run."""

    class Meta:
        model = Run

    job = factory.SubFactory(JobFactory)
    standard = factory.SubFactory(StandardFactory)
    year = 2013
    cutoff = date(2013, 11, 24)
    territory_code = "450109"
    digest = "0" * 64
    sealed_at = factory.LazyFunction(timezone.now)

    @classmethod
    def at(cls, village, **values):
        return super().at(village, job=JobFactory.at(village), standard=StandardFactory.at(village), **values)


class ResultFactory(RowFactory):
    class Meta:
        model = Result

    run = factory.SubFactory(RunFactory)
    village = factory.SubFactory(VillageFactory)
    functions_state = team_state = facilities_state = rules_state = verdict = Verdict.UNDETERMINED
    met = 0

    @classmethod
    def at(cls, village, **values):
        return super().at(village, run=RunFactory.at(village), **values)


class BreakdownFactory(RowFactory):
    class Meta:
        model = Breakdown

    result = factory.SubFactory(ResultFactory)

    @classmethod
    def at(cls, village, **values):
        return cls(result=ResultFactory.at(village), **values)


class ScoringScheduleFactory(RowFactory):
    _digits = 12

    class Meta:
        model = ScoringSchedule
        django_get_or_create = ("territory_code",)  # one for each territory

    month = 11
    day = 24
    territory_code = "450109"
