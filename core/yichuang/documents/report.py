"""A printable report: head, key figures, tables and charts on A4 upright."""

from __future__ import annotations

from reportlab.platypus import CondPageBreak, Flowable

from yichuang.documents.charts import BarChart, DonutChart, FiguresRow, LineChart
from yichuang.documents.faces import DRAWING
from yichuang.documents.flow import GREY, Style, Text, flowables, least, mm
from yichuang.documents.model import Bars, Donut, Figures, Lines, Report, ReportBlock
from yichuang.documents.numbering import chinese_date
from yichuang.documents.pages import (
    TEXT_WIDTH,
    TOP,
    Properties,
    SheetCanvas,
    build,
    page_number,
    running_head,
)

BOTTOM = 18 * mm
HEIGHT = TOP - BOTTOM

TITLE = Style(size=22, leading=34, align="center", bold=True, before=6)
SUBTITLE = Style(size=12, leading=20, align="center", colour=GREY)
SECTION = Style(
    size=14, leading=24, align="left", face="sans", bold=True, colour="#1C5A6C", before=10, after=4
)
BODY = Style(size=11, leading=19, indent=2)


def render(report: Report) -> bytes:
    """The report as a PDF file; see `yichuang.documents.render_report`."""
    with DRAWING:
        story: list[Flowable] = [Text(report.title, TITLE)]
        byline = "　".join(filter(None, [report.subtitle, report.organ, chinese_date(report.date)]))
        story.append(Text(byline, SUBTITLE))
        for section in report.sections:
            blocks = [flowable for block in section.blocks for flowable in _flowables(block)]
            needed = least(blocks[0], TEXT_WIDTH, HEIGHT) if blocks else 0
            story += [
                CondPageBreak(SECTION.before + SECTION.leading + SECTION.after + min(needed, 90 * mm)),
                Text(section.title, SECTION),
                *blocks,
            ]

        def finish(canvas: SheetCanvas, _copy: int, number: int, total: int) -> None:
            running_head(canvas, report.organ, report.organ_mn, report.title)
            page_number(canvas, number, total)

        return build(
            story, finish, Properties(report.title, report.organ, report.subtitle, report.date), BOTTOM
        )


def _flowables(block: ReportBlock) -> list[Flowable]:
    match block:
        case Figures():
            return [FiguresRow(block)]
        case Bars():
            return [BarChart(block)]
        case Lines():
            return [LineChart(block)]
        case Donut():
            return [DonutChart(block)]
        case _:
            return flowables(block, TEXT_WIDTH, HEIGHT, BODY)
