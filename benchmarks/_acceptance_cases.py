"""A hall with very many cases, written in bulk straight through the driver; names, items and agencies of the model hall.

The same rows on SQLite and PostgreSQL: four years of cases of all agencies, some three in a hundred still open, each
with its terms for the search and three events. One in four applicants is an organisation.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy.engine import make_url

from yichuang.api import pinyin
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules import search_terms as rules

NOW = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
DAYS = 1460
BATCH = 20_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志红玉兰春梅海燕文斌鹏飞雪峰晓宇浩然子涵思远佳怡欣雨梓萱"
MONGOLIAN = (
    "敖登格日勒",
    "苏日娜",
    "巴特尔",
    "其其格",
    "乌云塔娜",
    "格日勒图",
    "斯琴高娃",
    "那日苏",
    "白音仓",
    "萨日朗",
)
TRADES = ("种业", "牧业", "建材", "餐饮", "运输", "药房", "物业", "农机", "水利工程", "电子商务")
OPEN_STATES = (
    "review",
    "review",
    "review",
    "correcting",
    "suspended",
    "granted",
    "making",
    "ready",
    "ready",
    "received",
)
STAFF = 200
FIRST_STAFF = 1


@dataclass(frozen=True)
class Names:
    """Applicants and items with their terms, worked out once."""

    people: list[tuple[str, str, frozenset[str]]]
    items: list[tuple[str, str, str, str, int]]
    agencies: dict[str, str]
    item_terms: list[tuple[int, str, str, str]]


def table_of(name: str) -> list[dict[str, str]]:
    """A table of the model hall."""
    text = files("yichuang_resources").joinpath("hall", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def names(pool: int) -> Names:
    """Names for so many applicants; the more there are, the fewer cases each has."""
    chance = random.Random(7)
    people = []
    for n in range(pool):
        kind = "organisation" if n % 4 == 3 else "person"
        name = _organisation(chance) if kind == "organisation" else _person(chance)
        form = pinyin.pinyin_of(name)
        people.append((name, kind, frozenset(rules.name_terms(name, form.initials, form.pinyin))))
    agencies = {row["code"]: row["name"] for row in table_of("agencies.tsv")}
    rows = [row for row in table_of("items.tsv") if row["agency"] in agencies]
    items, terms = [], []
    for key, row in enumerate(rows, 1):
        form = pinyin.pinyin_of(row["name"])
        found = rules.name_terms(row["name"], form.initials, form.pinyin) | {rules.fold(row["code"])}
        items.append((row["code"], row["name"], row["agency"], row["kind"] or "committed", key))
        terms.append((key, row["code"], row["name"], " " + " ".join(sorted(found))))
    return Names(people, items, agencies, terms)


def _person(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(MONGOLIAN) + chance.choice(["", *GIVEN[:20]])
    surname = SURNAMES[min(int(chance.expovariate(0.09)), len(SURNAMES) - 1)]
    return surname + "".join(chance.choices(GIVEN, k=chance.choice([1, 2, 2, 2])))


def _organisation(chance: random.Random) -> str:
    own = "".join(chance.choices(GIVEN, k=2))
    return f"阿鲁科尔沁旗{own}{chance.choice(TRADES)}{chance.choice(['有限责任公司', '专业合作社', '商店'])}"


def cases(count: int, made: Names) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The cases from the oldest on, with their terms."""
    chance = random.Random(11)
    weights = list(itertools.accumulate(1 / (n + 2) for n in range(len(made.items))))
    order = random.Random(5).sample(made.items, len(made.items))
    per_day = -(-count // DAYS)
    for n in range(count):
        day = n * DAYS // count
        serial = n - -(-day * count // DAYS)
        received = NOW - timedelta(days=DAYS - day) + timedelta(seconds=serial * (28_000 // per_day + 1))
        (item,) = chance.choices(order, cum_weights=weights)
        person = chance.randrange(len(made.people))
        yield _case(n + 1, received, serial + 1, item, person, made, chance)


def _case(
    key: int, received: datetime, serial: int, item: tuple[str, str, str, str, int], person: int, made: Names,
    chance: random.Random,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    code, item_name, agency, kind, name_key = item
    name, applicant_kind, words = made.people[person]
    acceptor = FIRST_STAFF + chance.randrange(STAFF)
    is_open = chance.random() < (0.9 if (NOW - received).days < 12 else 0.02)
    state = (
        chance.choice(OPEN_STATES) if is_open else "delivered" if chance.random() < 0.9 else "not_accepted"
    )
    days = min(int(chance.expovariate(0.3)), 40)
    due = received + timedelta(days=8)
    unaccepted = state in ("correcting", "received", "not_accepted")
    clock_stands = unaccepted or state == "suspended"
    decided = (
        None
        if state in ("review", "correcting", "suspended", "received", "not_accepted")
        else received + timedelta(days=days)
    )
    number = f"150421{received + timedelta(hours=8):%y%m%d}{serial:06d}{key % 10}"
    values = {
        "id": key, "case_no": number, "query_code": "ABC234", "state": state, "item": code, "item_version": 1,
        "item_name": item_name, "item_type": "01", "item_kind": kind, "agency": agency,
        "agency_name": made.agencies[agency], "applicant_id": person + 1, "applicant_kind": applicant_kind,
        "applicant_name": name, "applicant_masked": "150421********2411", "received_at": received, "form": {},
        "accepted_at": None if unaccepted else received, "warn_at": due - timedelta(days=2),
        "promise_due_at": None if clock_stands else due,
        "legal_due_at": None if clock_stands else due + timedelta(days=20),
        "decided_at": decided, "decided_days": None if decided is None else days * 5 // 7,
        "kept": None if decided is None else decided <= due, "trips": 1 + chance.randrange(3),
        "delivered_at": received + timedelta(days=days + 2) if state == "delivered" else None,
        "acceptor_id": acceptor, "acceptor_name": f"受理员{acceptor}", "desk": f"A{acceptor % 40:02d}",
    }  # fmt: skip
    if decided is not None:
        values |= {"decider_id": acceptor + STAFF, "decider_name": f"审批员{acceptor + STAFF}"}
    scope = (rules.AGENCY + rules.fold(agency), f"{rules.ACCEPTOR}{acceptor}", f"{rules.ITEM}{name_key}",
             f"{rules.PERSON}{person + 1}")  # fmt: skip
    return values, [*rules.number_terms(number), *words, *scope]


def events(values: dict[str, Any], first_id: int) -> Iterator[dict[str, Any]]:
    """The first events of a case."""
    steps = [("receive", "draft", "received", values["received_at"])]
    if values["accepted_at"] is not None:
        steps.append(("accept", "received", "accepted", values["accepted_at"]))
    if values["decided_at"] is not None:
        steps.append(("grant", "review", "granted", values["decided_at"]))
    for seq, (event, source, target, at) in enumerate(steps, 1):
        yield {
            "id": first_id + seq - 1, "case_id": values["id"], "seq": seq, "event": event, "source": source,
            "target": target, "staff_id": values["acceptor_id"], "staff_name": values["acceptor_name"], "at": at,
            "payload": {}, "prev_hash": "", "hash": "",
        }  # fmt: skip


class Rows:
    """Turns values of a table into what its driver takes, columns that were not named by their defaults."""

    def __init__(self, table: Any, kind: str) -> None:
        self.columns = list(table.columns)
        self._sqlite = kind == "sqlite"
        self._defaults = [self._plain(_default(column)) for column in self.columns]

    def of(self, values: dict[str, Any]) -> list[Any]:
        """A row in the order of the columns."""
        return [
            self._plain(values[column.name]) if column.name in values else default
            for column, default in zip(self.columns, self._defaults, strict=True)
        ]

    def _plain(self, value: Any) -> Any:
        if isinstance(value, dict | list):
            return json.dumps(value)
        if self._sqlite and isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value


def _default(column: Any) -> Any:
    if column.default is not None:
        return column.default.arg
    if column.nullable:
        return None
    return {"INTEGER": 0, "BIGINT": 0, "BOOLEAN": False}.get(str(column.type), "")


def fill(url: str, count: int, say: Callable[[str], None]) -> Names:
    """Write `count` cases into an open, migrated and empty database."""
    began = time.monotonic()
    made = names(min(count // 4 + 10, 60_000))
    say(f"{len(made.people):,} names spelled in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    (_fill_sqlite if url.startswith("sqlite") else _fill_postgresql)(url, count, made)
    say(f"{count:,} cases with events and terms written in {time.monotonic() - began:.0f} s")
    return made


def _fill_sqlite(url: str, count: int, made: Names) -> None:
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as driver:
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("PRAGMA cache_size=-600000")
        indexes = driver.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name LIKE 'ix_acceptance_%'"
        ).fetchall()
        for name, _sql in indexes:
            driver.execute(f"DROP INDEX {name}")
        driver.executemany(
            "INSERT INTO acceptance_item_name (id, item, name, terms) VALUES (?, ?, ?, ?)", made.item_terms
        )
        case, event = Rows(t.case, "sqlite"), Rows(t.event, "sqlite")
        into_case, into_event = _insert(t.case), _insert(t.event)
        ids = itertools.count(1)
        for batch in _batches(cases(count, made)):
            driver.execute("BEGIN")
            driver.executemany(into_case, [case.of(values) for values, _ in batch])
            driver.executemany(
                into_event,
                [event.of(e | {"id": next(ids)}) for values, _ in batch for e in events(values, 0)],
            )
            driver.executemany(
                "INSERT INTO acceptance_search (rowid, words) VALUES (?, ?)",
                [(values["id"], " ".join(terms)) for values, terms in batch],
            )
            driver.execute("COMMIT")
        for _name, sql in indexes:
            driver.execute(sql)
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgresql(url: str, count: int, made: Names) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as driver:
        found = driver.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix\\_acceptance\\_%'"
        ).fetchall()
        for name, _sql in found:
            driver.execute(f"DROP INDEX {name}")
        case, event = Rows(t.case, "postgresql"), Rows(t.event, "postgresql")
        ids = itertools.count(1)
        cursor = driver.cursor()
        with cursor.copy("COPY acceptance_item_name (id, item, name, terms) FROM STDIN") as copy:
            for row in made.item_terms:
                copy.write_row(row)
        for batch in _batches(cases(count, made)):
            _copy(cursor, "acceptance_case", case, (values for values, _ in batch))
            _copy(cursor, "acceptance_event", event,
                  (e | {"id": next(ids)} for values, _ in batch for e in events(values, 0)))  # fmt: skip
            with cursor.copy(
                "COPY acceptance_search (case_id, agency, item_name_id, words) FROM STDIN"
            ) as copy:
                for values, terms in batch:
                    item = next(int(term[1:]) for term in terms if term[0] == rules.ITEM)
                    words = " ".join(f"'{term}'" for term in terms if term[0] != rules.ITEM)
                    copy.write_row((values["id"], values["agency"], item, words))
        for _name, sql in found:
            driver.execute(sql)
        driver.execute("VACUUM ANALYZE")


def _copy(cursor: Any, table: str, rows: Rows, values: Iterator[dict[str, Any]]) -> None:
    columns = ", ".join(column.name for column in rows.columns)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for each in values:
            copy.write_row(rows.of(each))


def _insert(table: Any) -> str:
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _batches(made: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(made, BATCH)):
        yield batch
