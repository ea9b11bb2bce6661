"""The identity card readers in their processes: the simulated one, and a library with the maker's signatures."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from yichuang.devices import DeviceState
from yichuang.devices.id_card import IdCard, encode_record
from yichuang.hall.errors import UserError

from .conftest import until
from .test_id_card import FOREIGN_2023, PERMIT, RESIDENT


def events(device, name):
    seen = []
    device.on_event(lambda event: seen.append(event.data) if event.name == name else None)
    return seen


@pytest.mark.parametrize("card", [RESIDENT, PERMIT, FOREIGN_2023], ids=lambda card: card.card_type)
def test_a_card_laid_down_is_an_event_with_photo(manager, card):
    reader = manager.open("id_card_reader")
    seen = events(reader, "card")
    reader.ask("present", card=card.as_dict())
    (data,) = until(lambda: seen)
    read = IdCard.from_dict(data["card"])
    assert (read.name, read.number, read.birth) == (card.name, card.number, card.birth)
    assert read.photo.startswith(b"\x89PNG")
    assert read.photo_type == "png"


def test_a_card_is_read_once_until_it_is_lifted(manager):
    reader = manager.open("id_card_reader")
    seen = events(reader, "card")
    reader.ask("present", card=RESIDENT.as_dict())
    until(lambda: seen)
    assert reader.ask("read", wait=0.5) == {"card": None}
    assert len(seen) == 1
    reader.ask("lift")
    reader.ask("present", card=RESIDENT.as_dict())
    until(lambda: len(seen) == 2)


def test_reading_waits_for_a_card(manager):
    reader = manager.open("id_card_reader", {"cards": [RESIDENT.as_dict()], "every": 0.3})
    assert reader.ask("read", wait=10)["card"]["name"] == "乌云其木格"


def test_a_card_that_cannot_be_read_is_told(manager):
    reader = manager.open("id_card_reader")
    troubles = events(reader, "trouble")
    reader.ask("present", raw=b"\xff" * 256)
    (data,) = until(lambda: troubles)
    assert isinstance(data["error"], UserError)
    assert data["error"].code in {"DEVICE_CARD_UNREADABLE", "DEVICE_CARD_UNKNOWN"}
    assert data["error"].as_dict("zh_CN")["sentence"]
    assert reader.state is DeviceState.READY


def test_a_wrong_card_for_the_simulator_is_a_wrong_setting(manager):
    with pytest.raises(UserError) as caught:
        manager.open("id_card_reader").ask("present", card={"name": "x"})
    assert caught.value.code == "DEVICE_BAD_SETTINGS"


def built(folder, name):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("NO C COMPILER: the adapters for makers' libraries are not tested on this machine")
    path = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", path, source], check=True)
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return built(tmp_path_factory.mktemp("sdt"), "fake_sdtapi")


@pytest.fixture(scope="module")
def cvr_library(tmp_path_factory):
    return built(tmp_path_factory.mktemp("cvr"), "fake_cvr")


@pytest.fixture
def sdt(manager, library, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_SDT_CARD", str(tmp_path / "card"))

    def lay(raw, photo=b""):
        part = tmp_path / "part"
        part.write_bytes(raw + photo)
        part.rename(tmp_path / "card")

    return (
        manager.open("id_card_reader", {"adapter": "sdtapi", "library": str(library)}),
        lay,
        tmp_path / "card",
    )


def test_the_makers_library_is_driven_as_published(sdt):
    reader, lay, path = sdt
    seen = events(reader, "card")
    assert reader.wait_settled(20) is DeviceState.READY
    photo = bytes(range(256)) * 4
    lay(encode_record(RESIDENT), photo)
    (data,) = until(lambda: seen)
    card = IdCard.from_dict(data["card"])
    assert (card.name, card.address, card.photo, card.photo_type) == (
        RESIDENT.name,
        RESIDENT.address,
        photo,
        "wlt",
    )
    assert reader.ask("read", wait=0.7) == {"card": None}, "read again without being lifted"
    path.unlink()
    assert reader.ask("read", wait=0.7) == {"card": None}
    lay(encode_record(PERMIT))
    until(lambda: len(seen) == 2)
    assert seen[1]["card"]["photo_type"] == ""


def test_a_library_that_aborts_costs_one_restart(sdt):
    reader, lay, path = sdt
    reader.wait_settled(20)
    lay(b"x")
    until(lambda: reader.status().restarts >= 1)
    path.unlink()
    until(lambda: reader.state is DeviceState.READY)
    lay(encode_record(RESIDENT))
    assert reader.ask("read", wait=5)["card"]["number"] == RESIDENT.number


@pytest.mark.parametrize("settings", [{"library": "/no/such/lib.so"}, {"library": 5}, {}])
def test_a_missing_library_is_told_with_its_remedy(manager, settings):
    reader = manager.open("id_card_reader", {"adapter": "sdtapi", "retry_absent": 60, **settings})
    error = reader.request("read", wait=0).exception(timeout=20)
    assert error.code == (
        "DEVICE_LIBRARY" if settings.get("library") == "/no/such/lib.so" else "DEVICE_BAD_SETTINGS"
    )
    assert reader.state is DeviceState.ABSENT
    assert error.as_dict("zh_CN")["do"]


def test_a_reader_that_is_not_plugged_in(manager, library):
    reader = manager.open("id_card_reader", {"adapter": "sdtapi", "library": str(library), "port": 1001})
    assert reader.wait_settled(20) is DeviceState.ABSENT
    assert reader.reason.code == "DEVICE_ABSENT"


@pytest.fixture
def cvr(manager, cvr_library, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_CVR_CARD", str(tmp_path / "card"))
    monkeypatch.setenv("FAKE_CVR_PHOTO", str(tmp_path / "photo.bmp"))

    def lay(*lines):
        part = tmp_path / "part"
        part.write_bytes("\n".join(lines).encode("gb18030"))
        part.rename(tmp_path / "card")

    reader = manager.open("id_card_reader", {"adapter": "cvr", "library": str(cvr_library)})
    assert reader.wait_settled(20) is DeviceState.READY
    return reader, lay, tmp_path


def lines_of(card, *, kind=" ", group="", ends="长期", birth="{:%Y年%m月%d日}", begins="{:%Y.%m.%d}"):
    sex = {"male": "男", "female": "女"}[card.sex]
    ends = ends if card.valid_to is None else f"{card.valid_to:%Y.%m.%d}"
    return (
        card.name, sex, group, birth.format(card.birth), card.address, card.number, card.issuer,
        begins.format(card.valid_from), ends, kind, card.pass_number, card.issue_count,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "begins"),
    [("{:%Y年%m月%d日}", "{:%Y.%m.%d}"), ("{:%Y%m%d}", "{:%Y-%m-%d}")],
    ids=["printed", "digits"],
)
def test_a_library_that_decodes_the_card_itself_gives_the_same_card(cvr, birth, begins):
    reader, lay, folder = cvr
    Image.new("RGB", (102, 126), (9, 99, 200)).save(folder / "photo.bmp")
    lay(*lines_of(RESIDENT, group=RESIDENT.ethnic_group, birth=birth, begins=begins))
    card = IdCard.from_dict(reader.ask("read", wait=5)["card"])
    with Image.open(io.BytesIO(card.photo)) as photo:
        assert (photo.format, photo.size, photo.getpixel((3, 3))) == ("PNG", (102, 126), (9, 99, 200))
    assert replace(card, photo=b"", photo_type="") == replace(RESIDENT, photo=b"", photo_type="")
    assert reader.ask("read", wait=0.7) == {"card": None}, "read again without being lifted"
    (folder / "photo.bmp").write_bytes(b"no picture")
    (folder / "card").unlink()
    assert reader.ask("read", wait=0.7) == {"card": None}
    lay(*lines_of(PERMIT, kind="J"))
    card = IdCard.from_dict(reader.ask("read", wait=5)["card"])
    assert replace(card, photo=b"", photo_type="") == replace(PERMIT, photo=b"", photo_type="")
    assert card.photo_type == "", "a picture that cannot be read costs nothing else"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sex": "狗"}, "DEVICE_CARD_UNREADABLE"),
        ({"birth": "1990.2.30"}, "DEVICE_CARD_UNREADABLE"),
        ({"number": RESIDENT.number[:-1]}, "DEVICE_CARD_UNREADABLE"),
        ({"kind": "I"}, "DEVICE_CARD_UNKNOWN"),
    ],
    ids=["sex", "birth", "number", "kind"],
)
def test_what_the_library_cannot_have_read_is_told(cvr, changes, code):
    reader, lay, _folder = cvr
    troubles = events(reader, "trouble")
    lines = list(lines_of(RESIDENT))
    for name, value in changes.items():
        lines[{"sex": 1, "birth": 3, "number": 5, "kind": 9}[name]] = value
    lay(*lines)
    (data,) = until(lambda: troubles)
    assert data["error"].code == code
    assert reader.state is DeviceState.READY


def test_a_decoding_library_that_aborts_costs_one_restart(cvr):
    reader, lay, folder = cvr
    lay("abort")
    until(lambda: reader.status().restarts >= 1)
    (folder / "card").unlink()
    until(lambda: reader.state is DeviceState.READY)
    lay(*lines_of(RESIDENT))
    assert reader.ask("read", wait=5)["card"]["number"] == RESIDENT.number


def test_a_library_without_the_makers_functions_is_none(manager, library):
    reader = manager.open("id_card_reader", {"adapter": "cvr", "retry_absent": 60, "library": str(library)})
    error = reader.request("read", wait=0).exception(timeout=20)
    assert error.code == "DEVICE_LIBRARY"
