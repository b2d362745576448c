"""The seven figures of the document from the demonstration's rows: page, command and the table beside the report."""

import json
import re
from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.roles import READERS, Role

#: figure → series → bar → (numerator, denominator, percent), as the document has them or they follow from it.
DOCUMENT = {
    1: {"now": {
        "quality": (155, 500, "31.0"), "economy": (131, 500, "26.2"), "management": (129, 500, "25.8"),
        "members": (53, 500, "10.6"),
    }},
    2: {"now": {"under_40": (168, 532, "31.6"), "40_to_50": (256, 532, "48.1"), "over_50": (108, 532, "20.3")}},
    3: {"now": {"junior": (261, 532, "49.1"), "senior": (199, 532, "37.4"), "college": (72, 532, "13.5")}},
    4: {"now": {"old": (55, 73, "75.3"), "small": (34, 73, "46.6"), "equipment": (17, 73, "23.3")}},
    5: {"now": {
        "duties": (273, 300, "91.0"), "service": (286, 300, "95.3"), "rota": (269, 300, "89.7"),
        "better": (291, 300, "97.0"), "same": (9, 300, "3.0"),
    }},
    6: {
        "before": {"female": (19, 92, "20.65"), "senior": (24, 92, "26.09"), "under_35": (18, 92, "19.57")},
        "now": {"female": (17, 63, "26.98"), "senior": (24, 63, "38.10"), "under_35": (18, 63, "28.57")},
    },
    7: {
        "before": {"time": (69, 100, "69.0"), "result": (64, 100, "64.0"), "attitude": (70, 100, "70.0")},
        "after": {"time": (87, 100, "87.0"), "result": (81, 100, "81.0"), "attitude": (91, 100, "91.0")},
    },
}  # fmt: skip
CUT, NEITHER, WHOLE = "文件截去尾数，没有四舍五入", "四舍五入、截去尾数都得不出文件的数，文件有误", "文件取整到1%"
#: Where the report prints something else: (figure, printed) → (computed, why).
DIFFERS = {
    (4, "75"): ("75.3", WHOLE),
    (4, "47"): ("46.6", WHOLE),
    (4, "23"): ("23.3", WHOLE),
    (6, "38.09"): ("38.10", CUT),
    (6, "28.56"): ("28.57", NEITHER),
    (6, "26.08"): ("26.09", CUT),
    (6, "19.56"): ("19.57", CUT),
    (6, "9"): ("9.01", "文件按自己印出的两个数相减：28.56−19.56"),
}
PAGE = "/figures/?place=450109&year=2013"
HIDDEN = "不显示"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def told(year: int = 2013, territory: str = "450109") -> dict[int, dict]:
    out = StringIO()
    call_command("figures", year=year, territory=territory, json=True, stdout=out)
    return {one["figure"]: one for one in json.loads(out.getvalue())["figures"]}


def shown(client: Client, address: str) -> dict[int, list[tuple[str, str, str]]]:
    """Numerator, denominator and percent of every cell of every figure of a page."""
    text = client.get(address).content.decode()
    tables = re.findall(r'id="figure-(\d)">(.*?)</table>', text, re.DOTALL)
    cell = re.compile(r'data-num="(\d+)" data-den="(\d+)" data-text="([\d.]+)%"')
    return {int(number): cell.findall(table) for number, table in tables}


def test_every_number_of_the_document_comes_back(demo):
    found = told()
    for number, series in DOCUMENT.items():
        own = {
            one["key"]: {bar["key"]: (bar["num"], bar["den"], bar["share"]) for bar in one["bars"]}
            for one in found[number]["series"]
        }
        assert set(own) == set(series)
        for key, bars in series.items():
            assert {bar: own[key][bar] for bar in bars} == bars, f"figure {number}"
    moved = {"female": "+6.33", "senior": "+12.01", "under_35": "+9.01"}
    assert found[6]["moved"] == moved
    assert found[7]["moved"] == {"time": "+18.0", "result": "+17.0", "attitude": "+21.0"}


def test_the_page_shows_what_the_command_says(demo):
    page = shown(signed_in("district"), PAGE)
    assert set(page) == set(DOCUMENT)
    for number, one in told().items():
        cells = sorted((str(bar["num"]), str(bar["den"]), bar["share"]) for s in one["series"] for bar in s["bars"])
        assert sorted(page[number]) == cells


def test_the_report_differs_where_it_cuts_off(demo):
    """In these numbers and no others; the page names each with its reason."""
    lines = [(number, line) for number, one in told().items() for line in one["printed"]]
    differing = {(n, line["printed"]): (line["computed"], line["why"]) for n, line in lines if line["why"] != "一致"}
    assert differing == DIFFERS
    text = signed_in("leader").get("/figures/6/?place=450109&year=2013").content.decode()
    cells = re.compile(r'<td class="num" data-l="[^"]*">([\d.]+)</td>.*?<td data-l="[^"]*">([^<]+)</td></tr>')
    shown_beside = dict(cells.findall(text[text.index('<details class="printed"') :]))
    assert {key[1]: why for key, (_computed, why) in DIFFERS.items() if key[0] == 6}.items() <= shown_beside.items()


def test_what_is_made_anew_says_so(demo):
    found = told()
    assert all("按文件百分比推断还原" in "".join(found[number]["notes"]) for number in (1, 4, 5))
    text = signed_in("leader").get(PAGE).content.decode()
    assert text.count("按文件百分比推断还原") >= 3


def test_another_year_and_another_territory(demo):
    assert all(not bar["den"] for one in told(2012)[1]["series"] for bar in one["bars"])
    townships = {code: told(territory=code)[1] for code in ("450109100", "450109101")}
    whole = {bar["key"]: bar["num"] for bar in told()[1]["series"][0]["bars"]}
    for one in townships.values():
        assert all(0 < bar["num"] < whole[bar["key"]] for bar in one["series"][0]["bars"])
    assert shown(signed_in("district"), "/figures/?place=450109100214&year=2013")[1]


def test_readers_alone_and_their_own_territory(demo):
    for user in User.objects.filter(username__in=["district", "leader", "clerk", "secretary", "sysadmin", "auditor"]):
        status = signed_in(user.username).get("/figures/").status_code
        assert status == (200 if user.roles & READERS else 403), user.username
    above = signed_in("secretary").get(PAGE).content.decode()
    assert "图表 · 梁村" in above and "与文件对照" not in above, "nobody reads a part under the name of the whole"
    clerk = User.objects.get(username="clerk")
    (township,) = clerk.scopes({Role.CLERK})
    elsewhere = "450109101" if township != "450109101" else "450109100"
    assert signed_in("clerk").get(f"/figures/?place={elsewhere}").status_code == 404


def test_small_counts_are_hidden_from_readers_of_tables(demo):
    village = "/figures/1/?place=450109100214&year=2013"
    everything = shown(signed_in("district"), village)[1]
    small = [cell for cell in everything if 0 < int(cell[0]) < 5]
    assert small, "a village has few answers"
    for username in ("leader", "secretary"):
        response = signed_in(username).get(village)
        assert HIDDEN in response.content.decode()
        assert not [cell for cell in shown(signed_in(username), village)[1] if 0 < int(cell[0]) < 5]


def test_the_number_of_queries_does_not_grow_with_the_territory(demo):
    client = signed_in("leader")
    client.get(PAGE)
    asked = []
    for address in (PAGE, "/figures/?place=450109100&year=2013", "/figures/?place=450109100214&year=2013"):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        asked.append(len(found))
    assert max(asked) <= 100 and max(asked) - min(asked) <= 12, asked
