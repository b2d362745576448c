"""The ground."""

from datetime import date, timedelta

import factory

from tests.factories.base import DAY, RowFactory
from villages.choices import AppliesTo, Body, Confidence, LegalRuleKey, RegulationField, VillageKind, Voters
from villages.models import Adoption, District, Hamlet, LegalRule, Regulation, Township, Village


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
