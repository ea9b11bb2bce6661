"""People of the simulated day: invented names and numbers with right check digits, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from yichuang.hall import identifiers

SURNAMES = "王李张刘陈杨赵黄周吴包白孟苏敖韩德宝乌斯"
GIVEN = "军兰娜芳伟强敏静丽勇艳杰涛明超霞平刚英华玉梅春燕志国海龙凤琴淑珍建新秀文"
MONGOLIAN = (
    "巴特尔 苏日娜 其木格 斯琴高娃 乌力吉 那仁花 阿拉坦 萨仁 格日勒 布和 呼和 图雅 阿古拉 塔娜".split()
)
TRADES = "农牧 粮贸 建筑 运输 餐饮 物流 商贸 养殖 种植 文化传媒 机械 环保".split()
BRANDS = "罕山 天山 绿野 宏远 晨光 丰源 金穗 草原情 百川 鼎盛 安达 瑞祥".split()
PRIORITIES = ("elderly", "disabled", "soldier", "pregnant")
REGION = "150421"
TODAY = date(2026, 3, 17)


@dataclass(frozen=True)
class Visitor:
    """Somebody who comes to the hall.

    Attributes:
        index: Number in the order of arrival.
        arrives: Seconds after opening.
        agent: Name and citizen's number of whoever comes for an organisation.
        chance: Seeds every choice made about this person, so that a repeated day repeats them.
    """

    index: int
    name: str
    code_kind: str
    code: str
    phone: str
    priority: str
    arrives: float
    chance: int
    agent: tuple[str, str] | None = None

    def draw(self, what: str) -> random.Random:
        """A source of chance for one question about this person."""
        return random.Random(f"{self.chance}:{what}")  # noqa: S311 - a simulation


def every(visitor: Visitor, rhythm: int, at: int) -> bool:
    """Whether it is this visitor's turn: one in so many."""
    return visitor.index % rhythm == at


def visitors(count: int, seed: int, seconds: float) -> list[Visitor]:
    """So many visitors in the order of arrival: a morning and a smaller afternoon peak."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    moments = sorted(_arrival(chance) * seconds for _ in range(count))
    return [_visitor(i, moment, random.Random(f"{seed}:{i}"), seed) for i, moment in enumerate(moments)]  # noqa: S311  # a simulation


def _arrival(chance: random.Random) -> float:
    peak = 0.22 if chance.random() < 0.6 else 0.7
    return min(0.95, max(0.0, chance.gauss(peak, 0.13)))


def _visitor(index: int, moment: float, chance: random.Random, seed: int) -> Visitor:
    organisation = chance.random() < 0.3
    name = _company(chance) if organisation else _person(chance)
    code = _uscc(chance) if organisation else _citizen_id(chance)
    priority = chance.choice(PRIORITIES) if not organisation and chance.random() < 0.1 else "none"
    phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
    agent = (_person(chance), _citizen_id(chance)) if organisation else None
    return Visitor(
        index,
        name,
        "001" if organisation else "111",
        code,
        phone,
        priority,
        moment,
        seed * 1_000_003 + index,
        agent,
    )


def _person(chance: random.Random) -> str:
    if chance.random() < 0.35:
        return chance.choice(MONGOLIAN)
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))


def _company(chance: random.Random) -> str:
    return f"阿鲁科尔沁旗{chance.choice(BRANDS)}{chance.choice(TRADES)}有限公司"


def _citizen_id(chance: random.Random) -> str:
    born = TODAY - timedelta(days=chance.randrange(19 * 365, 80 * 365))
    body = f"{REGION}{born:%Y%m%d}{chance.randrange(1000):03d}"
    return body + identifiers.citizen_id_check(body)


def _uscc(chance: random.Random) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{REGION}MA" + "".join(chance.choice(letters) for _ in range(7))
    return body + identifiers.uscc_check(body)
