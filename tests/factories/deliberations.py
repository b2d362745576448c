"""Hamlets' bodies and households; deliberations and their steps."""

from datetime import date

import factory

from services.choices_bodies import BodyKind, Office
from services.choices_deliberations import StepKind
from services.models import BodyMember, Deliberation, DeliberationStep, HamletBody, Household
from tests.factories.base import RowFactory
from tests.factories.villages import HamletFactory, VillageFactory


class HouseholdFactory(RowFactory):
    class Meta:
        model = Household

    hamlet = factory.SubFactory(HamletFactory)
    householder = factory.Sequence(lambda n: f"户主{n}")
    people = 4
    adults = 3
    starts_on = date(2011, 1, 1)


class HamletBodyFactory(RowFactory):
    class Meta:
        model = HamletBody

    hamlet = factory.SubFactory(HamletFactory)
    kind = BodyKind.COUNCIL
    formed_on = date(2011, 9, 1)
    term_ends_on = date(2014, 9, 1)


class BodyMemberFactory(RowFactory):
    class Meta:
        model = BodyMember

    body = factory.SubFactory(HamletBodyFactory)
    name = factory.Sequence(lambda n: f"理事{n}")
    office = Office.MEMBER
    starts_on = date(2011, 9, 1)


class DeliberationFactory(RowFactory):
    """Of a village, to be proposed."""

    class Meta:
        model = Deliberation

    village = factory.SubFactory(VillageFactory)
    subject = factory.Sequence(lambda n: f"第{n}号鱼塘发包")


class DeliberationStepFactory(RowFactory):
    class Meta:
        model = DeliberationStep

    deliberation = factory.SubFactory(DeliberationFactory)
    step = StepKind.PROPOSE
    held_on = date(2013, 3, 1)
    entitled = 5
    present = 5
    in_favour = 5
