"""Drafts of standards from a workbook: in the territory of whoever sends it, and none that is published changes."""

import pytest

from core.registers.base import for_model
from core.sheets import imports
from scoring.choices import StandardState
from scoring.models import Standard, StandardGroup
from tests import factories
from tests.core.test_sheets_plan import DAY, workbook, wrong

pytestmark = pytest.mark.django_db
HEADS = ["名称", "区划代码", "起始年度"]


def sent(cast, *rows, heads=HEADS, who="district"):
    return imports.send(cast[who], for_model(Standard), "标准.xlsx", workbook(*rows, heads=heads), DAY)


def test_a_draft_is_entered_with_its_groups(cast):
    sheet = sent(cast, ["试行标准", "450109", "2014"])
    imports.write(cast["district"], sheet, "all")
    standard = Standard.objects.get(name="试行标准")
    assert (standard.state, standard.territory_code, standard.first_year) == (StandardState.DRAFT, "450109", 2014)
    assert StandardGroup.objects.filter(standard=standard).count() == 4


@pytest.mark.parametrize("cells", [["试行标准", "", "2014"], ["试行标准", "2014"]])
def test_where_no_cell_says_it_the_standard_is_its_sender_s(cast, cells):
    sheet = sent(cast, cells, heads=HEADS if len(cells) == 3 else [HEADS[0], HEADS[2]])
    assert wrong(sheet) == []
    imports.write(cast["district"], sheet, "all")
    assert Standard.objects.get(name="试行标准").territory_code == "450109"


def test_another_s_territory_and_a_published_standard_are_refused(cast):
    published = factories.StandardFactory(state=StandardState.PUBLISHED, territory_code="450109", name="旧标准")
    assert sent(cast, ["别处的标准", "450108", "2014"]).counts["foreign"] == 1
    heads = ["记录号", *HEADS]
    sheet = sent(cast, [published.pk, "改名", "450109", "2014"], heads=heads)
    assert [sentence for _address, sentence in wrong(sheet)] == [
        "您可以查看这条记录，修改由其他人办理。"
    ] and sheet.good == 0
