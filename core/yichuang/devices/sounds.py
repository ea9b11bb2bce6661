"""Sound as 16-bit samples of one channel: the chime before an announcement, and how loud it is."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from functools import lru_cache

NOTES = ((659.25, 0.45), (523.25, 0.7))
"""The chime: frequency in hertz and seconds of each note; the first one rings on under the second."""
CHIME_SECONDS = sum(seconds for _hertz, seconds in NOTES) + 0.15
LOUDEST = 100


def with_chime(wav: bytes, *, volume: int = LOUDEST, chime: bool = False) -> bytes:
    """A mono 16-bit WAV file, quieter, with a chime before it.

    Args:
        wav: The file.
        volume: 0 to 100 percent of it.
        chime: Whether there is one.
    """
    if volume >= LOUDEST and not chime:
        return wav
    with wave.open(io.BytesIO(wav)) as sound:
        rate = sound.getframerate()
        samples = array("h", sound.readframes(sound.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    if chime:
        samples = chime_samples(rate) + samples
    samples = array("h", (each * volume // LOUDEST for each in samples))
    if sys.byteorder == "big":
        samples.byteswap()
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.tobytes())
    return buffer.getvalue()


@lru_cache(maxsize=4)
def chime_samples(rate: int) -> array[int]:
    """The chime at so many frames a second."""
    made = array("h", bytes(2 * int(CHIME_SECONDS * rate)))
    begin = 0.0
    for hertz, seconds in NOTES:
        first = int(begin * rate)
        for index in range(first, len(made)):
            after = (index - first) / rate
            tone = math.sin(2 * math.pi * hertz * after) + 0.3 * math.sin(4 * math.pi * hertz * after)
            sounding = made[index] + 9000 * min(1.0, after * 200) * math.exp(-5.0 * after) * tone
            made[index] = max(-32768, min(32767, round(sounding)))
        begin += seconds
    return made
