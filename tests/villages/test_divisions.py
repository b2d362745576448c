"""The register of divisions: taken whole or not at all, again without effect, and every wrong row named."""

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.bench_divisions import STREETS, VILLAGES, make_up
from core.models import AuditRow
from core.pinyin import pinyin_of
from villages import demo
from villages.choices import VillageKind
from villages.divisions import WrongRows, import_register
from villages.divisions.register import short_name
from villages.models import District, Township, Village

DISTRICT, PUMIAO, LIANG = "450109", "450109100", "450109100214"
HEADERS = {
    "provinces": "code,name",
    "cities": "code,name,provinceCode",
    "areas": "code,name,cityCode,provinceCode",
    "streets": "code,name,areaCode,provinceCode,cityCode",
    "villages": "code,name,streetCode,provinceCode,cityCode,areaCode",
}
REAL = list(csv.DictReader(demo.REGISTER.read_text(encoding="utf-8").splitlines()))


class Files:
    """A register in a folder: the district of the demonstration, and what a test makes of it."""

    def __init__(self, folder: Path):
        self.folder = folder
        townships = {row["township_code"]: row["township_name"] for row in REAL}
        self.rows = {
            "provinces": [["45", "广西壮族自治区"]],
            "cities": [["4501", "南宁市", "45"]],
            "areas": [["450102", "兴宁区", "4501"], [DISTRICT, "邕宁区", "4501"]],
            "streets": [
                ["450102001", "民生街道", "450102"],
                *([code, name, DISTRICT] for code, name in sorted(townships.items())),
            ],
            "villages": [
                ["450102001001", "民生社区居委会", "450102001"],
                *([row["code"], row["official_name"], row["township_code"]] for row in REAL),
            ],
        }

    def line_of(self, code: str, file: str = "villages") -> int:
        return [row[0] for row in self.rows[file]].index(code) + 2

    def change(self, code: str, *cells: str, file: str = "villages") -> None:
        """Other first cells for the row with that code; none removes it."""
        number = self.line_of(code, file) - 2
        self.rows[file][number : number + 1] = [[*cells, *self.rows[file][number][len(cells) :]]] if cells else []

    def write(self) -> Path:
        for name, rows in self.rows.items():
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                file.write(HEADERS[name] + "\n")
                csv.writer(file).writerows(rows)
        return self.folder


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path)


def state() -> list:
    return [list(model.objects.order_by("code").values()) for model in (District, Township, Village)]


def counts(report) -> dict:
    return {name: (c.created, c.changed, c.vanished) for name, c in report.counts.items()}


# ---- the straight way ----


@pytest.mark.django_db
def test_a_district_with_its_real_names(files):
    report = import_register(files.write(), DISTRICT)
    assert counts(report) == {"district": (1, 0, 0), "township": (5, 0, 0), "village": (81, 0, 0)}
    assert report.name == "邕宁区"
    for row in REAL:
        village = Village.objects.select_related("township__district").get(code=row["code"])
        assert (village.name, village.official_name) == (row["short_name"], row["official_name"])
        assert (village.is_community, village.township.name) == (row["kind"] != "village", row["township_name"])
        assert (village.scope_code, village.township.district.code) == (row["code"], DISTRICT)
        assert (village.version, village.opened_on, village.in_plan, village.main_industry) == (1, None, False, "")
        assert village.pinyin == pinyin_of(village.name)
        village.full_clean()


@pytest.mark.django_db
def test_again_changes_nothing_and_says_so(files):
    folder = files.write()
    assert not import_register(folder).is_unchanged
    before = state()
    report = import_register(folder)
    assert (report.is_unchanged, state()) == (True, before)
    assert [c.figures()["unchanged"] for c in report.counts.values()] == [2, 6, 82]
    assert set(AuditRow.objects.values_list("verb", flat=True)) == {"import_divisions"}


@pytest.mark.django_db
def test_what_people_entered_stays_and_the_new_stands_since_the_day(files):
    demo.build_territory()
    Village.objects.filter(code=LIANG).update(name="老梁村", households=500)
    before = {v["code"]: v for v in Village.objects.values()}
    report = import_register(files.write(), DISTRICT, date(2021, 1, 1))
    assert counts(report) == {"district": (0, 0, 0), "township": (0, 0, 0), "village": (7, 0, 0)}
    after = {v["code"]: v for v in Village.objects.values()}
    assert {code: after[code] for code in before} == before, "kinds, short names and facts are people's"
    assert {v["opened_on"] for code, v in after.items() if code not in before} == {date(2021, 1, 1)}


@pytest.mark.django_db
def test_the_whole_country_after_a_district_and_a_township_after_all(files):
    import_register(files.write(), DISTRICT)
    assert counts(import_register(files.folder)) == {"district": (1, 0, 0), "township": (1, 0, 0), "village": (1, 0, 0)}
    files.change(LIANG, LIANG, "新梁村村委会")
    files.change("450109101201", "450109101201", "别处村委会")
    report = import_register(files.write(), PUMIAO)
    assert (counts(report)["village"], report.name) == ((0, 1, 0), "蒲庙镇")
    assert counts(import_register(files.folder, "450109101201"))["village"] == (0, 1, 0)


@pytest.mark.django_db
def test_a_renamed_place_is_renamed_counted_and_recorded(files):
    import_register(files.write())
    files.change(LIANG, LIANG, "大梁村民委员会")
    files.change("450109104", "450109104", "中和乡", file="streets")
    report = import_register(files.write(), DISTRICT)
    assert counts(report) == {"district": (0, 0, 0), "township": (0, 1, 0), "village": (0, 1, 0)}
    village = Village.objects.get(code=LIANG)
    assert (village.name, village.official_name, village.version) == ("大梁村", "大梁村民委员会", 2)
    assert village.pinyin == "dlc daliangcun"
    row = AuditRow.objects.get(verb="update", model="villages.Village")
    assert (row.before, row.after) == ({"official_name": "梁村村委会"}, {"official_name": "大梁村民委员会"})
    assert (row.object_id, row.object_name, row.territory_code) == (str(village.pk), "梁村", LIANG)
    summary = AuditRow.objects.filter(verb="import_divisions").first()
    assert (summary.territory_code, summary.request_id) == (DISTRICT, row.request_id)
    assert summary.after["village"] == {"read": 81, "created": 0, "changed": 1, "unchanged": 80, "vanished": 0}
    assert Township.objects.get(code="450109104").name == "中和乡"


@pytest.mark.django_db
def test_what_vanished_is_reported_and_kept_and_what_is_closed_is_left_alone(files):
    import_register(files.write())
    Village.objects.filter(code="450109100215").update(closed_on=date(2020, 1, 1))
    files.change(LIANG)
    files.change("450109100215", "450109100215", "别名村委会")
    report = import_register(files.write(), DISTRICT)
    assert (counts(report)["village"], report.counts["village"].vanished_codes) == ((0, 0, 1), [LIANG])
    assert Village.objects.filter(code=LIANG, closed_on=None).exists()
    assert Village.objects.get(code="450109100215").official_name == "广良村委会"
    files.change("450109100215")
    assert import_register(files.write(), DISTRICT).counts["village"].vanished == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind", "is_odd"),
    [
        ("450102001050", VillageKind.URBAN_COMMUNITY, False),
        ("450109100050", VillageKind.RURAL_COMMUNITY, False),
        ("450109100199", VillageKind.RURAL_COMMUNITY, False),
        ("450102001300", VillageKind.VILLAGE, False),
        ("450109100399", VillageKind.VILLAGE, False),
        ("450102001400", VillageKind.URBAN_COMMUNITY, True),
        ("450109104498", VillageKind.RURAL_COMMUNITY, True),
        ("450109104500", VillageKind.VILLAGE, True),
        ("450109104000", VillageKind.VILLAGE, True),
    ],
)
def test_the_kind_comes_from_the_last_three_digits(files, code, kind, is_odd):
    files.rows["villages"].append([code, "某处", code[:9]])
    files.rows["villages"].sort()
    report = import_register(files.write())
    assert Village.objects.get(code=code).kind == kind
    assert [(odd.file, odd.line) for odd in report.odd] == ([("villages.csv", files.line_of(code))] if is_odd else [])
    assert report.odd_count == is_odd


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("龙岗村委会", "龙岗村"),
        ("梁村村民委员会", "梁村"),
        ("红星社区居委会", "红星社区"),
        ("红星居民委员会", "红星社区"),
        ("阿尔山嘎查村民委员会", "阿尔山嘎查"),
        ("城中社区村委会", "城中社区"),
        ("林场生活区", "林场生活区"),
        ("村委会", "村"),
    ],
)
def test_short_names(official, short):
    assert short_name(official) == short


# ---- wrong rows ----

NEW = "450109100299"
WRONG = [
    ("villages", [f"{NEW[:-1]}", "少一位村委会", PUMIAO]),
    ("villages", [f"{NEW}0", "多一位村委会", PUMIAO]),
    ("villages", [f"{NEW[:-1]}x", "字母村委会", PUMIAO]),
    ("villages", ["45010910029９", "全角村委会", PUMIAO]),
    ("villages", [f" {NEW}", "空格村委会", PUMIAO]),
    ("villages", ["", "无码村委会", PUMIAO]),
    ("villages", [NEW, "", PUMIAO]),
    ("villages", [NEW, "  ", PUMIAO]),
    ("villages", [NEW, "长" * 61, PUMIAO]),
    ("villages", [NEW, "制\t表村委会", PUMIAO]),
    ("villages", [NEW, "反\\斜村委会", PUMIAO]),
    ("villages", [NEW, "别处村委会", "450109101"]),
    ("villages", [NEW]),
    ("villages", ["450109999201", "无镇村委会", "450109999"]),
    ("villages", [LIANG, "再来村委会", PUMIAO]),
    ("streets", ["45010910", "少一位镇", DISTRICT]),
    ("streets", ["450199100", "无区镇", "450199"]),
    ("streets", [PUMIAO, "再来镇", DISTRICT]),
    ("areas", ["459901", "无市区", "4599"]),
    ("areas", [DISTRICT, "再来区", "4501"]),
    ("cities", ["4699", "无省市", "46"]),
    ("provinces", ["4", "少一位省"]),
]


@pytest.mark.django_db
@pytest.mark.parametrize("loaded", [False, True], ids=["first", "again"])
@pytest.mark.parametrize(("file", "row"), WRONG, ids=[f"{file} {'|'.join(row)[:24]}" for file, row in WRONG])
def test_a_wrong_row_is_named_and_nothing_is_written(files, file, row, loaded):
    if loaded:
        import_register(files.write())
    before, audited = state(), AuditRow.objects.count()
    files.change(LIANG, LIANG, "改名村委会")
    files.rows[file].append(row)
    with pytest.raises(WrongRows) as raised:
        import_register(files.write())
    [remark] = raised.value.remarks
    assert (remark.file, remark.line) == (f"{file}.csv", len(files.rows[file]) + 1)
    assert str(remark).startswith(f"{file}.csv:{remark.line}: ")
    assert (state(), AuditRow.objects.count()) == (before, audited)


@pytest.mark.django_db
def test_all_wrong_rows_are_named_up_to_twenty(files):
    files.change(LIANG, LIANG, "")
    files.change("450109101201", "450109101201", "")
    with pytest.raises(WrongRows) as raised:
        import_register(files.write(), DISTRICT)
    assert [r.line for r in raised.value.remarks] == [files.line_of(LIANG), files.line_of("450109101201")]
    files.rows["villages"] = [[code, "", parent] for code, _name, parent in files.rows["villages"]]
    with pytest.raises(WrongRows) as raised:
        import_register(files.write(), DISTRICT)
    assert len(raised.value.remarks) == 20


@pytest.mark.django_db
def test_elsewhere_only_codes_are_judged(files):
    files.change("450102001001", "450102001001", "")
    assert import_register(files.write(), DISTRICT).counts["village"].created == 81
    files.change("450102001001", "45010200100")
    with pytest.raises(WrongRows):
        import_register(files.write(), DISTRICT)


@pytest.mark.django_db
def test_files_out_of_order_are_taken_and_their_doubles_found(files):
    for rows in files.rows.values():
        rows.reverse()
    report = import_register(files.write())
    assert counts(report)["village"] == (82, 0, 0)
    files.rows["villages"].append([LIANG, "再来村委会", PUMIAO])
    with pytest.raises(WrongRows) as raised:
        import_register(files.write())
    assert [remark.line for remark in raised.value.remarks] == [len(files.rows["villages"]) + 1]


@pytest.mark.django_db
def test_files_as_editors_leave_them(files):
    files.change(LIANG, LIANG, "\ue000村村委会")  # the register has such characters
    path = files.write() / "villages.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text("\ufeff" + text.replace("\n", "\r\n") + "\r\n\r\n", encoding="utf-8")
    import_register(files.folder)
    assert Village.objects.get(code=LIANG).name == "\ue000村"
    path.write_bytes(text.encode("gb18030", errors="replace"))
    with pytest.raises(WrongRows) as raised:
        import_register(files.folder)
    assert raised.value.remarks[0].line == 2
    str(raised.value).encode()
    path.write_text(text + f'{NEW},"开', encoding="utf-8")
    with pytest.raises(WrongRows) as raised:
        import_register(files.folder)
    path.write_text(text.replace("code,name", "name,code", 1), encoding="utf-8")
    with pytest.raises(WrongRows) as raised:
        import_register(files.folder)
    assert [(r.file, r.line) for r in raised.value.remarks] == [("villages.csv", 1)]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["450199", "4", "45010", "45010x", "４５"])
def test_a_code_that_the_register_does_not_have(files, code):
    with pytest.raises(ValidationError):
        import_register(files.write(), code)
    assert not District.objects.exists()


@pytest.mark.django_db
def test_a_folder_that_lacks_a_file(files):
    (files.write() / "streets.csv").unlink()
    with pytest.raises(ValidationError, match=r"streets\.csv"):
        import_register(files.folder)


# ---- the command, and its size ----


@pytest.mark.django_db
def test_the_command_tells_people_and_programs(files, capsys):
    folder = str(files.write())
    call_command("import_divisions", folder, "--under", DISTRICT, "--on", "2021-01-01", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["counts"]["village"]["created"] == 81
    assert (answer["name"], answer["odd"], answer["unchanged"]) == ("邕宁区", [], False)
    files.change(LIANG)
    files.rows["villages"] += [[f"450109104{n}", "农场", "450109104"] for n in range(500, 530)]
    call_command("import_divisions", str(files.write()), "--under", DISTRICT)
    out = capsys.readouterr().out
    assert LIANG in out and "villages.csv:" in out
    call_command("import_divisions", folder, "--under", DISTRICT, "--json")
    assert json.loads(capsys.readouterr().out)["unchanged"] is True
    files.change("450109101201", "450109101201", "")
    with pytest.raises(CommandError, match=r"villages\.csv:\d+"):
        call_command("import_divisions", str(files.write()), "--under", DISTRICT, "--json")
    [wrong] = json.loads(capsys.readouterr().out)["wrong"]
    assert (wrong["file"], wrong["line"]) == ("villages.csv", files.line_of("450109101201"))
    with pytest.raises(CommandError):
        call_command("import_divisions", folder, "--under", "99", "--json")


@pytest.mark.django_db
def test_questions_do_not_grow_with_rows(files):
    def asked() -> list[int]:
        numbers = []
        for _run in ("first", "again"):
            with CaptureQueriesContext(connection) as queries:
                import_register(files.write(), DISTRICT)
            numbers.append(len(queries))
        return numbers

    few = asked()
    Village.objects.all().delete()
    Township.objects.all().delete()
    District.objects.all().delete()
    files.rows["villages"] += [[f"450109104{n}", f"{n}村委会", "450109104"] for n in range(210, 390)]
    assert asked() == few


PROGRAM = """
import sys
from pathlib import Path
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_divisions", sys.argv[1], "--json"])
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.django_db(transaction=True)
def test_200_000_villages_in_128_megabytes_first_and_again(tmp_path):
    make_up(tmp_path)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "TEST_RUN": settings.TEST_RUN,
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
    }
    for created in (STREETS * VILLAGES, 0):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
        answer, peak = done.stdout.splitlines()
        assert json.loads(answer)["counts"]["village"]["created"] == created
        assert int(peak) <= 128 * 1024  # kB
    assert Village.objects.count() == STREETS * VILLAGES
