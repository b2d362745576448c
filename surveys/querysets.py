"""Questions about questionnaires, surveys and answers; every one through the door."""

from django.db.models import Q

from core import rights
from core.scoping import RegionalQuerySet, ScopedQuerySet, in_any_range, scopes
from surveys.choices import VersionState

#: What a verb needs the version to be: a published one never changes, so the door itself says no.
STATE_FOR = {
    "change": VersionState.DRAFT,
    "delete": VersionState.DRAFT,
    "publish": VersionState.DRAFT,
    "retire": VersionState.PUBLISHED,
}


class OfRegionQuerySet(RegionalQuerySet):
    """Rows that belong to a regional row at `owner`: seen with it, changed with it."""

    owner = ""

    def visible_to(self, user, verb: str = "view"):
        if not rights.can(user, verb, self.model):
            return self.none()
        owners = self.model._meta.get_field(self.owner).related_model.objects
        return self.filter(**{f"{self.owner}__in": owners.visible_to(user, "view" if verb == "view" else "change")})


class VersionQuerySet(OfRegionQuerySet):
    owner = "questionnaire"

    def visible_to(self, user, verb: str = "view"):
        """Drafts are seen by those who may change them; only drafts can be changed."""
        rows = super().visible_to(user, verb)
        if state := STATE_FOR.get(verb):
            return rows.filter(state=state)
        if verb == "view" and not rights.can(user, "change", self.model):
            return rows.exclude(state=VersionState.DRAFT)
        return rows


class OfVersionQuerySet(OfRegionQuerySet):
    owner = "edition"


class OfQuestionQuerySet(OfRegionQuerySet):
    owner = "question"


class OfSurveyQuerySet(OfRegionQuerySet):
    owner = "survey"


class ResponseQuerySet(ScopedQuerySet):
    def readable_by(self, user):
        """The sheets that the person may read one by one: by the right to rows, or because he typed them in."""
        held = Q(in_any_range(self.scope_path, scopes(user, "rows", self.model)))
        if rights.can(user, "add", self.model) and user.name:
            held |= Q(entered_by=user.name)
        return self.visible_to(user).filter(held)
