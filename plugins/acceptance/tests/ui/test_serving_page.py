"""The dialog that hands out asks for what the chosen way of serving needs, and for nothing else."""

from __future__ import annotations

from ..conftest import ISSUER, accepted  # noqa: TID252 - tests are no installed package
from ..life import grant  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_delivery_proof import handing_out, kept


def visible(dialog):
    keys = (
        "receiver_code",
        "relation",
        "reason",
        "why",
        "mail_no",
        "address",
        "witness",
        "published_on",
        "place",
        "consented",
    )
    return {key for key in keys if not dialog.form.field(key).isHidden()}


def test_each_way_asks_for_its_own(hall, wait):
    case = accepted(hall)
    grant(hall, case)
    with open_desk(hall, ISSUER, "acceptance.issuing") as desk:
        dialog = handing_out(desk, wait, case)
        assert visible(dialog) == {"receiver_code", "relation"}
        for way, asked in (
            ("mail", {"mail_no", "address"}), ("entrusted", {"place", "witness"}), ("electronic", {"place", "consented"}),
            ("notice", {"place", "published_on", "why"}), ("left", {"place", "witness", "why"}),
        ):  # fmt: skip
            dialog.form.set_values({"mode": way})
            dialog._show_fields()
            assert visible(dialog) == asked, way
            assert dialog.proof.isHidden()
        dialog.form.set_values({"receiver": "苏日娜", "place": "天山镇", "why": "拒收"})
        dialog.accept()
        wait(lambda: "见证人" in dialog._error.text())
        dialog.form.set_values({"witness": "巴图"})
        dialog.accept()
        wait(lambda: kept(hall, case) is not None)
    row = kept(hall, case)
    assert (row.mode, row.address, row.witness, row.reason) == ("left", "天山镇", "巴图", "拒收")
