"""The headings of all registers in Chinese: none stands twice, and those of workbooks given out before are still known."""

import pytest
from django.utils import translation

from core.registers import all_registers, named
from core.sheets.columns import columns_of
from core.sheets.headings import Matcher

#: (register, field, the heading under which earlier workbooks gave it out)
FORMER = (
    ("villages.districts", "code", "查询码"),
    ("villages.villages", "code", "查询码"),
    ("villages.legal-rules", "value", "比例"),
    ("cadres.drive-records", "measures", "整顿措施"),
    ("cadres.elections", "entitled", "应到人数"),
    ("cadres.representatives", "starts_on", "自"),
    ("cadres.message-plans", "ends_on", "失效日期"),
    ("cadres.rectifications", "outcome", "办理结果"),
    ("cadres.courses", "topic", "议题"),
    ("cadres.attendances", "result", "结果"),
    ("services.households", "ends_on", "离任日期"),
    ("services.hamlet-bodies", "ended_on", "离任日期"),
    ("services.case-people", "person", "姓名"),
    ("services.case-people", "name", "名称"),
    ("services.case-rooms", "hours", "学时"),
    ("services.commitments", "member", "中共党员"),
    ("services.helped-people", "kind", "帮扶对象"),
    ("services.help-visits", "helper", "谁去走访"),
    ("services.rating-rounds", "starts_on", "原状态"),
    ("services.rating-rounds", "ends_on", "离任日期"),
    ("surveys.questionnaires", "title", "标题"),
    ("surveys.surveys", "purpose", "用途"),
)


@pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.__name__)
def test_no_two_columns_of_a_register_are_called_the_same(register):
    with translation.override("zh-hans"):
        labels = [str(column.field.verbose_name) for column in columns_of(register) if column.field is not None]
    assert len(labels) == len(set(labels)), labels


@pytest.mark.parametrize(("path", "name", "heading"), FORMER)
def test_a_heading_of_an_earlier_workbook_is_still_known(path, name, heading):
    with translation.override("zh-hans"):
        found = Matcher(columns_of(named(path))).match(["村（社区）", heading])
    assert found[1] == name
