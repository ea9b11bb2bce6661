"""Qt building blocks for every page: theme, inputs, tables, lights, charts, viewer, progress and notices.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_HOMES: dict[str, tuple[str, ...]] = {
    "buttons": ("Button", "IconButton"),
    "charts": (
        "Bars", "BarsData", "ChartWidget", "Donut", "DonutData", "Legend", "Line", "LineData", "Part", "Pips", "PipsData",
        "SparkData", "Sparkline", "StackedBar", "StackedData", "chart_palette", "paint_chart",
    ),
    "choices": ("CheckBox", "Radio", "Segmented", "Toggle", "paint_toggle"),
    "days": ("DaySpan",),
    "dialog": ("Dialog",),
    "ends": ("when_gone",),
    "fields": ("Field", "Form", "FormField", "set_value_of", "value_of"),
    "flow": ("FlowLayout",),
    "focus": ("KeyboardRing", "hide_ring", "show_ring"),
    "icons": ("has_icon", "icon", "icon_pixmap", "paint_icon"),
    "inputs": ("ComboBox", "DateEdit", "LineEdit", "PasswordEdit", "SearchBox", "TextArea"),
    "keys": ("KeyCap", "KeyHints", "key_text", "keycap_width", "paint_keycap"),
    "labels": ("Text",),
    "layouts": ("clear_layout",),
    "lights": ("Dot", "Light", "State", "light_text", "paint_dot", "paint_light"),
    "menus": ("Menu",),
    "lists": ("ListItem", "ListPane"),
    "nav": ("NavItem", "NavList"),
    "notes": (
        "EmptyState", "ErrorNote", "ErrorState", "GoodNote", "IconMark", "InfoNote", "NotePlace", "WarnNote",
    ),
    "page": (
        "Dock", "Hairline", "KeyValue", "Kpi", "PageHeader", "Panel", "Scroller", "SidePane", "Splitter", "Tab",
        "TabStrip",
    ),
    "paint": ("paint",),
    "pdf": ("PdfViewer",),
    "progress": ("ProgressBar", "Skeleton", "time_left_text"),
    "public": ("public",),
    "saving": ("export_list", "save_file"),
    "scans": ("Scans",),
    "shadow": ("drop_shadow",),
    "sheet": ("ComponentSheet",),
    "steps": ("Step", "StepLine", "Timeline"),
    "table": ("DataTable",),
    "table_cells": ("Cell", "Column", "TimeLeft"),
    "table_export": ("write_list",),
    "tags": ("Badge", "Tag", "TagSpec", "badge_width", "paint_badge", "paint_tag", "paint_tags", "tag_width"),
    "theme": ("theme",),
    "toast": ("Toast",),
    "tokens": ("tone_color",),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605  # computed from the one table above

if TYPE_CHECKING:
    from yichuang.widgets import paint as paint
    from yichuang.widgets import public as public
    from yichuang.widgets import theme as theme
    from yichuang.widgets.buttons import Button as Button
    from yichuang.widgets.buttons import IconButton as IconButton
    from yichuang.widgets.charts import Bars as Bars
    from yichuang.widgets.charts import BarsData as BarsData
    from yichuang.widgets.charts import ChartWidget as ChartWidget
    from yichuang.widgets.charts import Donut as Donut
    from yichuang.widgets.charts import DonutData as DonutData
    from yichuang.widgets.charts import Legend as Legend
    from yichuang.widgets.charts import Line as Line
    from yichuang.widgets.charts import LineData as LineData
    from yichuang.widgets.charts import Part as Part
    from yichuang.widgets.charts import Pips as Pips
    from yichuang.widgets.charts import PipsData as PipsData
    from yichuang.widgets.charts import SparkData as SparkData
    from yichuang.widgets.charts import Sparkline as Sparkline
    from yichuang.widgets.charts import StackedBar as StackedBar
    from yichuang.widgets.charts import StackedData as StackedData
    from yichuang.widgets.charts import chart_palette as chart_palette
    from yichuang.widgets.charts import paint_chart as paint_chart
    from yichuang.widgets.choices import CheckBox as CheckBox
    from yichuang.widgets.choices import Radio as Radio
    from yichuang.widgets.choices import Segmented as Segmented
    from yichuang.widgets.choices import Toggle as Toggle
    from yichuang.widgets.choices import paint_toggle as paint_toggle
    from yichuang.widgets.days import DaySpan as DaySpan
    from yichuang.widgets.dialog import Dialog as Dialog
    from yichuang.widgets.ends import when_gone as when_gone
    from yichuang.widgets.fields import Field as Field
    from yichuang.widgets.fields import Form as Form
    from yichuang.widgets.fields import FormField as FormField
    from yichuang.widgets.fields import set_value_of as set_value_of
    from yichuang.widgets.fields import value_of as value_of
    from yichuang.widgets.flow import FlowLayout as FlowLayout
    from yichuang.widgets.focus import KeyboardRing as KeyboardRing
    from yichuang.widgets.focus import hide_ring as hide_ring
    from yichuang.widgets.focus import show_ring as show_ring
    from yichuang.widgets.icons import has_icon as has_icon
    from yichuang.widgets.icons import icon as icon
    from yichuang.widgets.icons import icon_pixmap as icon_pixmap
    from yichuang.widgets.icons import paint_icon as paint_icon
    from yichuang.widgets.inputs import ComboBox as ComboBox
    from yichuang.widgets.inputs import DateEdit as DateEdit
    from yichuang.widgets.inputs import LineEdit as LineEdit
    from yichuang.widgets.inputs import PasswordEdit as PasswordEdit
    from yichuang.widgets.inputs import SearchBox as SearchBox
    from yichuang.widgets.inputs import TextArea as TextArea
    from yichuang.widgets.keys import KeyCap as KeyCap
    from yichuang.widgets.keys import KeyHints as KeyHints
    from yichuang.widgets.keys import key_text as key_text
    from yichuang.widgets.keys import keycap_width as keycap_width
    from yichuang.widgets.keys import paint_keycap as paint_keycap
    from yichuang.widgets.labels import Text as Text
    from yichuang.widgets.layouts import clear_layout as clear_layout
    from yichuang.widgets.lights import Dot as Dot
    from yichuang.widgets.lights import Light as Light
    from yichuang.widgets.lights import State as State
    from yichuang.widgets.lights import light_text as light_text
    from yichuang.widgets.lights import paint_dot as paint_dot
    from yichuang.widgets.lights import paint_light as paint_light
    from yichuang.widgets.lists import ListItem as ListItem
    from yichuang.widgets.lists import ListPane as ListPane
    from yichuang.widgets.menus import Menu as Menu
    from yichuang.widgets.nav import NavItem as NavItem
    from yichuang.widgets.nav import NavList as NavList
    from yichuang.widgets.notes import EmptyState as EmptyState
    from yichuang.widgets.notes import ErrorNote as ErrorNote
    from yichuang.widgets.notes import ErrorState as ErrorState
    from yichuang.widgets.notes import GoodNote as GoodNote
    from yichuang.widgets.notes import IconMark as IconMark
    from yichuang.widgets.notes import InfoNote as InfoNote
    from yichuang.widgets.notes import NotePlace as NotePlace
    from yichuang.widgets.notes import WarnNote as WarnNote
    from yichuang.widgets.page import Dock as Dock
    from yichuang.widgets.page import Hairline as Hairline
    from yichuang.widgets.page import KeyValue as KeyValue
    from yichuang.widgets.page import Kpi as Kpi
    from yichuang.widgets.page import PageHeader as PageHeader
    from yichuang.widgets.page import Panel as Panel
    from yichuang.widgets.page import Scroller as Scroller
    from yichuang.widgets.page import SidePane as SidePane
    from yichuang.widgets.page import Splitter as Splitter
    from yichuang.widgets.page import Tab as Tab
    from yichuang.widgets.page import TabStrip as TabStrip
    from yichuang.widgets.pdf import PdfViewer as PdfViewer
    from yichuang.widgets.progress import ProgressBar as ProgressBar
    from yichuang.widgets.progress import Skeleton as Skeleton
    from yichuang.widgets.progress import time_left_text as time_left_text
    from yichuang.widgets.saving import export_list as export_list
    from yichuang.widgets.saving import save_file as save_file
    from yichuang.widgets.scans import Scans as Scans
    from yichuang.widgets.shadow import drop_shadow as drop_shadow
    from yichuang.widgets.sheet import ComponentSheet as ComponentSheet
    from yichuang.widgets.steps import Step as Step
    from yichuang.widgets.steps import StepLine as StepLine
    from yichuang.widgets.steps import Timeline as Timeline
    from yichuang.widgets.table import DataTable as DataTable
    from yichuang.widgets.table_cells import Cell as Cell
    from yichuang.widgets.table_cells import Column as Column
    from yichuang.widgets.table_cells import TimeLeft as TimeLeft
    from yichuang.widgets.table_export import write_list as write_list
    from yichuang.widgets.tags import Badge as Badge
    from yichuang.widgets.tags import Tag as Tag
    from yichuang.widgets.tags import TagSpec as TagSpec
    from yichuang.widgets.tags import badge_width as badge_width
    from yichuang.widgets.tags import paint_badge as paint_badge
    from yichuang.widgets.tags import paint_tag as paint_tag
    from yichuang.widgets.tags import paint_tags as paint_tags
    from yichuang.widgets.tags import tag_width as tag_width
    from yichuang.widgets.toast import Toast as Toast
    from yichuang.widgets.tokens import tone_color as tone_color


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
