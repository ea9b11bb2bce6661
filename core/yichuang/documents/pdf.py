"""A paper laid out: bilingual head, title, number, text, closing; one run of pages for each copy."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak
from reportlab.platypus import Spacer as Gap

from yichuang.documents.closing import NOTE, Closing
from yichuang.documents.faces import DRAWING
from yichuang.documents.flow import BODY, Rows, Style, Text, flowables, least, mm, saved
from yichuang.documents.model import Paper
from yichuang.documents.pages import (
    SHEETS,
    NextCopy,
    Properties,
    Sheet,
    SheetCanvas,
    build,
    page_number,
    paper_foot,
    reprint_mark,
    running_head,
    watermark,
)

AGENCY_MN = Style(size=16, leading=24, align="center")
AGENCY = Style(size=18, leading=28, align="center", spread=0.06)
TITLE_MN = Style(size=14, leading=20, align="center", before=4)
TITLE = Style(size=24, leading=36, align="center", bold=True, before=4)
NUMBER = Style(size=12, leading=20, align="right", after=6)
LEADINGS = (1.8, 1.7, 1.6, 1.5)
"""Line spacings of running text, tried in turn."""
TALL = 1e6
DRAFT = "预览稿　未生效"


def render(paper: Paper, draft: bool, reprint: int) -> bytes:
    """The paper as a PDF file; see `yichuang.documents.render`."""
    with DRAWING:
        return _render(paper, draft, reprint)


def _render(paper: Paper, draft: bool, reprint: int) -> bytes:
    sheet = SHEETS[paper.page]
    leading, parts = _fitted(paper, draft, sheet)
    story: list[Flowable] = []
    for index in range(max(len(paper.copies), 1)):
        if index:
            story.append(PageBreak())
            parts = _parts(paper, draft, leading, sheet)
        story += [NextCopy(index), *_kept_with_text(parts, sheet)]
        if paper.note:
            story.append(Text(paper.note, NOTE))

    def finish(canvas: SheetCanvas, copy: int, number: int, total: int) -> None:
        running_head(
            canvas, paper.office.hall, paper.office.hall_mn, paper.copies[copy] if paper.copies else ""
        )
        if reprint:
            reprint_mark(canvas, reprint)
        paper_foot(canvas, paper)
        page_number(canvas, number, total)
        if draft:
            watermark(canvas, DRAFT, sheet.width, sheet.height)

    subject = " ".join(filter(None, [paper.kind, paper.number, paper.case_no]))
    properties = Properties(paper.title, paper.organ or paper.office.agency, subject, paper.date)
    return build(story, finish, properties, page=paper.page)


def _fitted(paper: Paper, draft: bool, sheet: Sheet) -> tuple[float, list[Flowable]]:
    """The widest line spacing at which the paper and its seal stay on one page (GB/T 9704-2012, 7.3.5.5), or the usual.

    Lines break alike at every spacing, so what a narrower one saves is known without setting the paper again.
    """
    usual = _parts(paper, draft, LEADINGS[0], sheet)
    over = _height(paper, usual, sheet) - sheet.text_height
    if over > 0:
        before, *narrower = (
            replace(BODY, size=paper.text_size, leading=paper.text_size * ratio) for ratio in LEADINGS
        )
        for leading, after in zip(LEADINGS[1:], narrower, strict=True):
            if sum(saved(part, sheet.text_width, before, after) for part in usual) >= over:
                return leading, _parts(paper, draft, leading, sheet)
    return LEADINGS[0], usual


def _kept_with_text(parts: list[Flowable], sheet: Sheet) -> list[Flowable]:
    """The closing moves to the next page only with the last lines of the text: never a page with just a seal on it."""
    *upper, last, closing = parts
    if not isinstance(last, Text):
        return parts
    width = sheet.text_width
    last.wrap(width, TALL)
    keep = min(len(last.lines(width)), 2)
    *before, end = last.split(width, last.height - keep * last.style.leading) or [last]
    return [*upper, *before, KeepTogether([end, closing])]


def _height(paper: Paper, parts: list[Flowable], sheet: Sheet) -> float:
    note = Text(paper.note, NOTE)
    height = note.wrap(sheet.text_width, TALL)[1] + NOTE.before if paper.note else 0.0
    for part in parts:
        height += part.wrap(sheet.text_width, TALL)[1] + part.getSpaceBefore() + part.getSpaceAfter()
    return float(height)


def _head(paper: Paper) -> list[Flowable]:
    """Agency and title, Mongolian over Chinese (内政办发〔1996〕32号), then the number."""
    lines: list[Flowable] = []
    if paper.office.agency_mn:
        lines.append(Text(paper.office.agency_mn, AGENCY_MN))
    lines.append(Text(paper.office.agency, AGENCY))
    if paper.title_mn:
        lines.append(Text(paper.title_mn, TITLE_MN))
    letters = len(paper.title)
    lines.append(
        Text(paper.title, replace(TITLE, spread=0.3 if letters <= 6 else 0.12 if letters <= 12 else 0))
    )
    lines.append(Text(paper.number, NUMBER) if paper.number else Gap(0, 3 * mm))
    return lines


def _parts(paper: Paper, draft: bool, leading: float, sheet: Sheet) -> list[Flowable]:
    """Everything on one copy, the closing last."""
    width, height = sheet.text_width, sheet.text_height
    base = replace(BODY, size=paper.text_size, leading=paper.text_size * leading)
    parts = _head(paper)
    if paper.addressee:
        parts.append(Text(f"{paper.addressee}：", replace(base, indent=0, align="left")))
    for block in paper.body:
        made = flowables(block, width, height, base)
        if isinstance(parts[-2], CondPageBreak) and isinstance(
            made[0], Rows
        ):  # a heading goes with its table
            over = parts[-1].wrap(width, height)[1] + parts[-1].getSpaceBefore() + made[0].getSpaceBefore()
            parts[-2].height = max(parts[-2].height, over + least(made[0], width, height))
        parts += made
    return [*parts, Closing(paper, draft, sheet.scale)]
