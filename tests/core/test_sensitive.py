"""Sensitive values: encrypted at rest, found by equality, masked unless asked for."""

import base64
import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.sensitive import Mask, Sensitive, cipher
from core.sensitive.values import normalise


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (Mask.ID_NUMBER, "110101199003071234", "110***********1234"),
        (Mask.PHONE, "13800006027", "138****6027"),
        (Mask.PHONE, "4710031", "4******"),
        (Mask.NAME, "梁国栋", "梁**"),
        (Mask.ALL, "abc", "***"),
    ],
)
def test_a_mask_never_shows_more_than_two_thirds(mask, plain, shown):
    assert str(Sensitive(plain, mask)) == shown


@given(st.text(max_size=40), st.sampled_from(list(Mask)))
def test_a_mask_keeps_the_length_and_hides_at_least_a_third(plain, mask):
    shown = mask.hide(plain)
    assert len(shown) == len(plain)
    assert shown.count("*") >= len(plain) // 3


def test_nothing_shows_the_plain_text_by_accident():
    value = Sensitive("13800006027", Mask.PHONE)
    assert "13800006027" not in f"{value} {value!r} {[value]}"
    with pytest.raises(TypeError):
        json.dumps(value)
    with pytest.raises(TypeError):
        import pickle

        pickle.dumps(value)


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["aes", "sm4"]))
def test_what_is_encrypted_comes_back(plain, name):
    from django.test import override_settings

    with override_settings(SENSITIVE_CIPHER=name):
        token = cipher.encrypt(plain, "t.c")
    assert cipher.decrypt(token, "t.c") == plain
    assert token.startswith(f"{name}$dev$")


def test_two_tokens_of_one_value_differ_and_neither_opens_elsewhere_or_altered():
    first, second = cipher.encrypt("13800006027", "t.c"), cipher.encrypt("13800006027", "t.c")
    assert first != second
    for token in (first, first[:-6] + "AAAAA=", "aes$dev$", "x", "aes$dev$////"):
        with pytest.raises(cipher.Unreadable):
            cipher.decrypt(token, "other.c" if token == first else "t.c")


def test_keys_may_be_several_and_an_unknown_one_is_named(settings):
    settings.SENSITIVE_KEYS = {**settings.SENSITIVE_KEYS, "k2": base64.b64encode(b"2" * 32).decode()}
    old = cipher.encrypt("x", "t.c")
    settings.SENSITIVE_KEY = "k2"
    new = cipher.encrypt("x", "t.c")
    assert (cipher.decrypt(old, "t.c"), cipher.decrypt(new, "t.c")) == ("x", "x")
    assert (cipher.is_current(old), cipher.is_current(new)) == (False, True)


@pytest.mark.parametrize(
    ("a", "b"), [(" 138 0000 6027", "13800006027"), ("１３８00006027", "13800006027"), ("4501x", "4501X")]
)
def test_writing_it_otherwise_makes_no_other_value(a, b):
    assert normalise(a) == normalise(b)


@pytest.mark.django_db
class TestField:
    @pytest.fixture
    def person(self, alice_village):
        from cadres.models import Person

        return Person.objects.create(village=alice_village, name="周文德", sex="1", phone="13800006027")

    @pytest.fixture
    def alice_village(self):
        from tests import factories

        return factories.VillageFactory()

    def test_the_column_holds_no_plain_text(self, person):
        with connection.cursor() as cursor:
            cursor.execute("SELECT phone, phone_index FROM cadres_person WHERE id = %s", [person.pk])
            phone, index = cursor.fetchone()
        assert phone.startswith("aes$dev$")
        assert "6027" not in phone
        assert len(index) == 32

    def test_it_is_found_however_it_is_typed(self, person):
        from cadres.models import Person

        field = Person._meta.get_field("phone")
        assert Person.objects.get(field.matching("138 0000 6027")) == person
        assert not Person.objects.filter(field.matching("13800006028")).exists()

    def test_it_comes_back_masked_and_opens_only_by_name(self, person):
        person.refresh_from_db()
        assert str(person.phone) == "138****6027"
        assert person.phone.plain == "13800006027"

    def test_two_people_with_one_number_are_refused(self, person):
        from django.db import IntegrityError, transaction

        from cadres.models import Person

        def born(number):
            return Person.objects.create(village=person.village, name="某", sex="1", id_number=number)

        born("11010119900307123X")
        with pytest.raises(IntegrityError), transaction.atomic():
            born("11010119900307123x")

    def test_the_audit_holds_neither_value_nor_index(self, person):
        from core.audit import snapshot

        kept = json.dumps(snapshot(person), ensure_ascii=False)
        assert "6027" not in kept
        assert "phone" not in kept

    def test_a_form_leaves_it_when_the_mask_comes_back_and_refuses_stars(self, person):
        from django.forms import modelform_factory

        from cadres.models import Person

        form_class = modelform_factory(Person, fields=["phone"])
        same = form_class({"phone": "138****6027"}, instance=person)
        assert same.is_valid()
        assert same.save(commit=False).phone.plain == "13800006027"
        assert 'value="138****6027"' in str(form_class(instance=person)["phone"])
        wrong = form_class({"phone": "138****6028"}, instance=person)
        assert not wrong.is_valid()
        new = form_class({"phone": "15900007743"}, instance=person)
        assert new.is_valid()
        assert new.save(commit=False).phone.plain == "15900007743"

    def test_rotation_writes_every_value_anew_under_the_key_that_writes_now(self, person, settings):
        from django.core.management import call_command

        settings.SENSITIVE_KEYS = {**settings.SENSITIVE_KEYS, "k2": base64.b64encode(b"2" * 32).decode()}
        settings.SENSITIVE_KEY = "k2"
        call_command("rotate_keys", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT phone FROM cadres_person WHERE id = %s", [person.pk])
            assert cursor.fetchone()[0].startswith("aes$k2$")
        person.refresh_from_db()
        assert person.phone.plain == "13800006027"
