"""The demonstration's courses of 2013 and who attended: most villages have their hours, some just not."""

from datetime import date, timedelta
from random import Random

from cadres.choices import SENIOR_AND_ABOVE
from cadres.choices_development import Topic, TrainingMode, TrainingResult
from cadres.demo.grades import FAIR, GOOD, WEAK, grade_of
from cadres.demo.people import CLERKS
from cadres.models import Attendance, Course, Person, Post
from villages.models import Village

HOURS = 24
#: How many of a village's cadres reach the hours.
REACH = {GOOD: 0.985, FAIR: 0.82, WEAK: 0.35}
DISTRICT, OFFICE = "450109", "城区委组织部"
M, T = TrainingMode, Topic
#: Everybody is asked to these: name, mode, topic, first day, days, hours, seats, venue.
OPEN_TO_ALL = (
    ("村（社区）两委干部春季轮训班", M.ROTATION, T.POLICY, (3, 11), 2, 16, 550, "城区党校"),
    ("远程教育集中学习日：高产甘蔗栽培", M.DISTANCE, T.FARMING, (4, 12), 1, 4, 550, "各村远教站点"),
    ("村党组织党务工作培训班", M.PARTY_SCHOOL, T.PARTY_WORK, (5, 20), 1, 8, 550, "城区党校"),
    ("村务管理现场观摩", M.ON_SITE, T.MANAGEMENT, (6, 18), 1, 6, 550, "那楼镇屯六村"),
    ("廉政流动党课", M.MOBILE, T.INTEGRITY, (7, 2), 1, 4, 550, "各镇"),
)
#: In each township.
IN_TOWNSHIPS = (
    ("送教下乡：矛盾纠纷调解", M.TO_VILLAGES, T.LAW, (5, 8), 1, 4),
    ("流动党课：群众工作方法", M.MOBILE, T.MASSES, (8, 14), 1, 4),
)
#: For a few people, to come, cancelled, or without its sheet.
OTHERS = (
    ("村党组织书记异地培训班", M.ELSEWHERE, T.MANAGEMENT, (9, 9), 5, 40, 20, "柳州市"),
    ("特色产业外出考察", M.STUDY_TOUR, T.FARMING, (10, 14), 3, 16, 15, "百色市田东县"),
    ("村干部大专学历班（成人教育）", M.ADULT, T.MANAGEMENT, (3, 1), 230, 60, 30, "广播电视大学"),
    ("村级财务规范培训", M.PARTY_SCHOOL, T.MANAGEMENT, (11, 15), 1, 4, 80, "城区党校"),
    ("群众工作现场观摩", M.ON_SITE, T.MASSES, (8, 27), 1, 6, 80, "新江镇"),
    ("党的十八届三中全会精神轮训班", M.ROTATION, T.POLICY, (12, 5), 1, 8, 550, "城区党校"),
    ("人民调解员业务培训", M.PARTY_SCHOOL, T.LAW, (12, 12), 1, 6, 150, "城区党校"),
)
CANCELLED = "群众工作现场观摩"


def build(rng: Random, villages: list[Village], day: date) -> None:
    for_all = [_course(DISTRICT, OFFICE, *facts) for facts in OPEN_TO_ALL]
    others = [_course(DISTRICT, OFFICE, *facts) for facts in OTHERS]
    townships = {village.code[:9]: village.township for village in villages}
    local = {
        code: [_course(code, f"{place}党委", *facts, 150, f"{place}政府会议室") for facts in IN_TOWNSHIPS]
        for code, place in townships.items()
    }
    Course.objects.bulk_create([*for_all, *others, *(course for courses in local.values() for course in courses)])
    in_post: dict[int, dict[int, Person]] = {}
    for post in Post.objects.on(day).select_related("person__village"):
        in_post.setdefault(post.village_id, {})[post.person_id] = post.person
    rows = []
    for village in villages:
        for person in in_post.get(village.pk, {}).values():
            reaches = rng.random() < REACH[grade_of(village)]
            rows += _attended(rng, person, [*for_all, *local[village.code[:9]]], reaches)
    rows += _chosen(rng, others, [person for people in in_post.values() for person in people.values()])
    for row in rows:
        row.saved_by = CLERKS.get(row.person.village.code[:9], "")
    Attendance.objects.bulk_create(rows, batch_size=1000)


def _course(code: str, organiser: str, name, mode, topic, first, days, hours, seats, place) -> Course:
    starts_on = date(2013, *first)
    return Course(
        territory_code=code,
        organiser=organiser,
        name=name,
        mode=mode,
        topic=topic,
        starts_on=starts_on,
        days=days,
        ends_on=starts_on + timedelta(days=days - 1),
        hours=hours,
        seats=seats,
        place=place,
        cancelled=name == CANCELLED,
    )


def _attended(rng: Random, person: Person, courses: list[Course], reaches: bool) -> list[Attendance]:
    """Courses in any order until the hours are there, or until the next one would bring them."""
    rows, hours = [], 0
    for course in rng.sample(courses, len(courses)):
        if (reaches and hours >= HOURS) or (not reaches and hours + course.hours >= HOURS):
            continue
        rows.append(_row(rng, course, person))
        hours += course.hours
    return rows


def _row(rng: Random, course: Course, person: Person) -> Attendance:
    examined = course.mode in (M.ROTATION, M.PARTY_SCHOOL, M.ADULT)
    result = TrainingResult.NOT_EXAMINED
    if examined:
        result = TrainingResult.PASSED if rng.random() < 0.96 else TrainingResult.FAILED
    return Attendance(course=course, person=person, hours=course.hours, result=result)


def _chosen(rng: Random, courses: list[Course], people: list[Person]) -> list[Attendance]:
    """Those who were sent elsewhere, and those who study for a degree with part of the cost their own.

    They are taken from villages that have their hours anyway, so that nobody's want is filled by chance.
    """
    good = [person for person in people if grade_of(person.village) == GOOD]
    rows = []
    for course, number in zip(courses[:3], (18, 14, 26), strict=True):
        able = [one for one in good if course.mode != M.ADULT or one.education in SENIOR_AND_ABOVE]
        rows += [_row(rng, course, person) for person in rng.sample(able, number)]
    for row in rows:
        if row.course.mode == M.ADULT:
            row.subsidy, row.own_share = 1200, 800
    return rows
