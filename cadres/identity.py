"""Numbers that people carry: the ID number of GB 11643, telephone numbers; and how old somebody is on a day.

An ID number has 18 characters: 6 of the place, 8 of the birth date, 3 in sequence (odd for men), and a check character
by ISO 7064 MOD 11-2. Sentences say which character is wrong, and with what it doesn't agree.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from cadres.choices import Sex
from core.sensitive.values import normalise

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SHAPE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
#: A mobile number of 11 digits, or a telephone with its area code.
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", re.ASCII)


def check_character(first: str) -> str:
    """The eighteenth character that follows from the seventeen digits before it.

    >>> check_character("11010519491231002")
    'X'
    """
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """The date in an ID number, or None where there is none."""
    try:
        return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return None


def id_mistake(number: str, sex: str, born_on: date | None) -> str:
    """What is wrong with an ID number (upper case, no spaces), in a sentence; "" when it agrees with the record."""
    if len(number) == 15 and number.isdigit():
        return _("It is an old number of 15 digits: type the 18 characters of today's identity card.")
    if len(number) != 18:
        return _("It has %(n)d characters; an ID number has 18.") % {"n": len(number)}
    if not SHAPE.fullmatch(number):
        return _("The first 17 characters are digits, the last is a digit or X.")
    born = birth_date(number)
    if born is None or born.year < 1900:
        return _("Characters 7 to 14 (%(what)s) are no date.") % {"what": number[6:14]}
    if born_on and born_on != born:
        return _("Characters 7 to 14 say born on %(number)s, which doesn't agree with %(field)s.") % {
            "number": born.isoformat(),
            "field": born_on.isoformat(),
        }
    if mistake := _sex_mistake(number, sex):
        return mistake
    if number[17] != check_character(number[:17]):
        return _("The last character doesn't follow from the others: one of the 18 is mistyped.")
    return ""


def _sex_mistake(number: str, sex: str) -> str:
    odd = int(number[16]) % 2 == 1
    if sex == Sex.MALE and not odd:
        return _("Character 17 is even, that of a woman, which doesn't agree with “%(sex)s”.") % {"sex": Sex.MALE.label}
    if sex == Sex.FEMALE and odd:
        return _("Character 17 is odd, that of a man, which doesn't agree with “%(sex)s”.") % {"sex": Sex.FEMALE.label}
    return ""


#: The country's code, and signs that people set between the digits.
COUNTRY = re.compile(r"^(\+|00)?86-?(?=1[3-9]\d)")
DASHES = re.compile(r"[—–－‐]+")


def telephone(number: str) -> str:
    """A telephone number as it is kept.

    >>> telephone("+8613977110086"), telephone("139-7711-0086"), telephone("(0771)4710031"), telephone("0771—4710031")
    ('13977110086', '13977110086', '0771-4710031', '0771-4710031')
    """
    number = COUNTRY.sub("", DASHES.sub("-", number))
    bare = number.replace("-", "")
    if re.fullmatch(r"1[3-9]\d{9}", bare, re.ASCII):
        return bare
    return re.sub(r"^\((0\d{2,3})\)-?", r"\1-", number)


def phone_mistake(number: str) -> str:
    """What is wrong with a telephone number (no spaces), in a sentence; "" for nothing."""
    if PHONE.fullmatch(number):
        return ""
    return _("Type a mobile number of 11 digits, or a telephone with its area code, as 0771-4710031.")


def check_numbers(person) -> dict[str, str]:
    """Normalises a record's `id_number` and `phone` and sets the birth date that follows; returns what is wrong with them."""
    problems = {}
    if person.id_number:
        person.id_number = normalise(person.id_number.plain)
        if mistake := id_mistake(person.id_number.plain, person.sex, person.born_on):
            problems["id_number"] = mistake
        elif person.born_on is None:
            person.born_on = birth_date(person.id_number.plain)
    if person.phone:
        person.phone = telephone(normalise(person.phone.plain))
        if mistake := phone_mistake(person.phone.plain):
            problems["phone"] = mistake
    return problems


def complete_birth(person) -> None:
    """A birth of which the month alone was written takes its day from the ID number, where that agrees."""
    if person.born_on and person.id_number:
        number = normalise(person.id_number.plain)
        born = birth_date(number) if len(number) == 18 else None
        if born and born.replace(day=1) == person.born_on.replace(day=1):
            person.born_on = born


def age_on(born_on: date, day: date) -> int:
    """Completed years on the day; who was born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def latest_birth(day: date, years: int) -> date:
    """The latest date on which one can be born to have completed so many years on the day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a year that has none
        return date(day.year - years, 2, 28)
