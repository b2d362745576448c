"""The register of questionnaires; their versions are composed on pages of their own."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.menu import Group
from core.registers import Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import DISTRICT, READERS
from surveys.choices import VersionState
from surveys.models import Questionnaire


@register
class QuestionnaireRegister(Register):
    model = Questionnaire
    path = "questionnaires"
    columns = ("title", "used_for", "published", "n_surveys", "saved_by")
    card = ("title", "used_for", "published", "n_surveys")
    search = ("title", "purpose", "used_for")
    sections = ((_("Questionnaire"), ("title", "territory_code", "used_for", "figure", "purpose")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    sheet_words = {"title": ("标题",), "purpose": ("用途",)}
    menu = (Group.SURVEY, 20)
    empty = _("Give a questionnaire its title and purpose; then compose its questions and publish a version.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        rows = Questionnaire.objects.visible_to(user, verb)
        return rows.annotate(
            published=Count("versions", filter=~Q(versions__state=VersionState.DRAFT), distinct=True),
            n_surveys=Count("versions__surveys", distinct=True),
        )

    @computed(_("Published versions"), order=("published",), number=True)
    def show_published(row: Questionnaire) -> str:
        return str(row.published)

    @computed(pgettext_lazy("survey", "Surveys"), order=("n_surveys",), number=True)
    def show_n_surveys(row: Questionnaire) -> str:
        return str(row.n_surveys)
