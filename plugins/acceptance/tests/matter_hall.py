"""A small theme over the hall of these tests: a step of another body, three items of two agencies, an optional one."""

from __future__ import annotations

from typing import Any

from yichuang.api import Actor, hall

from .conftest import APPROVER, CLERK, DECIDE, ISSUER, OTHER, OWN, citizen, hands

THEME = "YJS-02"
FOOD, SIGN, FIRE, TOBACCO = "item-food", "item-sign", "item-fire", "item-tobacco"
CHECKED = 1  # the licence is looked at by another body
FOOD_AT, SIGN_AT, FIRE_AT, TOBACCO_AT = 2, 3, 4, 5
FOREST = Actor(8, "forest", "外局审批员", OTHER, permissions=DECIDE)
AGENCIES = {FOOD: OWN, SIGN: OTHER, FIRE: OWN, TOBACCO: OTHER}
MATERIALS = {
    FOOD: (("M10", "食品经营许可申请书", "required", True, False), ("M11", "营业执照", "required", False, True),
           ("M12", "从业人员健康证", "tolerant", True, False)),
    SIGN: (("M20", "户外招牌申请表", "required", True, False), ("M11", "营业执照", "required", True, True),
           ("M22", "场所使用证明", "tolerant", True, False)),
    FIRE: (("M30", "消防安全检查申报表", "required", True, False), ("M31", "营业执照", "optional", False, True),
           ("M22", "场所使用证明", "required", False, False)),
    TOBACCO: (("M11", "营业执照", "required", False, True),),
}  # fmt: skip
NAMES = {
    FOOD: "食品经营许可（新办）", SIGN: "户外招牌设置备案", FIRE: "公众聚集场所投入使用营业前消防安全检查",
    TOBACCO: "烟草专卖零售许可证（新办）",
}  # fmt: skip
STEPS = [
    ("企业营业执照信息核验", "", False, []), (NAMES[FOOD], FOOD, False, ["企业营业执照信息核验"]),
    (NAMES[SIGN], SIGN, False, []), (NAMES[FIRE], FIRE, False, []), (NAMES[TOBACCO], TOBACCO, True, []),
]  # fmt: skip
FIELDS = ["店名", "地址", "面积", "座位数"]
ONCE = (
    "食品经营许可申请书",
    "营业执照",
    "从业人员健康证",
    "户外招牌申请表",
    "场所使用证明",
    "消防安全检查申报表",
)
"""The one list: nine asked for by three items, six papers."""


def fill_theme(suite: Any, *, promise: int | None = 10, steps: Any = None) -> None:
    """Items and theme; another theme of one behind the other, whose every step is an item here."""
    with suite.database.write() as writer:
        known: set[str] = set()
        for code, materials in MATERIALS.items():
            writer.insert(
                hall.item,
                code=code,
                basic_code=code[-12:],
                name=NAMES[code],
                type="01",
                agency=AGENCIES[code],
            )
            writer.insert(
                hall.item_version, item=code, version=1, kind="committed", promise_amount=5, promise_unit="W",
                legal_amount=10, legal_unit="W",
            )  # fmt: skip
            for n, (key, name, need, original, replaceable) in enumerate(materials, 1):
                if key not in known:
                    writer.insert(hall.material, code=key, name=name)
                    known.add(key)
                writer.insert(
                    hall.item_material, item=code, version=1, position=n, material=key, name=name, need=need,
                    original=original, replaceable=replaceable,
                )  # fmt: skip
        enter_theme(writer, THEME, "开办餐饮店", promise, STEPS if steps is None else steps)
        chain = [(NAMES[FOOD], FOOD, False, []), (NAMES[SIGN], SIGN, False, [NAMES[FOOD]]),
                 (NAMES[FIRE], FIRE, False, [NAMES[SIGN]])]  # fmt: skip
        enter_theme(writer, "YJS-91", "依次办理", None, chain)


def enter_theme(writer: Any, code: str, name: str, promise: int | None, steps: Any) -> None:
    body = {
        "mode": "parallel", "shared": ["营业执照"], "fields": FIELDS,
        "items": [{"name": n, "item": c, "optional": o, "after": a} for n, c, o, a in steps],
    }  # fmt: skip
    writer.insert(
        hall.theme,
        code=code,
        name=name,
        lead=OWN,
        promise_amount=promise,
        promise_unit="W" if promise else "",
        body=body,
    )


def matter(theme: str = THEME, papers: int = 6, **changes: Any) -> dict[str, Any]:
    """An application for the whole, with every paper."""
    person = {"name": "苏日娜", "code_kind": "111", "code": citizen(), "phone": "13804760000"}
    form = {"店名": "罕山饭馆", "地址": "天山镇罕山路1号", "面积": "80"}
    return {
        "theme": theme,
        "applicant": person,
        "materials": hands(*range(1, papers + 1)),
        "form": form,
        **changes,
    }


def taken(suite: Any, **changes: Any) -> Any:
    """A matter that was accepted at the window."""
    return suite.run(CLERK, "acceptance.accept_matter", matter(**changes))


def detail(suite: Any, of: Any, actor: Actor = CLERK) -> Any:
    """The whole as the window sees it."""
    return suite.query(actor, "acceptance.matter", {"matter_id": of.matter_id})


def part(suite: Any, of: Any, position: int) -> Any:
    """One item of it."""
    return next(p for p in detail(suite, of).parts if p.position == position)


def case_of(suite: Any, of: Any, position: int) -> Any:
    """The case of one item with all its parts."""
    return suite.query(CLERK, "acceptance.case", {"case_id": part(suite, of, position).case_id})


def states(suite: Any, of: Any) -> dict[int, str]:
    """States of the items by position."""
    return {p.position: p.state for p in detail(suite, of).parts}


def decide(suite: Any, of: Any, position: int, name: str = "grant", **more: Any) -> None:
    """Decide one item in its agency, and make its papers; without a seal plugin the result follows."""
    case_id = part(suite, of, position).case_id
    actor = (
        FOREST if suite.query(CLERK, "acceptance.case", {"case_id": case_id}).agency == OTHER else APPROVER
    )
    version = suite.query(actor, "acceptance.case", {"case_id": case_id}).row.row_version
    reason = {"opinion": "同意"} if name == "grant" else {"reason": "不符合条件"}
    suite.run(actor, f"acceptance.{name}", {"case_id": case_id, "row_version": version, **reason, **more})
    while suite.run(CLERK, "acceptance.render", {"case_id": case_id}):
        pass


def verified(suite: Any, of: Any, outcome: str = "granted") -> Any:
    """The other body has looked at the licence."""
    request = {
        "matter_id": of.matter_id,
        "position": CHECKED,
        "outcome": outcome,
        "note": "执照在业，信息一致",
    }
    return suite.run(CLERK, "acceptance.enter_outcome", request)


def pick_up(suite: Any, of: Any, **more: Any) -> Any:
    """Hand everything out together."""
    receiver = {"receiver": "苏日娜", "receiver_code": citizen()}
    return suite.run(ISSUER, "acceptance.deliver_matter", {"matter_id": of.matter_id, **receiver, **more})
