"""Service stations of three tiers, what they do for people, and what people asked of them."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.identity import phone_mistake
from cadres.models import Person
from core.records import CatalogueRecord, Named, Record, RegionalRecord
from core.sensitive import Mask, SensitiveField
from core.sensitive.values import normalise
from core.workflow.models import Flowing
from services.choices_stations import HEIGHT, RequestState, Tier, Weekday
from services.querysets_stations import ServiceItemQuerySet, ServiceRequestQuerySet, StationQuerySet
from villages.models import Hamlet, Township, Village

#: Which places a station of each tier names; the others stay empty.
PLACES = {Tier.TOWNSHIP: ("township",), Tier.VILLAGE: ("village",), Tier.HAMLET: ("village", "hamlet")}


class Station(RegionalRecord):
    """A station: the township's, a village's, or a hamlet's point. Everybody below reads it, who holds it changes it.

    `territory_code` is that of its township or village and follows from them.
    """

    derived = ("territory_code",)

    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices, default=Tier.VILLAGE)
    township = models.ForeignKey(
        Township,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("Township"),
        help_text=_("Of a township’s station alone."),
    )
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="stations", verbose_name=_("Village or community")
    )
    hamlet = models.ForeignKey(
        Hamlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("Hamlet"),
        help_text=_("Of a hamlet’s point alone."),
    )
    name = models.CharField(_("Name"), max_length=60)
    place = models.CharField(_("Where it is"), max_length=80, blank=True)
    phone = models.CharField(_("Telephone for the public"), max_length=20, blank=True)
    opened_on = models.DateField(_("Opened on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Service station")
        verbose_name_plural = _("Service stations")
        ordering = ["territory_code", "-tier", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tier=Tier.TOWNSHIP, township__isnull=False, village__isnull=True, hamlet__isnull=True)
                | Q(tier=Tier.VILLAGE, township__isnull=True, village__isnull=False, hamlet__isnull=True)
                | Q(tier=Tier.HAMLET, township__isnull=True, village__isnull=False, hamlet__isnull=False),
                name="station_place_of_its_tier",
                violation_error_message=_(
                    "A township’s station names the township alone, a village’s the village, a hamlet’s point village "
                    "and hamlet: fill these in and leave the others empty."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=[tier.value],
                    condition=Q(closed_on__isnull=True, tier=tier.value),
                    name=f"station_once_a_{tier.value}",
                    violation_error_message=_("There is an open station of this tier already: open that record."),
                )
                for tier in Tier
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="station_closed_after_opened",
                violation_error_message=_("It can't be closed before it was opened: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.phone = checked_phone(self.phone)
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            raise ValidationError({"hamlet": _("This hamlet is of another village: choose one of this village.")})
        holder = self.township if self.tier == Tier.TOWNSHIP else self.village
        self.territory_code = holder.scope_code if holder else ""
        if holder is None:
            lacking = PLACES.get(self.tier, ("village",))[0]
            raise ValidationError({lacking: _("Say where the station belongs: choose the place of its tier.")})


class OfStation(RegionalRecord):
    """A row that hangs on a station and is read and changed where the station is."""

    derived = ("territory_code",)

    class Meta(RegionalRecord.Meta):
        abstract = True

    def clean(self) -> None:
        if self.station_id:
            self.territory_code = self.station.territory_code


class StationStaff(OfStation):
    """Somebody who serves at a station, with the telephone that everybody may call."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="staff", verbose_name=_("Service station"))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="serves_at",
        verbose_name=pgettext_lazy("on record", "Person on record"),
    )
    name = models.CharField(
        pgettext_lazy("not on record", "Name"),
        max_length=40,
        blank=True,
        help_text=_("Of somebody who is not among the people on record."),
    )
    duty = models.CharField(_("Serves for"), max_length=60, blank=True)
    phone = models.CharField(_("Telephone for the public"), max_length=20, blank=True)
    starts_on = models.DateField(_("Serves since"))
    ends_on = models.DateField(_("Serves until"), null=True, blank=True)

    class Meta(OfStation.Meta):
        verbose_name = _("Staff of a station")
        verbose_name_plural = _("Staff of stations")
        ordering = ["station", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                name="station_staff_person_or_name",
                violation_error_message=_("Choose somebody on record or type a name, one of the two."),
            ),
            models.UniqueConstraint(
                fields=["station", "person"],
                condition=Q(ends_on__isnull=True),
                name="station_staff_once",
                violation_error_message=_("This person serves here already: keep one of the two lines."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="station_staff_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)

    def clean(self) -> None:
        super().clean()
        self.phone = checked_phone(self.phone)


class OpeningHours(OfStation):
    """When a station is open on a day of the week; two rows for a day with a break."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="hours", verbose_name=_("Service station"))
    weekday = models.PositiveSmallIntegerField(_("Day of the week"), choices=Weekday.choices)
    opens = models.TimeField(_("Opens at"))
    closes = models.TimeField(_("Closes at"))

    class Meta(OfStation.Meta):
        verbose_name = _("Opening hours")
        verbose_name_plural = _("Opening hours")
        ordering = ["station", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "weekday", "opens"],
                name="opening_hours_once",
                violation_error_message=_("These hours stand there already: keep one of the two lines."),
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="opening_hours_close_after_open",
                violation_error_message=_("It closes before it opens: correct one of the two times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class ServiceItem(CatalogueRecord, Named):
    """Something that a resident may ask for: who can finish it, what to bring, in how many working days. Dated."""

    key = models.SlugField(_("Key"), max_length=40)
    tier = models.CharField(_("Finished at"), max_length=10, choices=Tier.choices, default=Tier.TOWNSHIP)
    papers = models.TextField(_("Papers to bring"), max_length=300, blank=True)
    workdays = models.PositiveSmallIntegerField(
        _("Promised working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: the general limit for service requests."),
    )
    position = models.PositiveSmallIntegerField(_("Position"), default=0)
    in_force_from = models.DateField(_("In force from"))
    in_force_until = models.DateField(_("In force until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = ServiceItemQuerySet.as_manager()

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Service item")
        verbose_name_plural = _("Catalogue of service items")
        ordering = ["position", "key", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "in_force_from"],
                name="service_item_once_a_day",
                violation_error_message=_("This item already has a row from that day: edit that one."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("in_force_from")),
                name="service_item_until_after_from",
                violation_error_message=_("It can't end before it begins: correct one of the two dates."),
            ),
        ]


class ServiceRequest(Flowing, Record):
    """What a resident asked of a station: accepted, finished there or carried up for him, within the days promised.

    The days that nobody types are set by the actions (`services.actions.stations`), which know the working days.
    """

    derived = ("promised_by", "carried_on", "finished_on", "workdays_taken")

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="service_requests", verbose_name=_("Village or community")
    )
    station = models.ForeignKey(Station, models.PROTECT, related_name="requests", verbose_name=_("Accepted at"))
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="requests", verbose_name=_("Service item"))
    resident = SensitiveField(_("Resident"), mask=Mask.NAME, max_length=40)
    phone = SensitiveField(_("Telephone"), mask=Mask.PHONE, max_length=20, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    accepted_on = models.DateField(_("Accepted on"))
    promised_by = models.DateField(_("Promised end"), null=True, editable=False)
    carried_on = models.DateField(_("Carried up on"), null=True, blank=True, editable=False)
    carried_by = models.CharField(_("Carried up by"), max_length=40, blank=True)
    finished_on = models.DateField(_("Finished on"), null=True, blank=True, editable=False)
    workdays_taken = models.PositiveSmallIntegerField(_("Working days taken"), null=True, editable=False)
    result = models.CharField(pgettext_lazy("request", "Result"), max_length=200, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=RequestState.choices, default=RequestState.ACCEPTED, editable=False
    )

    objects = ServiceRequestQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Service request")
        verbose_name_plural = _("Service requests")
        ordering = ["-accepted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(finished_on__gte=F("accepted_on")),
                name="service_request_finished_after_accepted",
                violation_error_message=_("It can't be finished before it was accepted: correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.FINISHED, finished_on__isnull=False)
                | (~Q(state=RequestState.FINISHED) & Q(finished_on__isnull=True)),
                name="service_request_finished_has_day",
                violation_error_message=_("A finished request has the day on which it was finished, others have none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} {self.accepted_on:%m-%d}"

    @property
    def finishes_here(self) -> bool:
        """Whether the station that accepted it can finish it itself."""
        return HEIGHT[self.station.tier] >= HEIGHT[self.item.tier]

    def clean(self) -> None:
        problems = {}
        if self.phone:
            self.phone = normalise(self.phone.plain)
            if mistake := phone_mistake(self.phone.plain):
                problems["phone"] = mistake
        if self.station_id and self.village_id and not self._is_served():
            problems["station"] = _("This station serves other places: choose the village’s own or its township’s.")
        if problems:
            raise ValidationError(problems)

    def _is_served(self) -> bool:
        if self.station.tier == Tier.TOWNSHIP:
            return self.station.township_id == self.village.township_id
        return self.station.village_id == self.village_id


def checked_phone(number: str) -> str:
    """The number without spaces. Raises ValidationError for what is none."""
    number = normalise(number or "")
    if number and (mistake := phone_mistake(number)):
        raise ValidationError({"phone": mistake})
    return number
