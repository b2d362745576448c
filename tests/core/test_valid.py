"""Many rows are judged as each row by itself would be."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.valid import clean_fields
from services.models import Matter


def alone(row: Matter, left_out: list[str]) -> dict:
    try:
        row.clean_fields(exclude=left_out)
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize("texts", [("1", "1.000"), ("1.000", "1"), ("1.00", "1.00", "x"), ("", "2", "2")])
def test_equal_numbers_are_judged_by_the_digits_that_each_has(texts):
    money = [Decimal(text) if text.replace(".", "").isdigit() else text or None for text in texts]
    left_out = [field.name for field in Matter._meta.fields if field.name != "money"]
    found = dict(clean_fields([Matter(money=value) for value in money], left_out))
    expected = [alone(Matter(money=value), left_out) for value in money]
    assert [found[n].message_dict if n in found else {} for n in range(len(money))] == expected
