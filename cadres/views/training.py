"""Training: plan against done, who lacks hours, the sheet of a course, the record of a cadre."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cadres.actions.training import Mark, take_attendance
from cadres.choices_development import Topic, TrainingResult
from cadres.models import Attendance, Course, Person
from cadres.places import place_of
from cadres.training import Hours, by_mode, hours_asked, hours_of, sheet_people, trainees, with_numbers
from core import actions, rights
from core.clock import today
from core.pages import number_in, page
from core.periods import Period
from core.roles import EDITORS, READERS
from villages.models import Village

#: People on one page of a sheet; beyond it a township or village is chosen first.
MOST = 300
#: Courses to come that a page proposes.
PROPOSED = 5


def _period(request) -> Period:
    """The year asked for, up to today."""
    day, asked = today(), request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and asked.isascii() and 2000 <= int(asked[:5]) <= day.year else day.year
    return Period(year, day)


@require_GET
@page(READERS)
def show_plan(request):
    """`?place=`, `?year=`."""
    place, period = place_of(request.user, request.GET.get("place", "")), _period(request)
    mine = Course.objects.visible_to(request.user).of_year(period.year)
    courses = list(with_numbers(mine, place.villages).order_by("starts_on", "name"))
    hours = hours_of(place.villages, period)
    context = {
        "place": place,
        "period": period,
        "courses": courses,
        "modes": by_mode(courses),
        "held": sum(1 for course in courses if course.attended),
        "enough": sum(own.enough for own in hours.values()),
        "total": sum(own.total for own in hours.values()),
        "day": period.as_of,
        "may_add": rights.can(request.user, "add", Course),
    }
    return render(request, "cadres/training_plan.html", context)


@require_GET
@page(READERS)
def show_lacking(request):
    """`?place=`, `?year=`: villages above the village, people in it."""
    place, period = place_of(request.user, request.GET.get("place", "")), _period(request)
    hours = hours_of(place.villages, period)
    is_village = len(place.code) == 12
    villages = list(place.villages.select_related("township"))
    rows = sorted(
        ((village, hours.get(village.pk, Hours(None))) for village in villages), key=lambda row: -row[1].lacking
    )
    people = []
    if is_village and villages:
        own = hours.get(villages[0].pk, Hours(None))
        seen = Person.objects.visible_to(request.user).filter(pk__in=own.of).order_by("name")
        people = trainees(seen, own, period)
    context = {
        "place": place,
        "period": period,
        "rows": [] if is_village else rows,
        "people": people,
        "short": sum(own.short for own in hours.values()),
        "total": sum(own.total for own in hours.values()),
        "lacking": sum(own.lacking for own in hours.values()),
        "asked": max((own.asked or 0 for own in hours.values()), default=0),
        "proposed": _to_come(request.user, period, {topic for one in people if one.lacks for topic in one.topics}),
    }
    return render(request, "cadres/training_lacking.html", context)


def _to_come(user, period: Period, topics: set[str]) -> list[Course]:
    """Courses that have not begun; those on a topic that is lacked come first."""
    rows = Course.objects.visible_to(user).filter(starts_on__gt=period.cutoff, cancelled=False)
    return sorted(rows.order_by("starts_on")[:50], key=lambda c: c.get_topic_display() not in topics)[:PROPOSED]


@require_GET
@page(READERS)
def show_record(request, pk: int):
    """What one cadre attended, what he lacks this year, what comes that would help."""
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("village"), pk=pk)
    period = _period(request)
    rows = Attendance.objects.visible_to(request.user).filter(person=person).select_related("course")
    asked = hours_asked(Village.objects.visible_to(request.user).filter(pk=person.village_id), period.as_of)
    counting = rows.counting_in(period.start, period.as_of)
    own = Hours(asked.get(person.village_id), {person.pk: sum(row.hours for row in counting)})
    had = {row.course.topic for row in counting}
    lacks = [topic.label for topic in Topic if topic not in had]
    context = {
        "person": person,
        "period": period,
        "rows": list(rows.order_by("-course__starts_on")),
        "hours": own.of[person.pk],
        "asked": own.asked,
        "lacks": own.lacks(person.pk),
        "topics": lacks,
        "proposed": _to_come(request.user, period, set(lacks)),
    }
    return render(request, "cadres/training_record.html", context)


# ---- the sheet ----


@require_http_methods(["GET", "POST"])
@page(READERS)
def show_sheet(request, pk: int):
    """`?place=`: whose people are listed. POST writes the whole sheet: `present` and `passed` hold people's numbers."""
    course = get_object_or_404(Course.objects.visible_to(request.user), pk=pk)
    place = place_of(request.user, request.GET.get("place", ""))
    people = sheet_people(place.villages, course)
    listed = list(people[: MOST + 1])
    narrow = len(listed) > MOST
    errors: list[str] = []
    if request.method == "POST":
        actions.require(request.user, "add", Attendance)
        try:
            changed = take_attendance(request.user, course, _marks(request.POST, listed[:MOST], course))
        except ValidationError as error:
            errors = error.messages
        else:
            text = ngettext("%(n)d line of the sheet changed.", "%(n)d lines of the sheet changed.", changed)
            messages.success(request, text % {"n": changed})
            query = f"?place={place.code}" if place.code else ""
            return redirect(reverse("cadres:training_sheet", args=[course.pk]) + query)
    rows = Attendance.objects.visible_to(request.user).filter(course=course, person__in=[one.pk for one in listed])
    known = {row.person_id: row for row in rows}
    context = {
        "course": course,
        "place": place,
        "narrow": narrow,
        "townships": _townships(request.user) if narrow or len(place.code) > 6 else [],
        "lines": [(one, known.get(one.pk)) for one in listed[:MOST]],
        "present": sum(1 for row in known.values() if row.present),
        "may_write": bool(request.user.roles & EDITORS) and not course.cancelled and course.starts_on <= today(),
        "errors": errors,
    }
    return render(request, "cadres/training_sheet.html", context, status=422 if errors else 200)


def _townships(user) -> list[tuple[str, str]]:
    """The townships that the person may choose among; none where he holds one alone."""
    rows = Village.objects.visible_to(user).order_by("township__code")
    found = list(rows.values_list("township__code", "township__name").distinct())
    return found if len(found) > 1 else []


def _marks(data, people: list[Person], course: Course) -> list[Mark]:
    """What was ticked and typed; hours left empty are the course's. Raises ValidationError for what is no number."""
    present, passed, failed = (set(data.getlist(name)) for name in ("present", "passed", "failed"))
    marks = []
    for person in people:
        key = str(person.pk)
        typed = data.get(f"hours_{key}", "").strip()
        if typed and number_in(typed, 9999) is None:
            sentence = _("%(person)s: “%(typed)s” is not a number of hours, write whole hours.")
            raise ValidationError(sentence % {"person": person, "typed": typed})
        result = TrainingResult.PASSED if key in passed else TrainingResult.FAILED if key in failed else ""
        marks.append(Mark(person, key in present, int(typed) if typed else course.hours, result))
    return marks


urlpatterns = [
    path("training/", show_plan, name="training_plan"),
    path("training/lacking/", show_lacking, name="training_lacking"),
    path("training/<int:pk>/sheet/", show_sheet, name="training_sheet"),
    path("training/people/<int:pk>/", show_record, name="training_record"),
]
