"""A hall in the middle of a busy day, written straight into the tables: for measuring pages and for looking at them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from yichuang.api import HALL_ZONE, delete, hall, insert
from yichuang_queue import tables as t

LINES = (
    ("A", "综合业务", 30, 14), ("B", "社保医保", 20, 8), ("C", "不动产登记", 20, 8), ("D", "林草农牧", 30, 5),
    ("E", "工程建设", 30, 5), ("F", "公安出入境", 20, 6), ("G", "税务", 20, 6), ("H", "水电气热", 15, 4),
    ("J", "民生服务", 15, 4),
)  # fmt: skip
NAMES = (
    "其其格 白玉梅 王海涛 哈斯 张海燕 娜仁 包文军 李志刚 苏日娜 陈晓东 刘芳 宝音 赵敏 孟根 杨丽 高娃".split()
)
MATTERS = (
    "企业设立登记",
    "企业变更登记",
    "公司章程备案",
    "异地就医备案",
    "医保参保登记",
    "不动产转移登记",
    "施工许可证核发",
)


def fill(
    suite: Any, now: datetime, desks: int = 60, waiting: int = 500, done: int = 1200, weeks: int = 2
) -> None:
    """Lay out desks and lines, and a day up to `now` with earlier days of the same weekday behind it.

    Args:
        suite: An open suite of the queue plugin.
        now: Within the opening hours of a day.
        desks: All in all; one in eight is closed.
        waiting: People in the lines, most in the first.
        done: Finished tickets of the day.
        weeks: Earlier days with `done` tickets each.
    """
    chance = random.Random(7)
    day = now.astimezone(HALL_ZONE).date()
    opens = datetime(day.year, day.month, day.day, 8, 30, tzinfo=HALL_ZONE)
    with suite.database.write() as writer:
        for table in (t.rating, t.ticket, t.desk, t.business, t.line):
            writer.execute(delete(table))
        writer.execute(delete(hall.desk))
        writer.execute_many(insert(t.line), [
            {"code": code, "name": name, "prefix": code, "zone": "z", "agencies": [], "position": n, "target_minutes": target}
            for n, (code, name, target, _) in enumerate(LINES)
        ])  # fmt: skip
        plan = _plan(desks)
        writer.execute_many(insert(hall.desk), [
            {"code": code, "zone": "z", "kind": "integrated", "business": name} for code, _, name in plan
        ])  # fmt: skip
        staffed = [each for n, each in enumerate(plan) if n % 8 != 5]
        _open(writer, staffed, opens)
        day_of = _Day(writer, chance, opens, now)
        day_of.past(staffed, done, weeks)
        day_of.present(staffed, waiting)


def _plan(desks: int) -> list[tuple[str, str, str]]:
    """Code, line and name of every desk, by the lines' shares."""
    plan = [(f"{code}{n:02d}", code, name) for code, name, _, count in LINES for n in range(1, count + 1)]
    return plan[:desks]


def _open(writer: Any, staffed: list[tuple[str, str, str]], opens: datetime) -> None:
    rows = [
        {
            "staff_id": n + 1, "staff_name": NAMES[n % len(NAMES)], "lines": [line], "reason": "", "state": "open",
            "desk": code, "at": opens,
        }
        for n, (code, line, _) in enumerate(staffed)
    ]  # fmt: skip
    writer.execute_many(insert(t.desk_event), rows)
    writer.execute_many(insert(t.desk), [
        {**{k: v for k, v in row.items() if k not in ("desk", "at")}, "code": row["desk"], "since": row["at"]} for row in rows
    ])  # fmt: skip


class _Day:
    """Tickets with their events."""

    def __init__(self, writer: Any, chance: random.Random, opens: datetime, now: datetime) -> None:
        self._writer, self._chance, self._opens, self._now = writer, chance, opens, now
        self._count = dict.fromkeys((code for code, *_ in LINES), 0)
        self._token = 0

    def past(self, staffed: list[tuple[str, str, str]], done: int, weeks: int) -> None:
        """Finished tickets of the day up to a while ago, and of the same weekday before."""
        for back in range(weeks, -1, -1):
            span = (self._now - self._opens).total_seconds() if back == 0 else 8.5 * 3600
            shift = timedelta(weeks=back)
            for n in range(done):
                code, line, _ = staffed[n % len(staffed)]
                issued = self._opens - shift + timedelta(seconds=span * 0.9 * n / done)
                called = issued + timedelta(seconds=self._chance.uniform(60, 600))
                ended = called + timedelta(seconds=30 + self._chance.uniform(120, 480))
                acts = [("issue", issued, ""), ("call", called, code), ("arrive", called + timedelta(seconds=30), code),
                        ("finish", min(ended, self._now - shift), code)]  # fmt: skip
                self._enter(line, "done", acts, 1)
            self._count = dict.fromkeys(self._count, 0) if back else self._count

    def present(self, staffed: list[tuple[str, str, str]], waiting: int) -> None:
        """Who is at the desks now, and who waits."""
        for n, (code, line, _) in enumerate(staffed):
            ago = timedelta(seconds=self._chance.uniform(15, 900))
            issued = self._now - ago - timedelta(minutes=12)
            acts = [("issue", issued, ""), ("call", self._now - ago, code)]
            if n % 9 == 4:
                self._pause(code, n)
            elif n % 9 != 7:
                serving = n % 9 != 2
                acts += [("arrive", self._now - ago + timedelta(seconds=12), code)] if serving else []
                self._enter(
                    line, "serving" if serving else "called", acts, staffed.index((code, line, _)) + 1
                )
        for n in range(waiting):
            line = LINES[int(len(LINES) * self._chance.random() ** 2)][0]
            issued = self._now - timedelta(seconds=60 * 35 * (waiting - n) / waiting)
            self._enter(line, "waiting", [("issue", issued, "")], None)

    def _pause(self, code: str, n: int) -> None:
        since = self._now - timedelta(minutes=4 if n % 2 else 50)
        desk = self._writer.one(t.desk.select().where(t.desk.c.code == code))
        values = {
            "state": "paused",
            "reason": "补充材料",
            "staff_id": desk.staff_id,
            "staff_name": desk.staff_name,
            "lines": desk.lines,
        }
        self._writer.execute(t.desk.update().where(t.desk.c.code == code).values(since=since, **values))
        self._writer.insert(t.desk_event, desk=code, at=since, **values)

    def _enter(self, line: str, state: str, acts: list[tuple[str, datetime, str]], staff: int | None) -> None:
        self._token += 1
        self._count[line] += 1
        at = {act: moment for act, moment, _ in acts}
        ticket = self._writer.insert(
            t.ticket, day=acts[0][1].astimezone(HALL_ZONE).date(), line=line, number=f"{line}{self._count[line]:03d}",
            state=state, business=self._chance.choice(MATTERS), token=f"token-{self._token:06d}", further=[],
            issued_at=at["issue"], queued_at=at["issue"], rank_at=at["issue"], desk=acts[-1][2] or None, staff_id=staff,
            called_at=at.get("call"), last_call_at=at.get("call"), arrived_at=at.get("arrive"), ended_at=at.get("finish"),
            calls=int("call" in at),
        )  # fmt: skip
        for act, moment, desk in acts:
            self._writer.insert(
                t.event,
                ticket_id=ticket,
                at=moment,
                act=act,
                line=line,
                desk=desk,
                staff_id=staff if desk else None,
                detail={},
            )
