"""Questionnaires, surveys, field work and sheets of answers."""

from datetime import date

import factory

from surveys.choices import Kind, Operator, Source, VersionState
from surveys.models import (
    Answer,
    Batch,
    Condition,
    FieldVisit,
    MatrixRow,
    Option,
    PlanRow,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Response,
    Survey,
    Team,
)
from tests.factories.base import DAY, RowFactory
from tests.factories.villages import VillageFactory


class QuestionnaireFactory(RowFactory):
    class Meta:
        model = Questionnaire

    title = factory.Sequence(lambda n: f"问卷{n}")
    territory_code = "450109"


class QuestionnaireVersionFactory(RowFactory):
    class Meta:
        model = QuestionnaireVersion

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    number = factory.Sequence(lambda n: 1 + n % 30_000)
    state = VersionState.PUBLISHED
    published_on = factory.LazyAttribute(lambda row: None if row.state == VersionState.DRAFT else DAY)

    @classmethod
    def at(cls, village, **values):
        return cls(questionnaire=QuestionnaireFactory.at(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls.at(village, state=VersionState.DRAFT, **values)


class QuestionFactory(RowFactory):
    class Meta:
        model = Question

    edition = factory.SubFactory(QuestionnaireVersionFactory)
    key = factory.Sequence(lambda n: f"q{n}")
    order = factory.Sequence(lambda n: 1 + n % 30_000)
    kind = Kind.TEXT
    text = factory.Sequence(lambda n: f"第{n}题")

    @classmethod
    def at(cls, village, **values):
        return cls(edition=QuestionnaireVersionFactory.at(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(edition=QuestionnaireVersionFactory.changeable(village), **values)


class OfQuestionFactory(RowFactory):
    class Meta:
        abstract = True

    question = factory.SubFactory(QuestionFactory, kind=Kind.SINGLE)

    @classmethod
    def at(cls, village, **values):
        return cls(question=QuestionFactory.at(village, kind=Kind.SINGLE), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(question=QuestionFactory.changeable(village, kind=Kind.SINGLE), **values)


class OptionFactory(OfQuestionFactory):
    class Meta:
        model = Option

    key = factory.Sequence(lambda n: f"o{n}")
    order = factory.Sequence(lambda n: 1 + n % 30_000)
    label = factory.Sequence(lambda n: f"选项{n}")


class MatrixRowFactory(OfQuestionFactory):
    class Meta:
        model = MatrixRow

    key = factory.Sequence(lambda n: f"r{n}")
    label = factory.Sequence(lambda n: f"行{n}")


class ConditionFactory(OfQuestionFactory):
    class Meta:
        model = Condition

    question = factory.SubFactory(QuestionFactory)
    source = factory.LazyAttribute(lambda row: QuestionFactory(edition=row.question.edition, kind=Kind.SINGLE, order=0))
    operator = Operator.HAS
    option = factory.LazyAttribute(lambda row: OptionFactory(question=row.source))


class SurveyFactory(RowFactory):
    class Meta:
        model = Survey

    edition = factory.SubFactory(QuestionnaireVersionFactory)
    title = factory.Sequence(lambda n: f"调查{n}")
    starts_on = date(2013, 10, 8)
    ends_on = date(2013, 12, 20)
    territory_code = "450109"

    @classmethod
    def at(cls, village, **values):
        return super().at(village, **{"edition": QuestionnaireVersionFactory.at(village)} | values)


class OfSurveyFactory(RowFactory):
    class Meta:
        abstract = True

    survey = factory.SubFactory(SurveyFactory)

    @classmethod
    def at(cls, village, **values):
        return super().at(village, **{"survey": SurveyFactory.at(village)} | values)


class TeamFactory(OfSurveyFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"第{n}组")

    @classmethod
    def at(cls, village, **values):
        return cls(survey=SurveyFactory.at(village), **values)


class PlanRowFactory(OfSurveyFactory):
    class Meta:
        model = PlanRow

    village = factory.SubFactory(VillageFactory)
    planned = 10


class FieldVisitFactory(OfSurveyFactory):
    class Meta:
        model = FieldVisit

    village = factory.SubFactory(VillageFactory)
    day = date(2013, 11, 12)


class BatchFactory(OfSurveyFactory):
    class Meta:
        model = Batch

    name = factory.Sequence(lambda n: f"第{n}批")
    day = date(2013, 11, 12)
    territory_code = "450109"


class ResponseFactory(OfSurveyFactory):
    class Meta:
        model = Response

    village = factory.SubFactory(VillageFactory)
    source = Source.STAFF
    day = date(2013, 11, 12)
    entered_by = "录入员"


class AnswerFactory(RowFactory):
    class Meta:
        model = Answer

    response = factory.SubFactory(ResponseFactory)
    question = factory.LazyAttribute(lambda row: QuestionFactory(edition=row.response.survey.edition))
    text = "有"

    @classmethod
    def at(cls, village, **values):
        return cls(response=ResponseFactory.at(village), **values)
