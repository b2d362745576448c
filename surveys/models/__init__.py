"""Questionnaires, field work and answers; one file a subject."""

from surveys.models.answers import Answer, Batch, Response
from surveys.models.fieldwork import FieldVisit
from surveys.models.questionnaires import (
    Condition,
    MatrixRow,
    Option,
    Question,
    Questionnaire,
    QuestionnaireVersion,
)
from surveys.models.surveys import PlanRow, Survey, Team

__all__ = [
    "Answer",
    "Batch",
    "Condition",
    "FieldVisit",
    "MatrixRow",
    "Option",
    "PlanRow",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "Survey",
    "Team",
]
