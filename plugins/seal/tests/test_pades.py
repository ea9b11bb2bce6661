"""Sealed PDFs: two independent verifiers accept them, and reject them when a byte was changed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from yichuang.api import UserError
from yichuang_seal.rules import ca
from yichuang_seal.rules.pades import Sealer
from yichuang_seal.rules.paper import open_paper, open_pdf, page_sizes
from yichuang_seal.rules.placement import DateLine, PageSize, Place, over_date
from yichuang_seal.rules.verify import Verdict, verify_pdf

from .conftest import OWNER, OWNER_CODE, Judgement

PLACE = over_date(DateLine(0, 148.2, 224.0), 42, PageSize(210, 297))


@pytest.fixture(scope="module")
def sealer(holder: ca.Holder, picture: bytes) -> Sealer:
    return Sealer(key=holder.key, certificate=holder.certificate, picture=picture, diameter=42)


@pytest.fixture(scope="module")
def paper(make_paper: Callable[..., bytes]) -> bytes:
    return make_paper(2)


@pytest.fixture(scope="module")
def sealed(sealer: Sealer, paper: bytes, moment: datetime) -> bytes:
    return sealer.stamp(open_paper(paper), PLACE, reason="准予行政许可", moment=moment)


def test_the_paper_itself_is_kept(paper: bytes, sealed: bytes):
    assert sealed.startswith(paper), "an incremental update"
    assert len(sealed) - len(paper) < 70_000


def test_our_verdict(sealed: bytes, root: ca.Holder, moment: datetime):
    report = verify_pdf(sealed, root.certificate, moment)
    assert report.verdict == Verdict.VALID
    (finding,) = report.findings
    assert (finding.signer, finding.owner_code) == (OWNER_CODE + OWNER, OWNER_CODE)
    assert finding.es_id == "15042100000001"
    assert finding.signed_at == moment
    assert finding.reason == "准予行政许可"
    assert finding.intact
    assert finding.trusted
    assert finding.whole


def test_pdfsig_accepts(sealed: bytes, pdfsig: Callable[..., Judgement], can_trust: bool):
    judgement = pdfsig(sealed)
    assert judgement.valid == [True], judgement.text
    assert judgement.total == [True]
    assert "ETSI.CAdES.detached" in judgement.text
    if can_trust:
        assert judgement.trusted == [True], judgement.text


def test_openssl_accepts_the_chain(tmp_path: Path, root: ca.Holder, holder: ca.Holder):
    (tmp_path / "root.der").write_bytes(root.certificate)
    (tmp_path / "seal.der").write_bytes(holder.certificate)
    for name in ("root", "seal"):
        subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-in", f"{name}.der", "-out", f"{name}.pem"],
            cwd=tmp_path,
            check=True,
        )
    run = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "seal.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()


def judged(pdf: bytes, root: ca.Holder, moment: datetime) -> str:
    """Our verdict; BAD_PDF where the changed byte held the file together."""
    try:
        return verify_pdf(pdf, root.certificate, moment).verdict.value
    except UserError as error:
        return error.code


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.9, 0.98])
def test_one_changed_byte_of_the_paper(
    share: float,
    paper: bytes,
    sealed: bytes,
    root: ca.Holder,
    moment: datetime,
    pdfsig: Callable[..., Judgement],
):
    changed = bytearray(sealed)
    changed[int(len(paper) * share)] ^= 0x01
    assert judged(bytes(changed), root, moment) in ("changed", "unreadable", "BAD_PDF")
    judgement = pdfsig(bytes(changed))
    assert judgement.valid != [True], judgement.text


def test_a_text_added_after_sealing(
    sealed: bytes, make_paper: Callable[..., bytes], root: ca.Holder, moment: datetime
):
    from io import BytesIO

    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 100 100 re f")))
    out = BytesIO()
    writer.write(out)
    report = verify_pdf(out.getvalue(), root.certificate, moment)
    assert report.verdict == Verdict.CHANGED
    assert report.findings[0].intact, "the sealed part itself is whole"


def test_a_second_seal_does_not_spoil_the_first(
    sealer: Sealer, sealed: bytes, root: ca.Holder, moment: datetime, pdfsig: Callable[..., Judgement]
):
    twice = sealer.stamp(open_paper(sealed), Place(1, 20, 200, 42), reason="会签", moment=moment)
    report = verify_pdf(twice, root.certificate, moment)
    assert report.verdict == Verdict.VALID
    assert [f.whole for f in report.findings] == [False, True]
    assert pdfsig(twice).valid == [True, True]


def test_a_foreign_root_is_not_trusted(
    sealed: bytes, moment: datetime, pdfsig: Callable[..., Judgement], can_trust: bool
):
    other = ca.new_authority("别处政务服务大厅", moment)
    report = verify_pdf(sealed, other.certificate, moment)
    assert report.verdict == Verdict.UNTRUSTED
    assert report.findings[0].intact
    if can_trust:
        judgement = pdfsig(sealed, trust=other.certificate)
        assert (judgement.valid, judgement.trusted) == ([True], [False])


def test_stamped_after_the_certificate_ended(
    sealer: Sealer, paper: bytes, holder: ca.Holder, root: ca.Holder, moment: datetime
):
    end = ca.read_certificate(holder.certificate).valid_until
    late = sealer.stamp(open_paper(paper), PLACE, reason="", moment=end + timedelta(days=1))
    assert verify_pdf(late, root.certificate, moment).verdict == Verdict.UNTRUSTED


def test_judged_after_the_certificate_ended(sealed: bytes, holder: ca.Holder, root: ca.Holder):
    end = ca.read_certificate(holder.certificate).valid_until
    assert verify_pdf(sealed, root.certificate, end + timedelta(days=400)).verdict == Verdict.VALID


def test_text_stays_visible_through_the_seal(
    sealer: Sealer, make_paper: Callable[..., bytes], moment: datetime, tmp_path: Path
):
    """Multiplied ink: black under red stays black, white becomes red, paper outside stays white."""
    sealed = sealer.stamp(
        open_paper(make_paper()), replace(PLACE, x=127.2, y=205.0), reason="", moment=moment
    )
    (tmp_path / "s.pdf").write_bytes(sealed)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "s.pdf", "s"], cwd=tmp_path, check=True)
    with Image.open(tmp_path / "s.png") as image:
        page = image.convert("RGB")
    unit = 150 / 25.4
    seal = page.crop((round(127.2 * unit), round(205.0 * unit), round(169.2 * unit), round(247.0 * unit)))
    colours = seal.getcolors(1 << 20) or []
    red = sum(n for n, (r, g, b) in colours if r > 170 and g < 70 and b < 70)
    black = sum(n for n, (r, g, b) in colours if max(r, g, b) < 40)
    assert 0.1 < red / (seal.width * seal.height) < 0.45
    assert black > 30, "the date shows through"
    assert page.getpixel((round(120 * unit), round(226 * unit))) == (255, 255, 255)


def test_the_seal_lies_where_it_was_put(sealed: bytes):
    annotation = open_pdf(sealed).root["/Pages"]["/Kids"][0]["/Annots"][0]
    left, bottom, right, top = (float(v) / 72 * 25.4 for v in annotation["/Rect"])
    assert (left, 297 - top) == (pytest.approx(PLACE.x, abs=0.02), pytest.approx(PLACE.y, abs=0.02))
    assert right - left == pytest.approx(42, abs=0.02)
    assert top - bottom == pytest.approx(42, abs=0.02)


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"", "BAD_PDF"),
        (b"%PDF-1.7\nnothing", "BAD_PDF"),
        (b"\x00" * 5000, "BAD_PDF"),
        (b"PK\x03\x04", "BAD_PDF"),
    ],
)
def test_what_is_no_pdf(sealer: Sealer, pdf: bytes, code: str, root: ca.Holder, moment: datetime):
    with pytest.raises(UserError) as caught:
        sealer.stamp(open_paper(pdf), PLACE, reason="", moment=moment)
    assert caught.value.code == code
    with pytest.raises(UserError) as caught:
        verify_pdf(pdf, root.certificate, moment)
    assert caught.value.code == code


def test_a_turned_page_is_refused(sealer: Sealer, make_paper: Callable[..., bytes], moment: datetime):
    with pytest.raises(UserError) as caught:
        sealer.stamp(open_paper(make_paper(turned=True)), PLACE, reason="", moment=moment)
    assert caught.value.code == "PAGE_TURNED"


def test_a_place_off_the_page_is_refused(sealer: Sealer, paper: bytes, moment: datetime):
    with pytest.raises(UserError) as caught:
        sealer.stamp(open_paper(paper), Place(2, 10, 10, 42), reason="", moment=moment)
    assert caught.value.code == "SEAL_OFF_PAGE"


def test_page_sizes(make_paper: Callable[..., bytes]):
    sizes = page_sizes(open_pdf(make_paper(3, size=(842, 595))))
    assert len(sizes) == 3
    assert (sizes[0].width, sizes[0].height) == (
        pytest.approx(297.04, abs=0.01),
        pytest.approx(209.9, abs=0.01),
    )


def test_no_signature_is_said(paper: bytes, root: ca.Holder, moment: datetime):
    report = verify_pdf(paper, root.certificate, moment)
    assert (report.verdict, report.findings) == (Verdict.UNSEALED, ())


def test_certificate_facts(holder: ca.Holder, root: ca.Holder, moment: datetime):
    facts = ca.read_certificate(holder.certificate)
    assert facts.common_name == OWNER_CODE + OWNER
    assert facts.valid_from == moment
    assert facts.valid_until == moment + timedelta(days=3 * 365)
    assert ca.read_certificate(root.certificate).es_id == ""
    assert "key" not in repr(holder)
    short = ca.issue_certificate(
        root,
        owner_code=OWNER_CODE,
        owner=OWNER,
        seal="单位公章",
        es_id="15042100000002",
        now=moment + timedelta(days=9 * 365),
    )
    assert (
        ca.read_certificate(short.certificate).valid_until
        == ca.read_certificate(root.certificate).valid_until
    )
