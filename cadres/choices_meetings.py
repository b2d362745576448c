"""Three meetings and one lecture: what the register of branch meetings may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from villages.choices import LegalRuleKey


class MeetingKind(TextChoices):
    COMMITTEE = "committee", _("Branch committee meeting")
    GROUP = "group", _("Party group meeting")
    MEMBERS = "members", _("Members' assembly")
    LECTURE = "lecture", _("Party lecture")


#: How often a year each is due, by which rule. Groups are not counted: which of them a branch has is not kept here.
TIMES_A_YEAR = {
    MeetingKind.COMMITTEE: LegalRuleKey.COMMITTEE_MEETINGS,
    MeetingKind.MEMBERS: LegalRuleKey.MEMBERS_ASSEMBLIES,
    MeetingKind.LECTURE: LegalRuleKey.PARTY_LECTURES,
}
