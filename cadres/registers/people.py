"""The registers of people, posts, terms, branches and members, and the pages on them in the menu."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cadres.actions.people import appoint, update_posts
from cadres.choices import AgeBand, Committee, EducationBand, FilingKind, Position, Sex
from cadres.identity import age_on, complete_birth
from cadres.models import Filing, PartyBranch, PartyMember, Person, Post, Term
from cadres.querysets import in_age_band, in_education_band
from core import menu, rights
from core.clock import today
from core.menu import Group
from core.registers import Choice, Inline, Register, register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS
from core.templatetags.portal import percent, tag

menu.add("cadres:committees", _("Committees complete"), Group.TEAM, 12, READERS)
menu.add("cadres:structure", _("Structure of cadres"), Group.TEAM, 14, READERS)


class Standing(TextChoices):
    """Whom the list of people shows."""

    IN_POST = "in_post", _("In post")
    FORMER = "former", _("Out of post")
    ALL = "all", _("All people on record")


def _of_standing(rows: QuerySet, value: str) -> QuerySet:
    in_post = rows.in_post_on(today())
    if value == Standing.IN_POST:
        return in_post
    if value == Standing.FORMER:
        return rows.filter(posts__isnull=False).exclude(pk__in=in_post.order_by().values("pk")).distinct()
    return rows


def _of_position(rows: QuerySet, value: str) -> QuerySet:
    held = Post.objects.on(today()).filter(position=value)
    return rows.filter(pk__in=held.values("person"))


def _of_age(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(in_age_band(value, today()))


def _of_education(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(in_education_band(value))


@register
class PersonRegister(Register):
    """People; the list begins with those in post, the cadres of the two committees."""

    model = Person
    path = "people"
    sheet_key = ("village", "name", "born_on")
    sheet_months = ("born_on",)
    sheet_words = {
        "speciality": ("专长",),
        "income_project": ("致富项目",),
        "school": ("毕业学校", "毕业院校", "院校及专业"),
    }
    title = _("Cadres of the two committees")
    add_label = _("Add a cadre")
    columns = (
        "name",
        "village",
        "sex",
        "age",
        "education",
        "branch_post",
        "village_post",
        "cross",
        "since",
        "hours",
        "filed",
        "id_number",
        "phone",
    )
    card = ("name", "village", "age", "education", "branch_post", "village_post", "hours")
    search = ("name", "pinyin", "id_number", "phone")
    filters = (
        "village__township",
        "village",
        Choice("position", _("Post held"), Position.choices, _of_position),
        Choice("age", _("Age"), AgeBand.choices, _of_age),
        Choice("schooling", _("Education"), EducationBand.choices, _of_education),
        "sex",
        Choice(
            "standing", pgettext_lazy("cadre", "Standing"), Standing.choices, _of_standing, initial=Standing.IN_POST
        ),
    )
    sections = (
        (
            _("Basic facts"),
            (
                "village",
                "name",
                "sex",
                "ethnicity",
                "born_on",
                "id_number",
                "phone",
                "education",
                "school",
                "political_status",
                "speciality",
                "income_project",
            ),
        ),
    )
    facts = ("age",)
    inlines = (
        Inline(
            Post,
            ("position", "starts_on", "ends_on", "term", "how", "entitled", "present", "in_favour", "document"),
            title=_("Posts"),
        ),
        Inline(
            PartyMember,
            ("branch", "state", "joined_on", "full_on", "left_on", "source", "duty"),
            title=_("Membership of the party"),
            extra=0,
        ),
    )
    order = ("village__code", "rank", "name")
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.TEAM, 10)
    empty = _("Enter the people of the two committees with their posts; structure and score count from them.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        day = today()
        rows = Person.objects.visible_to(user, verb).with_posts_on(day)
        rows = rows.with_hours_in(day.year).with_hours_asked(day)
        return rows.order_by(*cls.order)

    @classmethod
    def sheet_complete(cls, row, months) -> None:
        if "born_on" in months:
            complete_birth(row)

    @classmethod
    def summary(cls, rows: QuerySet) -> str:
        """“在任152人，其中女16人（10.5%），40岁以下49人（32.2%）”"""
        day = today()
        total = rows.order_by().count()
        if not total:
            return ""
        women = rows.order_by().filter(sex=Sex.FEMALE).count()
        young = rows.order_by().filter(in_age_band(AgeBand.UNDER_40, day)).count()
        facts = {
            "women": women,
            "women_share": percent(women, total),
            "young": young,
            "young_share": percent(young, total),
            "total": total,
        }
        text = ngettext(
            "%(total)d person, %(women)d women (%(women_share)s), %(young)d under 40 (%(young_share)s)",
            "%(total)d people, %(women)d women (%(women_share)s), %(young)d under 40 (%(young_share)s)",
            total,
        )
        return text % facts

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        return [{"label": _("Structure of cadres"), "url": reverse("cadres:structure")}]

    @classmethod
    def extra_actions(cls, user, row: Person) -> list[dict]:
        """A secretary comes and goes by a filing."""
        if not rights.can(user, "add", Filing):
            return []
        in_post = any(post.position == Position.SECRETARY for post in row.posts_held)
        kind = FilingKind.REMOVE if in_post else FilingKind.APPOINT
        label = _("File the removal") if in_post else _("Propose as secretary")
        query = urlencode({"village": row.village_id, "person": row.pk, "kind": kind.value})
        return [{"label": label, "url": f"{reverse('cadres:filings_new')}?{query}"}]

    @computed(_("Age"), order=("-born_on",), number=True)
    def show_age(row: Person) -> str:
        return str(age_on(row.born_on, today())) if row.born_on else EMPTY

    @computed(_("Post in the branch"))
    def show_branch_post(row: Person) -> str:
        return _posts(row, Committee.BRANCH)

    @computed(_("Post in the committee"))
    def show_village_post(row: Person) -> str:
        return _posts(row, Committee.VILLAGE)

    @computed(_("In both"))
    def show_cross(row: Person) -> str:
        positions = {post.position for post in row.posts_held}
        if {Position.SECRETARY, Position.DIRECTOR} <= positions:
            return gettext("secretary and director")
        committees = {post.committee for post in row.posts_held}
        return gettext("in both") if len(committees) == 2 else ""

    @computed(_("In post since"))
    def show_since(row: Person) -> str:
        first: date | None = min((post.starts_on for post in row.posts_held), default=None)
        return f"{first:%Y-%m}" if first else EMPTY

    @computed(_("Hours this year"), number=True)
    def show_hours(row: Person) -> str:
        """“16/24”, red while hours are missing."""
        if row.hours is None and (row.hours_asked is None or not row.posts_held):
            return EMPTY
        done, asked = row.hours or 0, row.hours_asked
        if asked is None:
            return str(done)
        short = "bad" if done < asked else ""
        return format_html('<span class="{}">{}</span><span class="den">/{}</span>', short, done, asked)

    @computed(_("On file"))
    def show_filed(row: Person) -> str:
        secretary = next((post for post in row.posts_held if post.position == Position.SECRETARY), None)
        if secretary is None:
            return ""
        return tag("ok", gettext("on file")) if secretary.is_filed else tag("bad", gettext("not on file"))


def _posts(row: Person, committee: str) -> str:
    held = [post for post in row.posts_held if post.committee == committee]
    return gettext(", ").join(str(post.get_position_display()) for post in held) or EMPTY


@register
class PostRegister(Register):
    model = Post
    path = "posts"
    sheet_key = ("person", "village", "position", "starts_on")
    sheet_months = ("starts_on", "ends_on")
    sheet_words = {
        "starts_on": ("任职时间", "任职起始时间", "当选时间", "上任时间", "开始时间"),
        "person": ("干部姓名",),
        "ends_on": ("离职时间", "任职止", "结束时间", "离任时间"),
        "how": ("产生形式", "当选方式"),
        "present": ("实到", "实到人数"),
        "in_favour": ("得票", "得票数"),
    }
    columns = ("person", "village", "position", "starts_on", "ends_on", "term", "how", "vote", "document")
    card = ("person", "village", "position", "starts_on", "ends_on")
    search = ("person__name", "person__pinyin", "village__name", "document")
    filters = ("village__township", "village", "committee", "position", "term", "how")
    sections = (
        (_("Post"), ("person", "village", "position", "term", "starts_on", "ends_on", "how", "document")),
        (_("Vote"), ("entitled", "present", "in_favour")),
    )
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    empty = _("Enter posts with the people who hold them.")
    create = staticmethod(appoint)
    update = staticmethod(update_posts)

    @computed(_("In favour / present / entitled"))
    def show_vote(row: Post) -> str:
        return EMPTY if row.entitled is None else f"{row.in_favour}/{row.present}/{row.entitled}"


@register
class TermRegister(Register):
    model = Term
    path = "terms"
    columns = ("year", "committee", "starts_on", "ends_on", "source")
    filters = ("committee",)
    sections = ((_("Term"), ("committee", "year", "starts_on", "ends_on", "source")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 90)
    empty = _("Enter the year of the last election of each committee; posts belong to a term.")


@register
class PartyBranchRegister(Register):
    model = PartyBranch
    path = "branches"
    sheet_months = ("opened_on", "closed_on")
    sheet_words = {
        "name": ("支部", "支部名称", "党组织名称"),
        "opened_on": ("成立时间", "建立时间"),
    }
    columns = ("name", "village", "village__township", "opened_on", "closed_on")
    card = ("name", "village", "opened_on")
    search = ("name", "pinyin", "village__name")
    filters = ("village__township", "village")
    sections = ((_("Party branch"), ("village", "name", "opened_on", "closed_on")),)
    may = Rights(view=READERS, add=CLERKS, change=CLERKS, delete=CLERKS)
    menu = (Group.TEAM, 60)
    empty = _("Enter the branches of each village; members belong to a branch.")


@register
class PartyMemberRegister(Register):
    model = PartyMember
    path = "members"
    sheet_months = ("joined_on", "full_on", "left_on")
    sheet_words = {
        "state": ("党员类型", "党员类别", "类别"),
        "branch": ("支部", "所在支部", "党组织"),
        "person": ("党员", "党员姓名"),
        "joined_on": ("入党时间",),
        "left_on": ("转出时间",),
        "duty": ("岗位", "无职党员设岗", "设岗定责"),
    }
    columns = (
        "person",
        "branch",
        "branch__village",
        "person__sex",
        "person__education",
        "state",
        "joined_on",
        "full_on",
        "source",
        "duty",
    )
    card = ("person", "branch", "state", "joined_on")
    search = ("person__name", "person__pinyin", "branch__name", "duty")
    filters = ("branch__village__township", "branch__village", "state", "source", "person__sex")
    sections = (
        (_("Party membership"), ("person", "branch", "state", "source", "joined_on", "full_on", "left_on")),
        (_("Without office"), ("duty",)),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.TEAM, 62)
    empty = _("Enter the members of each branch; commitments, meetings and votes stand on this list.")
