"""What audit rows say for people, also of what is gone or belongs to nowhere."""

import re

import pytest
from django.utils.functional import Promise

from core import audit
from core.models import AuditRow
from core.registers import all_registers
from core.sensitive import cipher
from core.sheets import jobs
from tests.factories import HamletFactory, HolidayFactory

pytestmark = pytest.mark.django_db


def test_a_model_that_is_gone_keeps_the_name_it_was_written_with():
    assert audit.kind_name("villages.Hamlet") == "坡（屯）"
    assert audit.kind_name("gone.Model") == "gone.Model" and audit.kind_name("") == ""
    assert audit.field_names("gone.Model", {"b", "a"}) == ["a", "b"]
    assert audit.field_names("villages.Hamlet", {"households", "name", "version"}) == ["名称", "户数"]


@pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.__name__)
def test_every_column_that_the_audit_may_name_has_a_chinese_name(register):
    columns = register.model._meta.concrete_fields
    names = {field.name for field in columns if not getattr(field, "sensitive", False)}
    bare = [name for name in audit.field_names(register.model._meta.label, names) if not re.search("[一-鿿]", name)]
    assert not bare


def test_a_renamed_hamlet_shows_its_name_and_not_its_pinyin(cast, as_):
    hamlet = HamletFactory(village=cast.home, name="上坡")
    page = f"/villages/hamlets/{hamlet.pk}/"
    given = {"village": hamlet.village_id, "name": "下坡", "_version": hamlet.version}
    as_("clerk").post(f"{page}edit/", given)
    told = as_("clerk").get(f"{page}history/").content.decode()
    assert "下坡" in told and "pinyin" not in told and "xiapo" not in told


def test_a_verb_without_a_name_is_itself():
    assert audit.verb_label("no_such_verb") == "no_such_verb"


def test_nobody_did_what_a_task_did():
    assert audit.actor(None) == {"actor": "", "roles": ""}


def test_that_a_value_was_shown_is_filed_with_the_records_place_and_never_holds_it(cast):
    hamlet, holiday = HamletFactory(village=cast.home, name="那蒙坡"), HolidayFactory()
    audit.write_reveal(cast["clerk"], hamlet, "名称", "核对")
    audit.write_reveal(cast["district"], holiday, "名称", "核对")
    of_a_village, of_none = AuditRow.objects.filter(verb="reveal").order_by("pk")
    assert (of_a_village.territory_code, of_none.territory_code) == (cast.home.code, "")
    assert of_a_village.after == {"revealed": "名称"} and of_a_village.reason == "核对"
    assert "那蒙坡" not in str(of_a_village)


@pytest.mark.parametrize("keys", [{}, {"dev": "no base64!"}, {"dev": "c2hvcnQ="}])
def test_a_key_that_cannot_serve_is_named_and_encrypts_nothing(settings, keys):
    from django.core.exceptions import ImproperlyConfigured

    settings.SENSITIVE_KEYS = keys
    cipher._key.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="dev"):
            cipher.encrypt("13800006027", "t.c")
    finally:
        cipher._key.cache_clear()


def test_verbs_are_named_in_the_language_of_who_reads():
    """A label that is translated when its module is loaded stays in the language of that moment."""
    assert jobs.State and "import_sheet" in audit._verbs
    assert [verb for verb, label in audit._verbs.items() if not isinstance(label, Promise)] == []
