"""What the records of a hamlet's bodies may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyKind(TextChoices):
    """One group, two meetings: in the order in which a matter passes them."""

    PARTY_GROUP = "party_group", _("Party group of the hamlet")
    HOUSEHOLDERS = "householders", _("Householders' meeting")
    COUNCIL = "council", _("Hamlet council")


class Office(TextChoices):
    """The head is called otherwise in each body; the word for each stands in `HEADS`."""

    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy head")
    MEMBER = "member", _("Member of the body")
    TREASURER = "treasurer", _("Bookkeeper")


HEADS = {
    BodyKind.PARTY_GROUP: _("Group head"),
    BodyKind.HOUSEHOLDERS: _("Chair of the meeting"),
    BodyKind.COUNCIL: _("Head of the council"),
}
