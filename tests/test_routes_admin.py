"""The admin by the same rules as the pages: its cases follow from the registers."""

import pytest
from django.urls import reverse

from tests import cast as stage
from tests import factories
from tests.routes import PLACES, REGISTERS, TRIED, covers, holds, is_draft, payload

pytestmark = pytest.mark.django_db


def admin_url(register, page: str, row=None) -> str:
    meta = register.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk] if row else [])


def test_the_admins_own_pages(cast, walk):
    labels = {register.model._meta.app_label for register in REGISTERS}
    pages = ["/admin/", *(f"/admin/{label}/" for label in labels)]
    for url in pages:
        walk.expect_sign_in(url)
        walk.expect("nobody", "get", url, {302, 403}, writes=False)
    for who in stage.ONE_A_ROLE:
        walk.expect(who, "get", "/admin/", {200}, writes=False)
        for label in labels:
            mine = any(holds(r, who, "view") for r in REGISTERS if r.model._meta.app_label == label)
            walk.expect(who, "get", f"/admin/{label}/", {200} if mine else {404, 403}, writes=False)
        walk.expect(who, "get", "/admin/autocomplete/", {403, 404}, writes=False)
        walk.expect(who, "get", "/admin/nothing/here/", {404}, writes=False)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
def test_the_admins_pages_of_a_register(cast, walk, register):
    rows = {place: factories.of(register.model).at(cast.villages[place]) for place in PLACES}
    drafts = {place: factories.of(register.model).changeable(cast.villages[place]) for place in PLACES}
    for page, row in (
        ("changelist", None),
        ("add", None),
        *((p, rows["home"]) for p in ("change", "delete", "history")),
    ):
        walk.expect_sign_in(admin_url(register, page, row))
    for who in stage.ONE_A_ROLE:
        may_view, may_add = holds(register, who, "view"), holds(register, who, "add")
        walk.expect(who, "get", admin_url(register, "changelist"), {200} if may_view else {403}, writes=False)
        walk.expect(who, "get", admin_url(register, "add"), {200} if may_add else {403}, writes=False)
        walk.expect(who, "post", admin_url(register, "add"), {200} if may_add else {403}, writes=False)
        for place in TRIED[who] if may_view else TRIED[who][:1]:
            admin_rows(walk, register, who, rows[place], drafts[place], cast)


def admin_rows(walk, register, who, row, draft, cast) -> None:
    held, may_view = cast.code[who], holds(register, who, "view")
    seen = may_view and covers(held, row)
    foreign = {404} if may_view else {403, 404}
    for page in ("change", "history"):
        walk.expect(who, "get", admin_url(register, page, row), {200} if seen else foreign, writes=False)
    for page, verb in (("change", "change"), ("delete", "delete")):
        url = admin_url(register, page, draft)
        mine = holds(register, who, verb) and covers(held, draft, verb)
        values = {"post": "yes"}
        if mine:
            values = payload(register, draft, cast[who]) if page == "change" else values
            walk.expect(who, "get", url, {200}, writes=False)
            walk.expect(who, "post", url, {302, 200}, values)
        else:
            visible = may_view and covers(held, draft) and (holds(register, who, "change") or not is_draft(draft))
            walk.expect(who, "post", url, {403} if visible else {403, 404}, values, writes=False)
