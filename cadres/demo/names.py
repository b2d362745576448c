"""Names, numbers and dates of people who don't exist.

An ID number is well formed and yet nobody's: a sequence from 996 on was kept for people over a hundred. Mobile numbers
that begin with 154 are not given out.
"""

from datetime import date, timedelta
from itertools import count, product
from random import Random

from cadres.choices import Sex
from cadres.identity import check_character, latest_birth


def given(pairs: str, ones: str) -> list[str]:
    """Given names of two characters, written one after another, and of one."""
    return [pairs[at : at + 2] for at in range(0, len(pairs), 2)] + list(ones)


#: Surnames of the place, the frequent ones more than once.
SURNAMES = "梁梁梁黄黄黄黄韦韦韦农农玉莫莫陆陆雷覃覃李李李周周滕苏卢杨陈陈何邓甘罗谢廖蒙潘刘王张方施"
MEN = given(
    "国强国栋志明志强建华建国建军文德启荣朝辉海全少武家兴宗保有才德胜伟明伟强世昌世荣永康永福日新日升家宁家富"
    "子龙少华少平树生树德春生春林秋生金旺金德天佑天保汉文汉光廷芳廷宝桂林桂生福安福兴光明光荣正义正阳学文学军"
    "小龙小军",
    "勇刚斌健峰辉浩俊杰超鹏凯宏毅明军",
)
WOMEN = given(
    "彩凤桂兰春梅少芬丽娟丽萍秀英秀兰秀芳玉珍玉兰玉梅美兰美玲凤英凤娇月英月娥小燕小红海燕艳芳艳红惠芳惠兰金花"
    "金兰翠英翠兰雪梅雪芳冬梅爱莲爱华",
    "燕芳静丽娟敏",
)
PLACES = ("450121", "450109", "450103", "450122")


class Registry:
    """Hands out names, birthdays and numbers; no number twice, no name twice in a village."""

    def __init__(self, rng: Random):
        self.rng, self.names, self.numbers, self.phones = rng, set(), set(), count(1)

    def name(self, village: int, sex: str) -> str:
        while True:
            name = self.rng.choice(SURNAMES) + self.rng.choice(WOMEN if sex == Sex.FEMALE else MEN)
            if (village, name) not in self.names:
                self.names.add((village, name))
                return name

    def born_on(self, age: int, day: date) -> date:
        """A birthday of somebody who is so old on the day."""
        last, first = latest_birth(day, age), latest_birth(day, age + 1)
        return last - timedelta(days=self.rng.randrange((last - first).days))

    def id_number(self, born_on: date, sex: str) -> str:
        """One that is free for the birthday: at most eight of one sex have the same. StopIteration when none is."""
        ends = ("996", "998") if sex == Sex.FEMALE else ("997", "999")
        firsts = (f"{place}{born_on:%Y%m%d}{end}" for place, end in product(PLACES, ends))
        number = next(first for first in firsts if first not in self.numbers)
        self.numbers.add(number)
        return number + check_character(number)

    def phone(self) -> str:
        return f"154{next(self.phones):08}"
