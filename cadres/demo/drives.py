"""The demonstration's records of the six style drives."""

from datetime import date, timedelta
from random import Random

from cadres.catalogue import load_drives
from cadres.choices_development import DriveState
from cadres.demo.people import CLERKS
from cadres.models import Drive, DriveRecord
from villages.models import Village

#: drive → problem found, measure, result.
STORIES = {
    "learning": ("学习次数少，记录不全", "每月10日集中学习，远教站点专人管理", "学习12次，笔记齐全"),
    "pragmatic": ("会议多，落实少", "实事清单上墙，每季对账", "承诺实事按期办结"),
    "innovative": ("村集体经济多年没有新路子", "到田东县考察，引进火龙果种植", "种植15亩"),
    "effective": ("群众办证要跑多次", "为民服务代办点每天有人值守", "代办当天受理"),
    "serving": ("值班不按时，群众找不到人", "轮流值班表上墙，电话公开", "值班到岗率提高"),
    "clean": ("接待开支没有明细", "开支逐笔公开，理财小组审核", "接待费下降四成"),
}


def build(rng: Random, villages: list[Village], day: date) -> None:
    load_drives()
    drives = list(Drive.objects.all())
    records = [
        _record(rng, village, drive, day)
        for village in villages
        for drive in rng.sample(drives, rng.randint(2, len(drives)))
    ]
    DriveRecord.objects.bulk_create(records, batch_size=500)


def _record(rng: Random, village: Village, drive: Drive, day: date) -> DriveRecord:
    problem, measure, result = STORIES[drive.key]
    state = rng.choices(list(DriveState), (15, 35, 50))[0]
    started_on = date(2013, rng.randint(3, 8), rng.randint(1, 28))
    done = state == DriveState.DONE
    return DriveRecord(
        village=village,
        drive=drive,
        started_on=started_on,
        problems=problem,
        measures="" if state == DriveState.BEGUN else measure,
        state=state,
        finished_on=min(started_on + timedelta(days=rng.randint(30, 100)), day) if done else None,
        result=result if done else "",
        saved_by=CLERKS.get(village.code[:9], ""),
    )
