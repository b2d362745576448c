"""What a territory code is called, and what asking costs: every page says where its reader's roles are held."""

import pytest

from tests import cast as stage
from villages.naming import labels_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "label"),
    [
        (stage.HOME, "邕宁区 · 蒲庙镇 · 梁村"),
        (stage.PUMIAO, "邕宁区 · 蒲庙镇"),
        (stage.DISTRICT, "邕宁区"),
        ("450109100999", "邕宁区 · 蒲庙镇"),
        ("450109999", "邕宁区"),
        ("999999", "999999"),
    ],
)
def test_a_code_is_called_by_its_names_from_the_district_down(cast, code, label):
    assert labels_of([code]) == {code: label}


def test_codes_of_one_kind_are_one_question(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        labels_of([stage.HOME, "450109101201", "450102001201"])
    with django_assert_num_queries(3):
        labels_of([stage.HOME, stage.NALOU, stage.DISTRICT])


@pytest.mark.parametrize("who", ["secretary", "clerk", "district"])
def test_a_pages_own_questions_are_five(cast, as_, who, django_assert_num_queries):
    """Session, person, sign-in, grants, and where these are held: what every page asks before its own."""
    client = as_(who)
    with django_assert_num_queries(5):
        assert client.get("/accounts/password/").status_code == 200
