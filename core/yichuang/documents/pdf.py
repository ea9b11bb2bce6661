"""A paper laid out: bilingual head, title, number, text, closing; one run of pages for each copy."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, KeepTogether, PageBreak
from reportlab.platypus import Spacer as Gap

from yichuang.documents.closing import NOTE, Closing
from yichuang.documents.faces import DRAWING
from yichuang.documents.flow import BODY, Style, Text, flowables, mm
from yichuang.documents.model import Paper
from yichuang.documents.pages import (
    TEXT_HEIGHT,
    TEXT_WIDTH,
    NextCopy,
    Properties,
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
TITLE = Style(size=24, leading=40, align="center", bold=True, before=4)
NUMBER = Style(size=12, leading=20, align="right", after=8)
DRAFT = "预览稿　未生效"


def render(paper: Paper, draft: bool, reprint: int) -> bytes:
    """The paper as a PDF file; see `yichuang.documents.render`."""
    with DRAWING:
        return _render(paper, draft, reprint)


def _render(paper: Paper, draft: bool, reprint: int) -> bytes:
    story: list[Flowable] = []
    for index in range(max(len(paper.copies), 1)):
        if index:
            story.append(PageBreak())
        story += [NextCopy(index), *_head(paper), *_body(paper, Closing(paper, draft))]
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
            watermark(canvas, DRAFT)

    subject = " ".join(filter(None, [paper.kind, paper.number, paper.case_no]))
    return build(
        story, finish, Properties(paper.title, paper.organ or paper.office.agency, subject, paper.date)
    )


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


def _body(paper: Paper, closing: Closing) -> list[Flowable]:
    base = replace(BODY, size=paper.text_size, leading=paper.text_size * 1.8)
    blocks: list[Flowable] = []
    if paper.addressee:
        blocks.append(Text(f"{paper.addressee}：", replace(base, indent=0, align="left")))
    for block in paper.body:
        blocks += flowables(block, TEXT_WIDTH, TEXT_HEIGHT, base)
    if blocks and isinstance(blocks[-1], Text):  # never a page with nothing but a seal on it
        return [*blocks[:-1], KeepTogether([blocks[-1], closing])]
    return [*blocks, closing]
