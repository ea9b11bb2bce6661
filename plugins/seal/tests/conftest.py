"""Fixtures of the seal plugin's tests: a paper, a root, a seal, and pdfsig as the independent judge."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from reportlab.pdfgen import canvas

from yichuang.api import Actor
from yichuang.api.ui import theme
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets
from yichuang.shell import testing
from yichuang_seal.rules import ca
from yichuang_seal.rules.picture import SPECIMEN, SealText, draw_seal
from yichuang_seal.ui.page import SealPage

from .hall import Clock, Hall

OWNER = "阿鲁科尔沁旗林业和草原局"
OWNER_CODE = "11150421MB0X00001A"
A4 = (595.276, 841.89)


@pytest.fixture(scope="session")
def moment() -> datetime:
    """A time at which the machine that runs pdfsig finds the certificates valid."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def root(moment: datetime) -> ca.Holder:
    return ca.new_authority("阿鲁科尔沁旗政务服务大厅", moment)


@pytest.fixture(scope="session")
def holder(root: ca.Holder, moment: datetime) -> ca.Holder:
    return ca.issue_certificate(
        root, owner_code=OWNER_CODE, owner=OWNER, seal="行政审批专用章", es_id="15042100000001", now=moment
    )


@pytest.fixture(scope="session")
def picture() -> bytes:
    return draw_seal(SealText(OWNER, "行政审批专用章", 42, SPECIMEN))


@pytest.fixture(scope="session")
def make_paper() -> Callable[..., bytes]:
    """A PDF of so many pages, each with a line at the lower right like a date."""

    def make(pages: int = 1, size: tuple[float, float] = A4, turned: bool = False) -> bytes:
        out = io.BytesIO()
        paper = canvas.Canvas(out, pagesize=size, invariant=True)
        for number in range(pages):
            paper.setFont("Times-Roman", 14)
            paper.drawString(72, size[1] - 100, f"Decision, page {number + 1}")
            paper.drawCentredString(420, 200, "2026-11-22")
            if turned:
                paper.setPageRotation(90)
            paper.showPage()
        paper.save()
        return out.getvalue()

    return make


@dataclass(frozen=True)
class Judgement:
    """What pdfsig said, signature by signature."""

    valid: list[bool]
    trusted: list[bool]
    total: list[bool]
    text: str


@pytest.fixture
def pdfsig(tmp_path: Path, root: ca.Holder) -> Callable[..., Judgement]:
    """Poppler's verifier, over NSS and so with no code in common with ours; it trusts the given root if certutil is there."""
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig (poppler-utils) is not installed: nothing independent can judge the signatures")

    def judge(pdf: bytes, trust: bytes = root.certificate) -> Judgement:
        store = tmp_path / "nss"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        if shutil.which("certutil"):
            (tmp_path / "root.der").write_bytes(trust)
            for step in (["-N", "--empty-password"], ["-A", "-n", "root", "-t", "C,C,C", "-i", "root.der"]):
                subprocess.run(["certutil", *step, "-d", "sql:nss"], cwd=tmp_path, check=True)
        (tmp_path / "paper.pdf").write_bytes(pdf)
        run = subprocess.run(
            ["pdfsig", "-nssdir", f"sql:{store}", "paper.pdf"], cwd=tmp_path, capture_output=True, check=False
        )
        text = run.stdout.decode(errors="replace")
        return Judgement(
            ["is Valid" in line for line in text.splitlines() if "Signature Validation" in line],
            ["is Trusted" in line for line in text.splitlines() if "Certificate Validation" in line],
            ["Total" in line for line in text.splitlines() if "otal document signed" in line],
            text,
        )

    return judge


@pytest.fixture(scope="session")
def can_trust() -> bool:
    """Whether pdfsig can be told to trust a root here."""
    return shutil.which("certutil") is not None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(open_suite: Callable[..., Suite], tmp_path: Path, clock: Clock) -> Hall:
    """A hall with the seal plugin and a sealed file as its secret store."""
    secrets = open_secrets(tmp_path / "secrets", passphrase="a test's own pass phrase", store="file")
    suite = open_suite(plugins=["seal"], clock=clock, secrets=secrets)
    plugin = suite.plugins.get("seal")
    assert plugin.state == "active", (plugin.reason, plugin.traceback)
    return Hall(suite, clock)


@pytest.fixture(scope="session")
def themed(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def open_page(hall: Hall, themed: QApplication) -> Iterator[Callable[..., SealPage]]:
    """Opens the seal page for a person, over the real suite and the shell's own services."""
    with ExitStack() as stack:

        def opened(actor: Actor, **args: object) -> SealPage:
            page, context = stack.enter_context(testing.open_page(hall.suite, actor, "seal.stamping"))
            toasts: list[tuple[str, str]] = []
            context.services.toast_asked.connect(lambda text, kind, _undo: toasts.append((kind, text)))
            context.services.failed.connect(lambda error: toasts.append((error.code, str(error))))
            page.toasts = toasts
            if args:
                context.shown.emit(args)
            return page

        yield opened
