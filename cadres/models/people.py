"""A person once; posts in the two committees with their days; membership of the party."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import (
    COMMITTEE_OF,
    SINGLE_POSITIONS,
    Committee,
    Education,
    HowChosen,
    MemberState,
    PoliticalStatus,
    Position,
    Sex,
    Source,
)
from cadres.identity import check_numbers
from cadres.querysets import MemberQuerySet, PersonQuerySet, PostQuerySet
from core.pinyin import PinyinField
from core.records import CatalogueRecord, Record
from core.sensitive import Mask, SensitiveField
from villages.models import Village
from villages.votes import votes_add_up


class Person(Record):
    """A person whom a village's records name. Files of party members stay on paper: this is the least that is needed."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="people", verbose_name=_("Village or community"))
    name = models.CharField(_("Person"), max_length=40)
    pinyin = PinyinField()
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex.choices)
    ethnicity = models.CharField(_("Ethnic group"), max_length=20, blank=True)
    born_on = models.DateField(_("Born on"), null=True, blank=True)
    education = models.CharField(_("Education"), max_length=2, choices=Education.choices, blank=True)
    school = models.CharField(_("School and subject"), max_length=80, blank=True)
    political_status = models.CharField(
        _("Political status"), max_length=12, choices=PoliticalStatus.choices, default=PoliticalStatus.MASSES
    )
    id_number = SensitiveField(_("ID number"), mask=Mask.ID_NUMBER, max_length=18, blank=True)
    phone = SensitiveField(_("Telephone"), mask=Mask.PHONE, max_length=20, blank=True)
    speciality = models.CharField(_("Speciality"), max_length=80, blank=True)
    income_project = models.CharField(_("Project that earns"), max_length=80, blank=True)

    objects = PersonQuerySet.as_manager()
    derived = ("born_on",)

    class Meta(Record.Meta):
        verbose_name = _("Person on record")
        verbose_name_plural = _("People on record")
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=~Q(id_number_index=""),
                name="person_once",
                violation_error_message=_("Somebody with this ID number is on record already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Number and telephone as they can be; the birth date follows from the number where it was left out."""
        if problems := check_numbers(self):
            raise ValidationError(problems)


class Term(CatalogueRecord):
    """A term of a committee: the year of its election, and how many years the law of that day gave it."""

    committee = models.CharField(_("Committee"), max_length=10, choices=Committee.choices)
    year = models.PositiveSmallIntegerField(_("Year of election"))
    starts_on = models.DateField(_("Begins on"))
    ends_on = models.DateField(_("Ends on"))
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Term")
        verbose_name_plural = _("Terms")
        ordering = ["-year", "committee"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                name="term_once",
                violation_error_message=_("This committee's term of that year is there already: edit it."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_start",
                violation_error_message=_("The term ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_committee_display()}"


class Post(Record):
    """A person in a post of a village from a day on. `ends_on` is the first day out of it; empty: in post."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("Person"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="posts", verbose_name=_("Village or community"))
    committee = models.CharField(_("Committee"), max_length=10, choices=Committee.choices, editable=False)
    position = models.CharField(_("Post held"), max_length=20, choices=Position.choices)
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("Term"))
    starts_on = models.DateField(_("In post since"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    how = models.CharField(_("How chosen"), max_length=20, choices=HowChosen.choices)
    entitled = models.PositiveIntegerField(_("Entitled to vote"), null=True, blank=True)
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("In favour"), null=True, blank=True)
    document = models.CharField(_("Document number"), max_length=60, blank=True)

    objects = PostQuerySet.as_manager()
    derived = ("committee",)

    class Meta(Record.Meta):
        verbose_name = _("Post")
        verbose_name_plural = _("Posts")
        ordering = ["village__code", "committee", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "position"],
                condition=Q(ends_on__isnull=True, position__in=[p.value for p in SINGLE_POSITIONS]),
                name="post_single_in_post",
                violation_error_message=_("Somebody is in this post already: end that post first."),
            ),
            models.UniqueConstraint(
                fields=["person", "village", "position"],
                condition=Q(ends_on__isnull=True),
                name="post_held_once",
                violation_error_message=_("This person is in that post already: open the record instead."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="post_ends_after_start",
                violation_error_message=_("The post ends before it begins: correct one of the two dates."),
            ),
            votes_add_up("post_votes_add_up"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_position_display()}"

    def clean(self) -> None:
        self.committee = COMMITTEE_OF.get(self.position, "")
        if self.term_id and self.committee and self.term.committee != self.committee:
            raise ValidationError({"term": _("This is a term of the other committee: choose one of this post's.")})
        foreign = self.person_id and self.village_id and self.person.village_id != self.village_id
        if foreign and self.how not in (HowChosen.OPEN_SELECTION, HowChosen.APPOINTED):
            sentence = _("This person is of another village: only open selection or appointment brings him here.")
            raise ValidationError({"person": sentence})


class PartyBranch(Record):
    """A party branch of a village; a large village has several under a general branch."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="branches", verbose_name=_("Village or community")
    )
    name = models.CharField(_("Name"), max_length=80)
    pinyin = PinyinField()
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Party branch")
        verbose_name_plural = _("Party branches")
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "name"],
                condition=Q(closed_on__isnull=True),
                name="branch_once",
                violation_error_message=_("This village has a branch of that name already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartyMember(Record):
    """A membership: admitted as probationary on a day, full on another. The development procedure is not kept here."""

    territory = "branch__village"

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("Person"))
    branch = models.ForeignKey(PartyBranch, models.PROTECT, related_name="members", verbose_name=_("Party branch"))
    state = models.CharField(_("State"), max_length=12, choices=MemberState.choices, default=MemberState.FULL)
    source = models.CharField(_("Came from"), max_length=20, choices=Source.choices, blank=True)
    joined_on = models.DateField(_("Admitted on"))
    full_on = models.DateField(_("Full member since"), null=True, blank=True)
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    duty = models.CharField(_("Duty without office"), max_length=80, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Party membership")
        verbose_name_plural = _("Party members")
        ordering = ["branch__village__code", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(left_on__isnull=True),
                name="member_once",
                violation_error_message=_("This person is a member of a branch already: end that membership first."),
            ),
            models.CheckConstraint(
                condition=Q(full_on__isnull=True) | Q(full_on__gte=F("joined_on")),
                name="member_full_after_joined",
                violation_error_message=_("Full membership can't begin before admission: correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
