"""Voices: espeak-ng in its own process, and a simulated one that writes down what it would say.

This is the seam only: rendering text to sound, and saying it at once. Chimes, recorded announcers and zones stand over it.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import shutil
import subprocess
import time
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.sounds import CHIME_SECONDS, LOUDEST, with_chime
from yichuang.devices.speech import pinyin, spell

Renderer: TypeAlias = Callable[[str, int, int], bytes]
"""Syllables, words a minute and pitch (0 to 99) to a WAV file."""

WAV_HEADER = 44
VOICE = "cmn-latn-pinyin"
LONGEST_TEXT = 500
RENDER_WITHIN = 10.0
SECONDS_PER_CHARACTER = 0.28


def _check_text(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_TEXT or "\0" in text:
        raise TroubleError("DEVICE_BAD_COMMAND", command="text")
    return text


def _check_volume(volume: object) -> int:
    if not isinstance(volume, int) or not 0 <= volume <= LOUDEST:
        raise TroubleError("DEVICE_BAD_COMMAND", command="volume")
    return volume


class SimulatedVoice(Adapter):
    """Settings: folder, for spoken.txt; without it nothing is written. real_time: take as long as speaking would."""

    @command
    def say(self, text: str, volume: int = LOUDEST, chime: bool = False) -> Mapping[str, object]:
        """Write down what would be said, with numbers as they are read."""
        spoken = spell(_check_text(text))
        _check_volume(volume)
        seconds = round(len(spoken) * SECONDS_PER_CHARACTER + CHIME_SECONDS * chime, 2)
        if "folder" in self.settings:
            with (self.folder() / "spoken.txt").open("a", encoding="utf-8") as file:
                file.write(f"{spoken}\n")
        if self.setting("real_time", bool, False):
            time.sleep(seconds)
        return {"seconds": seconds, "spoken": spoken}

    @command
    def render(self, text: str) -> Mapping[str, object]:
        """Silence, as long as the speech would be."""
        seconds = round(len(spell(_check_text(text))) * SECONDS_PER_CHARACTER, 2)
        return {"wav": _wav(bytes(2 * int(22050 * seconds)), 22050), "seconds": seconds}


class EspeakVoice(Adapter):
    """The desk's espeak-ng, or the one of the package espeakng-loader. Settings: rate (words a minute), pitch, player.

    player: program that plays a WAV file given as its last argument; by default the first there is of paplay, pw-play
    and aplay.
    """

    def open(self) -> None:
        """Find a voice."""
        self._render = _program_renderer() or _library_renderer()
        if self._render is None:
            raise TroubleError("DEVICE_ABSENT", program="espeak-ng")

    @command
    def render(self, text: str, volume: int = LOUDEST, chime: bool = False) -> Mapping[str, object]:
        """{"wav": a mono WAV file, "seconds": its length}."""
        assert self._render
        data = self._render(
            pinyin(_check_text(text)), self.setting("rate", int, 150), self.setting("pitch", int, 50)
        )
        data = with_chime(data, volume=_check_volume(volume), chime=chime)
        return {"wav": data, "seconds": wav_seconds(data)}

    @command
    def say(self, text: str, volume: int = LOUDEST, chime: bool = False) -> Mapping[str, object]:
        """Say it aloud and return when it was said."""
        rendered = self.render(text, volume, chime)
        player = self.setting("player", str, "") or next(
            filter(shutil.which, ("paplay", "pw-play", "aplay")), ""
        )
        data, seconds = rendered["wav"], rendered["seconds"]
        assert isinstance(data, bytes)
        assert isinstance(seconds, float)
        if not player:
            raise TroubleError("DEVICE_ABSENT", program="paplay, pw-play, aplay")
        self._play(player, data, seconds)
        return {"seconds": seconds, "spoken": spell(text)}

    def _play(self, player: str, data: bytes, seconds: float) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "announcement.wav")
            path.write_bytes(data)
            try:
                result = subprocess.run(
                    [player, str(path)],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=seconds + 5,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise TroubleError("DEVICE_ABSENT", program=player, cause=str(error)) from error
        if result.returncode != 0:
            raise TroubleError(
                "DEVICE_ABSENT", program=player, cause=result.stderr.decode("utf-8", "replace")
            )


def wav_seconds(data: bytes) -> float:
    """Length of a WAV file that we rendered."""
    with wave.open(io.BytesIO(data)) as sound:
        return float(round(sound.getnframes() / sound.getframerate(), 3))


def _program_renderer() -> Renderer | None:
    program = shutil.which("espeak-ng")
    if program is None:
        return None

    def render(syllables: str, rate: int, pitch: int) -> bytes:
        arguments = [program, "-v", VOICE, "-s", str(rate), "-p", str(pitch), "--stdin", "--stdout"]
        try:
            result = subprocess.run(
                arguments, input=syllables.encode(), capture_output=True, timeout=RENDER_WITHIN, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise TroubleError("DEVICE_ABSENT", program=program, cause="it took too long") from error
        if result.returncode != 0:
            raise TroubleError(
                "DEVICE_ABSENT", program=program, cause=result.stderr.decode("utf-8", "replace")
            )
        # The program writes to a pipe and cannot know the length: the header says so, so the frames are counted here.
        return _wav(result.stdout[WAV_HEADER:], int.from_bytes(result.stdout[24:28], "little"))

    return render


class _Library:
    """The library of the package espeakng-loader; it runs in this process, which may crash."""

    def __init__(self) -> None:
        loader = importlib.import_module("espeakng_loader")  # an extra of the distribution, without types
        self._library = ctypes.CDLL(loader.get_library_path())
        synchronous = 2  # AUDIO_OUTPUT_SYNCHRONOUS in <espeak-ng/speak_lib.h>, as the numbers below
        data = loader.get_data_path().encode()
        self._frames: int = self._library.espeak_Initialize(synchronous, 0, data, 0)
        if self._frames <= 0 or self._library.espeak_SetVoiceByName(VOICE.encode()) != 0:
            raise OSError("the voice is not in the library")
        self._chunks: list[bytes] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._callback = kind(self._take)  # the library calls it: it must live as long as this object
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count:
            self._chunks.append(ctypes.string_at(samples, count * 2))
        return 0

    def render(self, syllables: str, rate: int, pitch: int) -> bytes:
        """A WAV file."""
        self._chunks.clear()
        rate_parameter, pitch_parameter, is_utf8 = 1, 3, 1
        self._library.espeak_SetParameter(rate_parameter, rate, 0)
        self._library.espeak_SetParameter(pitch_parameter, pitch, 0)
        text = syllables.encode() + b"\0"
        self._library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 1, 0, is_utf8, None, None)
        self._library.espeak_Synchronize()
        return _wav(b"".join(self._chunks), self._frames)


def _library_renderer() -> Renderer | None:
    try:
        return _Library().render
    except (ImportError, OSError):
        return None


def _wav(samples: bytes, frames_per_second: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(frames_per_second)
        sound.writeframes(samples)
    return buffer.getvalue()
