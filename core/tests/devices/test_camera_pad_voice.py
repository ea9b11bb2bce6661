"""Document camera, signature pad and voice in their processes."""

from __future__ import annotations

import io
import shutil
import sys
import wave

import pytest
from PIL import Image

from yichuang.devices import DeviceState
from yichuang.devices.strokes import is_signature
from yichuang.hall.errors import UserError

from .conftest import until
from .test_helpers import png
from .test_paper import photograph, sheet


def picture(answer):
    image = Image.open(io.BytesIO(answer["image"]))
    assert image.size == (answer["width"], answer["height"])
    return image


def test_the_simulated_camera_takes_pages_that_differ(manager):
    camera = manager.open("document_camera")
    first, second = camera.ask("capture"), camera.ask("capture")
    assert first["media_type"] == "image/jpeg"
    assert picture(first).size == (1240, 1754)
    assert picture(first).mode == "RGB"
    assert first["image"] != second["image"]
    assert (
        picture(camera.ask("capture", colour=False, title="BUSINESS LICENCE", lines=["1", "2"])).mode == "L"
    )


def test_a_font_that_is_not_there_is_a_wrong_setting(manager):
    camera = manager.open("document_camera", {"font": "/no/font.ttf"})
    with pytest.raises(UserError) as caught:
        camera.ask("capture", title="营业执照")
    assert caught.value.code == "DEVICE_BAD_SETTINGS"


def test_a_watched_folder_gives_pages_and_removes_them(manager, tmp_path):
    camera = manager.open("document_camera", {"adapter": "folder", "folder": str(tmp_path / "scans")})
    seen = []
    camera.on_event(lambda event: seen.append(event.data["file"]) if event.name == "page" else None)
    camera.wait_settled(20)
    scans = tmp_path / "scans"
    (scans / "说明.txt").write_text("not a page")
    (scans / "第1页.png").write_bytes(png(100, 50))
    assert until(lambda: seen) == ["第1页.png"]
    answer = camera.ask("capture")
    assert answer["file"] == "第1页.png"
    assert picture(answer).size == (100, 50)
    assert not (scans / "第1页.png").exists()
    assert camera.ask("capture") == {"image": None}


def test_a_photograph_is_cut_to_its_sheet_and_whitened_where_that_is_asked(manager, tmp_path):
    camera = manager.open("document_camera", {"adapter": "folder", "folder": str(tmp_path), "keep": True})
    camera.wait_settled(20)
    photograph(sheet(), 6).save(tmp_path / "a.png")
    photograph(sheet(), 6).save(tmp_path / "b.png")
    whole = picture(camera.ask("capture", file="a.png", wait=10))
    assert whole.size == (1280, 1200)
    cut = picture(camera.ask("capture", crop=True, white=True, file="b.png", wait=10))
    assert cut.height > 850 > 640 > cut.width
    assert min(cut.getpixel((300, 90))) > 245, "the sheet was cream"


def test_a_page_that_is_still_being_written_is_not_taken(manager, tmp_path):
    camera = manager.open("document_camera", {"adapter": "folder", "folder": str(tmp_path)})
    camera.wait_settled(20)
    data = png(200, 200, [(0, 0, 100, 100)])
    with (tmp_path / "page.png").open("wb", buffering=0) as file:
        file.write(data[:40])
        assert camera.ask("capture", wait=0.3) == {"image": None}
        file.write(data[40:])
    assert camera.ask("capture", wait=10)["file"] == "page.png"


def test_pages_can_be_kept_and_are_taken_once(manager, tmp_path):
    (tmp_path / "old.png").write_bytes(png(10, 10))
    camera = manager.open("document_camera", {"adapter": "folder", "folder": str(tmp_path), "keep": True})
    camera.wait_settled(20)
    (tmp_path / "new.jpg").write_bytes(png(20, 10))
    assert camera.ask("capture", file="new.jpg", wait=10)["width"] == 20
    assert camera.ask("capture", file="new.jpg") == {"image": None}
    assert (tmp_path / "new.jpg").exists()


@pytest.mark.parametrize("data", [b"no image at all", png(50, 50)[:60]])
def test_a_broken_page_is_told_once_and_left_alone(manager, tmp_path, data):
    camera = manager.open("document_camera", {"adapter": "folder", "folder": str(tmp_path)})
    (tmp_path / "bad.png").write_bytes(data)
    with pytest.raises(UserError) as caught:
        camera.ask("capture", wait=10)
    assert caught.value.code == "DEVICE_PAGE"
    assert "bad.png" in caught.value.as_dict("zh_CN")["sentence"]
    assert camera.ask("capture", wait=0.7) == {"image": None}
    assert (tmp_path / "bad.png").exists()


def test_a_folder_that_goes_away_and_comes_back(manager, tmp_path):
    folder = tmp_path / "stick"
    camera = manager.open(
        "document_camera", {"adapter": "folder", "folder": str(folder), "retry_absent": 0.1}
    )
    camera.wait_settled(20)
    folder.rmdir()
    until(lambda: folder.exists() and camera.state is DeviceState.READY)


def test_the_simulated_pad_signs_the_same_for_one_seed(manager):
    pad = manager.open("signature_pad", {"seed": 7})
    first, again, other = pad.ask("sign"), pad.ask("sign"), pad.ask("sign", seed=8)
    assert first == again
    assert first["strokes"] != other["strokes"]
    assert is_signature(first["strokes"], first["width"], first["height"])
    assert picture(first).mode in {"LA", "RGBA"}
    moments = [point[2] for stroke in first["strokes"] for point in stroke]
    assert moments == sorted(moments)
    assert all(0 <= point[3] <= 1 for stroke in first["strokes"] for point in stroke)


def test_nobody_signs(manager):
    pad = manager.open("signature_pad", {"refuses": True})
    answer = pad.ask("sign", wait=0.2)
    assert (answer["strokes"], answer["image"]) == ([], None)


def test_the_simulated_voice_writes_what_it_would_say(manager, tmp_path):
    voice = manager.open("voice", {"folder": str(tmp_path)})
    voice.ask("say", text="请 A012 号到 3 号窗口办理")
    voice.ask("say", text="请 B007 号到 12 号窗口办理")
    assert (tmp_path / "spoken.txt").read_text("utf-8").splitlines() == [
        "请 A零一二 号到 三 号窗口办理",
        "请 B零零七 号到 十二 号窗口办理",
    ]
    assert length(voice.ask("render", text="请稍候")) > 0.5


@pytest.mark.parametrize("text", ["", "   ", "好" * 501, "a\0b"])
def test_what_cannot_be_said_is_refused(manager, text):
    with pytest.raises(UserError) as caught:
        manager.open("voice").ask("say", text=text)
    assert caught.value.code == "DEVICE_BAD_COMMAND"


def length(answer):
    with wave.open(io.BytesIO(answer["wav"])) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        assert sound.getnchannels() == 1
        assert sound.getnframes() * 2 == len(sound.readframes(10**9))
    assert abs(seconds - answer["seconds"]) < 0.01
    return seconds


def loudness(answer):
    with wave.open(io.BytesIO(answer["wav"])) as sound:
        samples = memoryview(sound.readframes(10**9)).cast("h")
    return max(abs(sample) for sample in samples)


@pytest.fixture(params=["program", "library"])
def espeak(request, manager, monkeypatch, tmp_path):
    if request.param == "program":
        if shutil.which("espeak-ng") is None:
            pytest.skip("NO espeak-ng PROGRAM: the voice of the desk is not tested on this machine")
    else:
        pytest.importorskip("espeakng_loader", reason="NO espeakng-loader: the packaged voice is not tested")
        monkeypatch.setenv("PATH", str(tmp_path))  # so that the program is not found
    return manager.open("voice", {"adapter": "espeak"})


def test_espeak_speaks_chinese(espeak):
    short = espeak.ask("render", text="请A012号")
    whole = espeak.ask("render", text="请A012号到3号窗口办理")
    assert 0.5 < length(short) < length(whole) < 15
    assert loudness(whole) > 3000
    assert length(espeak.ask("render", text="请A012号")) == pytest.approx(length(short), abs=0.05)


def test_espeak_plays_through_a_program(manager, tmp_path):
    if shutil.which("espeak-ng") is None:
        pytest.skip("NO espeak-ng PROGRAM: the voice of the desk is not tested on this machine")
    player = tmp_path / "player"
    player.write_text(
        f"#!{sys.executable}\nimport shutil, sys\nshutil.copy(sys.argv[1], {str(tmp_path / 'said.wav')!r})\n"
    )
    player.chmod(0o755)
    voice = manager.open("voice", {"adapter": "espeak", "player": str(player)})
    answer = voice.ask("say", text="请到窗口")
    assert answer["spoken"] == "请到窗口"
    with wave.open(str(tmp_path / "said.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(answer["seconds"], abs=0.01)


@pytest.mark.parametrize("player", ["/no/such/player", "false"])
def test_a_player_that_fails_is_told(manager, player):
    if shutil.which("espeak-ng") is None:
        pytest.skip("NO espeak-ng PROGRAM: the voice of the desk is not tested on this machine")
    voice = manager.open("voice", {"adapter": "espeak", "player": player})
    with pytest.raises(UserError) as caught:
        voice.ask("say", text="请到窗口")
    assert caught.value.code == "DEVICE_ABSENT"


def test_a_chime_goes_before_and_the_volume_is_kept(espeak):
    from yichuang.devices.sounds import CHIME_SECONDS

    plain = espeak.ask("render", text="请A012号")
    rung = espeak.ask("render", text="请A012号", chime=True)
    soft = espeak.ask("render", text="请A012号", volume=40)
    assert length(rung) == pytest.approx(length(plain) + CHIME_SECONDS, abs=0.02)
    assert length(soft) == pytest.approx(length(plain), abs=0.02)
    assert loudness(soft) == pytest.approx(loudness(plain) * 0.4, rel=0.02)
    assert loudness(rung) > 3000


@pytest.mark.parametrize("volume", [-1, 101, "loud"])
def test_a_volume_that_is_none_is_refused(manager, volume):
    with pytest.raises(UserError) as caught:
        manager.open("voice").ask("say", text="请稍候", volume=volume)
    assert caught.value.code == "DEVICE_BAD_COMMAND"
