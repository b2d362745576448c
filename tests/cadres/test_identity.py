"""ID numbers, telephones and ages: whatever is right passes, whatever is one character wrong doesn't."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from cadres.choices import Sex
from cadres.identity import age_on, birth_date, check_character, id_mistake, latest_birth, phone_mistake
from cadres.models import Person
from tests.cadres.conftest import person

DATES = st.dates(min_value=date(1920, 1, 1), max_value=date(2030, 12, 31))


@st.composite
def numbers(draw):
    """(a right number, sex, birth date)"""
    born, sequence = draw(DATES), draw(st.integers(0, 999))
    first = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{sequence:03}"
    return first + check_character(first), Sex.MALE if sequence % 2 else Sex.FEMALE, born


@given(numbers())
def test_a_right_number_passes_and_says_the_birth_date(made):
    number, sex, born = made
    assert id_mistake(number, sex, born) == "" == id_mistake(number, sex, None) == id_mistake(number, Sex.UNKNOWN, None)
    assert birth_date(number) == born


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_found(made, at, character):
    number, sex, born = made
    assume(number[at] != character)
    assert id_mistake(number[:at] + character + number[at + 1 :], sex, born)


@given(numbers(), st.integers(0, 16))
def test_two_that_changed_places_are_always_found(made, at):
    number, sex, born = made
    assume(number[at] != number[at + 1])
    assert id_mistake(number[:at] + number[at + 1] + number[at] + number[at + 2 :], sex, born)


@given(numbers())
def test_the_other_sex_or_another_birthday_is_found(made):
    number, sex, born = made
    assert id_mistake(number, Sex.MALE if sex == Sex.FEMALE else Sex.FEMALE, born)
    assert id_mistake(number, sex, date.fromordinal(born.toordinal() + 1))


@given(st.text(max_size=20))
def test_any_text_gets_a_sentence_and_never_an_error(text):
    assert isinstance(id_mistake(text, Sex.MALE, None), str)
    assert isinstance(phone_mistake(text), str)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("450109196604120526", "Character 17 is even"),
        ("45010919660412051", "17 characters"),
        ("450109196613120517", "are no date"),
        ("45O109196604120517", "first 17 characters are digits"),
        ("450109196604130515", "say born on 1966-04-13"),
        ("450109196604120510", "last character"),
    ],
)
def test_the_sentence_says_where(number, sentence):
    with translation.override("en"):
        assert sentence in id_mistake(number, Sex.MALE, date(1966, 4, 12))


@pytest.mark.parametrize("number", ["13800006027", "0771-4710031", "07714710031", "15400000001"])
def test_telephones(number):
    assert phone_mistake(number) == ""


@pytest.mark.parametrize("number", ["1380000602", "4710031", "23800006027", "１3800006027x", "138-0000-6027", ""])
def test_no_telephones(number):
    assert phone_mistake(number)


@given(DATES, DATES, st.integers(0, 110))
def test_to_be_so_old_is_to_be_born_by_that_day(born, day, years):
    """The age in Python and the border of the database's condition agree on every day, leap years too."""
    assume(day.year - years >= 1)
    assert (age_on(born, day) >= years) == (born <= latest_birth(day, years))


def test_the_birth_date_follows_from_the_number(cast):
    first = "45010919660412051"
    row = Person(village=cast.home, name="黄国强", sex=Sex.MALE, id_number=f" {first}{check_character(first)} ")
    row.full_clean()
    assert row.born_on == date(1966, 4, 12)


def test_a_wrong_number_is_refused_at_its_field(cast):
    row = Person(village=cast.home, name="黄国强", sex=Sex.MALE, id_number="450109196604120526", phone="12")
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.error_dict) == {"id_number", "phone"}


def test_who_is_on_record_is_not_entered_twice(as_, cast):
    """The number is found by its index, however it was typed; the page says so and keeps what was typed."""
    first = "45010919660412051"
    number = first + check_character(first)
    person(cast.home, "黄国强", id_number=number)
    form = {
        "village": cast.home.pk,
        "name": "黄国强",
        "sex": Sex.MALE,
        "id_number": number.lower(),
        "political_status": "masses",
    }
    form |= {
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        "posts-TOTAL_FORMS": 0,
        "posts-INITIAL_FORMS": 0,
    }
    answer = as_("clerk").post("/cadres/people/new/", form)
    assert answer.status_code == 422 and Person.objects.count() == 1
    assert "已有记录" in answer.content.decode() or "on record already" in answer.content.decode()


def test_a_person_is_found_by_the_whole_number_and_by_no_part(as_, cast):
    person(cast.home, "黄国强", phone="15400000001")
    client = as_("clerk")
    for text, found in (("15400000001", True), ("154 00000001", False), ("0001", False), ("黄国强", True)):
        page = client.get("/cadres/people/", {"q": text, "standing": "all"}).content.decode()
        assert ("黄国强</a>" in page) == found, text
        assert ("154****0001" in page) == found
