"""A home for every role: it opens, says what to do, and shows nobody what is not his."""

import re

import pytest
from django.utils import timezone

from accounts.models import Grant, User
from core.models import AuditRow
from core.roles import Role
from facilities.models import Room
from scoring.models import Standard
from tests.cast import ONE_A_ROLE
from villages.models import Adoption, Village

HOME, ACROSS = "450109100214", "450109101201"


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    main = answer.content.decode().split("<main", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("name", ONE_A_ROLE)
def test_every_role_has_a_home_before_anything_is_there(as_, name):
    assert text(as_(name).get("/"))


@pytest.mark.parametrize("name", ONE_A_ROLE)
def test_every_role_has_a_home_after_a_run(as_, run, name):
    assert text(as_(name).get("/"))


def test_who_holds_no_role_is_told_whom_to_ask(as_):
    assert "安全管理员" in text(as_("nobody").get("/"))


def test_nobody_signed_in_is_sent_to_sign_in(as_):
    answer = as_(None).get("/")
    assert answer.status_code == 302 and "sign-in" in answer.url


def test_several_roles_are_chosen_among(as_, cast):
    Grant.objects.create(user=cast["clerk"], role=Role.INSPECTOR, territory_code="450109")
    assert "今日待办" in text(as_("clerk").get("/"))
    assert "以下按各村登记的资料" in text(as_("clerk").get("/?as=inspector"))
    assert "今日待办" in text(as_("clerk").get("/?as=auditor"))


# ---- district and leader ----


def test_district_without_a_standard_is_told_to_publish_one(as_, ground):
    assert "发布2013年标准" in text(as_("district").get("/"))


def test_district_with_a_standard_is_told_to_score(as_, standard):
    shown = text(as_("district").get("/"))
    assert "开始2013年度评分" in shown and "2026年标准" in shown


def test_district_sees_what_changed_since_the_run(as_, run, ground):
    assert "上次评分后改动" not in text(as_("district").get("/"))
    room = Room.objects.filter(village=ground.home).first()
    Room.objects.filter(pk=room.pk).update(saved_at=timezone.now())
    assert "上次评分后改动1条记录" in text(as_("district").get("/"))


def test_a_leader_reads_and_starts_nothing(as_, run):
    page = as_("leader").get("/")
    assert "四项全达标" in text(page) and "/scoring/runs/new/" not in page.content.decode()


# ---- clerk and secretary ----


def test_a_clerk_sees_his_township_alone(as_, run, ground):
    Adoption.objects.filter(village__in=[ground.home, ground.across]).delete()
    page = as_("clerk").get("/?all").content.decode()
    assert HOME in page and ACROSS not in page and ground.across.name not in page


def test_a_missing_room_is_on_the_clerks_list_with_the_page_to_enter_it(as_, standard, ground):
    Room.objects.filter(village=ground.home).exclude(key="mediation").update(present=True, sign=True)
    room = Room.objects.get(village=ground.home, key="mediation")
    Room.objects.filter(pk=room.pk).update(present=False, sign=False, furniture=False, layout=False, area=None)
    assert f"/facilities/rooms/{room.pk}/edit/" in as_("clerk").get("/?kind=facilities").content.decode()
    assert f"/facilities/rooms/{room.pk}/edit/" not in as_("clerk").get("/?kind=rules").content.decode()


def test_nothing_missing_says_so(as_, standard, monkeypatch):
    from dashboards import homes

    monkeypatch.setattr(homes, "todos", lambda *_args: [])
    assert "没有要补的" in text(as_("clerk").get("/"))
    assert "没有要补的" in text(as_("secretary").get("/"))


def test_a_secretary_sees_his_village_alone(as_, run, ground):
    page = as_("secretary").get("/").content.decode()
    assert "梁村" in page and ground.next_door.name not in page and "45010910021500" not in page


def test_a_secretary_of_two_villages_chooses(as_, ground, cast):
    Grant.objects.create(user=cast["secretary"], role=Role.SECRETARY, territory_code=ground.next_door.code)
    assert ground.next_door.name in text(as_("secretary").get(f"/?village={ground.next_door.code}"))
    assert "梁村" in text(as_("secretary").get(f"/?village={ACROSS}"))


def test_a_secretary_whose_village_is_gone_is_told_whom_to_ask(as_, cast):
    Village.objects.filter(code=HOME).delete()
    assert "安全管理员" in text(as_("secretary").get("/"))


# ---- inspector and administrators ----


def test_an_inspector_sees_regulations_that_are_not_in_order(as_, ground):
    Adoption.objects.filter(village=ground.home).update(posted_on=None)
    shown = text(as_("inspector").get("/"))
    assert "制度上墙" in shown and "梁村" in shown


def test_administrators_see_no_business(as_, run, ground):
    for name in ("sysadmin", "secadmin", "auditor"):
        shown = text(as_(name).get("/"))
        assert ground.home.name not in shown and "阵地" not in shown


def test_the_system_administrator_sees_accounts_without_a_role_and_disabled_ones(as_, cast):
    User.objects.create(username="left", name="离任者", territory_code="450109", is_active=False)
    User.objects.create(username="away", name="外区者", territory_code="450102")
    shown = text(as_("sysadmin").get("/"))
    assert "nobody" in shown and "离任者" in shown and "外区者" not in shown


def test_the_security_administrator_grants_from_the_list(as_, cast):
    waiting = cast["nobody"]
    assert f"/accounts/grants/new/?user={waiting.pk}" in as_("secadmin").get("/").content.decode()


def test_the_auditor_sees_failed_sign_ins_and_refusals(as_, cast):
    failed, refused = AuditRow.Outcome.FAILED, AuditRow.Outcome.REFUSED
    AuditRow.objects.create(verb="sign_in", object_name="stranger", outcome=failed, territory_code="")
    AuditRow.objects.create(verb="refuse", actor="某人", outcome=refused, territory_code="450109", reason="无权")
    AuditRow.objects.create(verb="refuse", actor="外区人", outcome=refused, territory_code="450102")
    shown = text(as_("auditor").get("/"))
    assert "stranger" in shown and "某人" in shown and "外区人" not in shown


def test_drafts_are_for_those_who_publish(as_, standard):
    assert Standard.objects.filter(state="draft").exists()
    assert "2026年标准" not in text(as_("leader").get("/"))
