"""What stands in a table: columns, cell values, and the words they are copied, exported and read aloud as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yichuang.widgets.lights import State, light_text
from yichuang.widgets.tags import TagSpec, as_tag

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with more than its words.

    Attributes:
        text: The text.
        tone: A tone or colour token.
        strong: Medium weight.
        second: Grey text: at the right of the first, or below it in a "two" column.
        icon: Lucide name before the text; in a "two" column in a tinted square.
    """

    text: str
    tone: str = ""
    strong: bool = False
    second: str = ""
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Time left of a limit.

    Attributes:
        text: Such as 剩 4 天 or 超期 3 小时.
        fraction: Share of the limit that is used, 0 to 1; None draws no bar.
        state: Colour of bar and text.
        order: What the column is sorted by, smaller first; time left in seconds.
    """

    text: str
    fraction: float | None = None
    state: State | str = State.ON_TIME
    order: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        key: Name of the value in a row.
        title: Head of the column.
        width: In px; 0 takes the kind's own width or shares the rest.
        stretch: Share of the room that is left; 1 by default where there is no width.
        kind: text, strong, caption, number, mono, light, time, tags, status, two, icon, toggle or action.
        align: left or right; numbers and actions stand right by themselves.
        elide: end for names, middle for case numbers.
        tone: A token, or a function of the row that gives one.
        sort: True sorts by the value, a function of the row by its result; None cannot be sorted.
    """

    key: str
    title: str = ""
    width: int = 0
    stretch: int = 0
    kind: str = "text"
    align: str = ""
    elide: str = "end"
    tone: str | Callable[[Row], str] | None = None
    sort: bool | Callable[[Row], Any] | None = None
    tip: Callable[[Row], str] | None = None

    def right(self) -> bool:
        """Whether it is aligned to the right."""
        return self.align == "right" or (not self.align and self.kind in ("number", "action", "toggle"))


KIND_WIDTHS = {
    "light": 44, "number": 96, "time": 148, "tags": 132, "icon": 40, "toggle": 64, "action": 72, "status": 140,
}  # fmt: skip


def cell_text(column: Column, value: Any) -> str:
    """A cell as plain words: for display, copying, export and screen readers."""
    if value is None:
        return ""
    if column.kind == "light":
        return light_text(value)
    if isinstance(value, TimeLeft):
        return value.text
    if isinstance(value, Cell):
        return " ".join(filter(None, (value.text, value.second)))
    if column.kind == "tags":
        return "、".join(as_tag(tag).text for tag in value)
    if column.kind == "status":
        return str(value[1])
    if column.kind == "two" and isinstance(value, tuple):
        return " ".join(str(part) for part in value if part)
    if column.kind == "icon":
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and column.kind == "number":
        return f"{value:,}"
    return str(value)


def sort_key(column: Column, row: Row) -> tuple[int, Any]:
    """What a row is sorted by in a column; rows without a value come last."""
    value: Any = column.sort(row) if callable(column.sort) else row.get(column.key)
    if isinstance(value, TimeLeft):
        value = value.order
    elif isinstance(value, Cell):
        value = value.text
    elif isinstance(value, tuple | list):
        value = " ".join(str(as_tag(part).text if isinstance(part, TagSpec) else part) for part in value)
    if value is None or value == "":
        return (1, 0)
    return (0, value)
