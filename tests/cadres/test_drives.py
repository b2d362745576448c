"""The six style drives: the catalogue, and what a village did in each."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from cadres.catalogue import load_drives
from cadres.choices_development import DriveState
from cadres.models import Drive, DriveRecord
from tests import factories


def test_six_drives_in_two_languages_loaded_once(db):
    load_drives()
    Drive.objects.filter(key="clean").update(name="改过")
    load_drives()
    drives = list(Drive.objects.all())
    assert [drive.key for drive in drives] == ["learning", "pragmatic", "innovative", "effective", "serving", "clean"]
    assert drives[-1].label == "改过", "what was edited stays"
    assert drives[0].label == "治浮比学习创学习型"
    with translation.override("en"):
        assert drives[0].label.startswith("Treat shallowness")


@pytest.mark.parametrize(
    ("state", "finished_on"),
    [(DriveState.DONE, None), (DriveState.BEGUN, date(2013, 9, 1)), (DriveState.DONE, date(2013, 1, 1))],
)
def test_what_is_put_right_has_a_day_after_its_beginning(cast, state, finished_on):
    record = factories.DriveRecordFactory(village=cast.home)
    record.state, record.finished_on = state, finished_on
    with pytest.raises(ValidationError):
        record.full_clean()


def test_a_village_records_what_it_did(cast, as_):
    drive = factories.DriveFactory()
    data = {
        "village": cast.home.pk,
        "drive": drive.pk,
        "started_on": "2013-06-01",
        "problems": "拖拉",
        "state": "begun",
    }
    assert as_("secretary").post("/cadres/drive-records/new/", data).status_code == 302
    assert DriveRecord.objects.get().village == cast.home
    assert as_("inspector").post("/cadres/drive-records/new/", data).status_code == 403
