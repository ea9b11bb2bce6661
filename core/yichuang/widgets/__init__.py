"""Qt building blocks for every page: theme, inputs, tables, lights, charts, viewer, progress and notices.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_HOMES: dict[str, tuple[str, ...]] = {
    "buttons": ("Button", "IconButton"),
    "charts": (
        "Bars", "BarsData", "ChartWidget", "Donut", "DonutData", "Line", "LineData", "Part", "Pips", "PipsData",
        "SparkData", "Sparkline", "StackedBar", "StackedData", "chart_palette", "paint_chart",
    ),
    "choices": ("CheckBox", "Radio", "Segmented", "Toggle"),
    "dialog": ("Dialog",),
    "fields": ("Field", "Form", "FormField", "set_value_of", "value_of"),
    "flow": ("FlowLayout",),
    "icons": ("has_icon", "icon", "icon_pixmap", "paint_icon"),
    "inputs": ("ComboBox", "DateEdit", "LineEdit", "PasswordEdit", "SearchBox", "TextArea"),
    "keys": ("KeyCap", "KeyHints", "key_text", "paint_keycap"),
    "labels": ("Text",),
    "lights": ("Dot", "Light", "State", "light_text", "paint_dot", "paint_light"),
    "lists": ("ListItem", "ListPane"),
    "nav": ("NavItem", "NavList"),
    "notes": ("EmptyState", "ErrorNote", "GoodNote", "InfoNote", "WarnNote"),
    "page": (
        "Dock", "Hairline", "KeyValue", "Kpi", "PageHeader", "Panel", "Scroller", "SidePane", "Splitter", "Tab",
        "TabStrip",
    ),
    "pdf": ("PdfViewer",),
    "progress": ("ProgressBar", "Skeleton"),
    "sheet": ("ComponentSheet",),
    "steps": ("Step", "StepLine", "Timeline"),
    "table": ("DataTable",),
    "table_cells": ("Cell", "Column", "TimeLeft"),
    "table_export": ("write_list",),
    "tags": ("Badge", "Tag", "TagSpec", "paint_badge", "paint_tag", "tag_width"),
    "theme": ("theme",),
    "toast": ("Toast",),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605  # computed from the one table above

if TYPE_CHECKING:
    from yichuang.widgets import theme as theme
    from yichuang.widgets.buttons import Button as Button, IconButton as IconButton


def __getattr__(name: str) -> Any:
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    loaded = importlib.import_module(f"{__name__}.{module}")
    value = loaded if name == module else getattr(loaded, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
