"""The printable report of the simulated day: figures, charts, tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from yichuang.demo.model_hall import HALL_NAME
from yichuang.demo.people import TODAY

if TYPE_CHECKING:
    from yichuang.demo.day import Day

STATES = {
    "received": "已收件", "correcting": "待补正", "not_accepted": "不予受理", "review": "审查中", "granted": "准予",
    "refused": "不予许可", "ready": "待领取", "delivered": "已送达", "withdrawn": "已撤回",
}  # fmt: skip


def day_report(day: Day, summary: dict[str, Any], cases: list[Any], facts: dict[str, Any]) -> bytes:
    """The day as PDF."""
    from yichuang.documents import Bars, Donut, Figures, Report, Section, Table, render_report

    agencies = Counter(row.agency_name for row in cases).most_common(10)
    items = Counter(row.item_name for row in cases).most_common(10)
    checks = (
        ("重复呼叫的号票", summary["double_calls"]), ("重复的号码", summary["numbers_twice"]),
        ("受理人自行审批", facts["own_decisions"]), ("未通过核验的签名", len(summary["signatures_rejected"])),
        ("未完成的文书", summary["papers_waiting"]), ("日志校验", "一致" if summary["journal_intact"] else "不一致"),
    )  # fmt: skip
    half_hours = facts["half_hours"]
    sections = (
        Section("今日概况", (
            Figures((("接待", str(summary["people"]), "人"), ("取号", str(summary["tickets"]), "张"),
                     ("收件", str(summary["cases"]), "件"), ("超期", str(summary["late_cases"]), "件"))),
            Figures((("用印", str(summary["papers_sealed"]), "份"), ("签名核验通过", str(summary["signatures_verified"]), "份"),
                     ("签发证照", str(summary["licences_issued"]), "张"), ("免提交", str(summary["licences_used"]), "项"))),
        )),
        Section("取号", (Bars("每半小时取号", tuple(half_hours), tuple(float(n) for n in half_hours.values()), "张"),)),
        Section("办件", (
            Donut("办件状态", tuple((STATES.get(s, s), float(n)) for s, n in summary["cases_by_state"].items())),
            Table(("实施机关", "办件"), tuple((name, str(n)) for name, n in agencies), (130, 30), ("left", "right")),
            Table(("事项", "办件"), tuple((name, str(n)) for name, n in items), (130, 30), ("left", "right")),
        )),
        Section("核对", (Table(("项目", "结果"), tuple((k, str(v)) for k, v in checks), (130, 30), ("left", "right")),)),
    )  # fmt: skip
    report = Report(
        title="政务服务大厅日报", organ=HALL_NAME, date=TODAY, sections=sections,
        subtitle=f"模拟日 {day.plan.people} 人 种子 {day.plan.seed}",
    )  # fmt: skip
    return render_report(report)
