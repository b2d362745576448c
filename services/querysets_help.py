"""People who are helped: whose records are read by whom, and who is helped on a day."""

from datetime import date

from django.db.models import Q

from core import rights
from core.roles import LOCAL
from core.scoping import ScopedQuerySet, in_any_range
from services.choices_help import HelpKind

#: Who reads a child's record: those who visit the child or answer for it. All others read numbers.
READ_CHILDREN = LOCAL


class HelpQuerySet(ScopedQuerySet):
    """`to_person` leads from the row to the person who is helped."""

    to_person = ""

    def visible_to(self, user, verb: str = "view"):
        """As everywhere; a child's rows where the person holds a role that needs them."""
        rows = super().visible_to(user, verb)
        if not (user and user.is_active):
            return rows
        held = user.scopes(rights.roles(self.model, verb) & READ_CHILDREN)
        return rows.filter(~self.of_children() | in_any_range(self.scope_path, held))

    def of_children(self) -> Q:
        return Q(**{f"{self.to_person}kind": HelpKind.CHILD})


class HelpedPersonQuerySet(HelpQuerySet):
    def on(self, day: date):
        """Those who are helped on the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class HelpOfPersonQuerySet(HelpQuerySet):
    to_person = "helped__"

    def on(self, day: date):
        """The helpers of the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))
