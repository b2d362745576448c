"""The template library: figures as people read them, drawings that pass the content security policy, fields."""

from datetime import date
from fractions import Fraction

import pytest
from django import forms
from django.template import Context, Template
from django.utils.formats import date_format
from django.utils.translation import override

from core.icons import ICONS
from core.templatetags import portal


def draw(source: str, **context) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("hundredths", "shown"),
    [
        (7999, "79.9"),
        (8000, "80.0"),
        (7995, "79.9"),
        (10000, "100.0"),
        (5, "0.0"),
        (0, "0.0"),
        (-250, "−2.5"),
        (None, "–"),
    ],
)
def test_a_score_is_cut_and_never_rounded_over_a_line(hundredths, shown):
    assert portal.tenths(hundredths) == shown


@pytest.mark.parametrize(
    ("num", "den", "shown"),
    [(41, 46, "89.1%"), (2, 3, "66.7%"), (1, 1, "100.0%"), (1999, 2000, "99.9%"), (0, 7, "0.0%"), (1, 2000, "0.1%")],
)
def test_only_the_whole_is_100_percent(num, den, shown):
    assert portal.percent(num, den) == shown


def test_a_share_shows_its_denominator_and_says_when_nothing_was_measured():
    assert draw("{% share 41 46 %}") == '<span class="share">41<span class="den">/46</span> <b>89.1%</b></span>'
    assert "–" in draw("{% share None 0 %}")


def test_a_bar_is_red_below_its_line_and_blue_below_its_goal():
    assert 'class="lo"' in portal.bar(7940, 10000, tick=80)
    assert 'class="fi"' in portal.bar(8000, 10000, tick=80)
    assert 'class="fi"' in portal.bar(53, 74, goal=90)
    assert 'width="0.00"' in portal.bar(0, 0, tick=80)


def test_a_bar_takes_exact_fractions_and_never_leaves_its_frame():
    assert 'width="33.33"' in portal.bar(Fraction(1, 3), 1)
    assert 'width="100.00"' in portal.bar(130, 100)


def test_icons_are_inline_and_unknown_ones_refused():
    for name in ICONS:
        assert portal.icon(name).startswith('<svg class="i"')
    with pytest.raises(KeyError):
        portal.icon("nothing")


def test_what_people_typed_is_escaped():
    assert "&lt;b&gt;" in portal.tag("ok", "<b>")
    assert "<b>" not in portal.motif([{"name": "<b>", "communities": 1, "villages": 2}])


def test_the_motif_draws_a_square_for_every_village():
    townships = [
        {"name": "蒲庙镇", "communities": 4, "villages": 17},
        {"name": "中和镇", "communities": 1, "villages": 7},
    ]
    drawing = portal.motif(townships)
    assert drawing.count("<rect") == 29
    assert drawing.count('class="u"') == 5


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="按身份证")
    day = forms.DateField(label="日期", required=False, widget=forms.DateInput)
    kind = forms.ChoiceField(label="类别", choices=[("", "---------"), ("a", "甲")], required=False)
    agreed = forms.BooleanField(label="同意", required=False)


def test_a_field_ties_label_help_and_error_to_its_control():
    shown = draw("{% field form.name %}", form=Sample({}))
    assert 'for="id_name"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert 'class="form-control is-invalid"' in shown


def test_a_date_is_typed_as_iso_and_an_empty_choice_is_a_word():
    with override("zh-hans"):
        form = Sample({"day": "2013-11-24"})
        assert 'value="2013-11-24"' in draw("{% field form.day %}", form=form)
        assert "---" not in draw("{% field form.kind %}", form=form)


def test_errors_are_links_to_their_controls():
    shown = draw("{% errsum form %}", form=Sample({}))
    assert shown.count("<li>") == 1
    assert '<a href="#id_name">' in shown
    assert draw("{% errsum form %}", form=Sample()).strip() == ""


Rows = forms.formset_factory(Sample, extra=0, can_delete=True)


def test_errors_of_an_inline_row_name_table_and_row_and_leave_out_what_is_deleted():
    data = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "2",
        "form-0-name": "",
        "form-1-name": "",
        "form-0-DELETE": "on",
    }
    rows = Rows(data)
    rows.title = "任职经历"
    shown = draw("{% errsum form formsets %}", form=Sample({"name": "农"}), formsets=[rows])
    assert shown.count("<li>") == 1
    assert 'href="#id_form-1-name"' in shown
    assert "任职经历" in shown


def test_a_cell_carries_its_name_because_no_label_stands_beside_it():
    assert 'aria-label="姓名"' in draw("{% cell_field form.name %}", form=Sample())


def test_a_filter_that_narrows_is_marked():
    assert 'class="form-control on"' in draw("{% filter_field form.name %}", form=Sample({"name": "农"}))
    assert 'class="form-control"' in draw("{% filter_field form.name %}", form=Sample())


def test_a_day_of_the_year_is_written_without_zeros():
    with override("zh-hans"):
        assert date_format(date(2013, 3, 5), "MONTH_DAY_FORMAT") == "3月5日"
