"""Signature pads: the seam for those with a maker's library, and the simulated one.

Most pads act as a pen of the screen and are read by the signing window itself.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Mapping

from yichuang.devices.adapter import Adapter, command
from yichuang.devices.strokes import draw

WIDTH, HEIGHT = 800, 320


class SimulatedPad(Adapter):
    """Signs by itself. Settings: seed (whose hand), seconds (how long it writes), refuses (nobody signs)."""

    @command
    def sign(self, wait: float = 30.0, seed: int | None = None) -> Mapping[str, object]:
        """Wait for a signature.

        Returns:
            {"strokes": lists of [x, y, milliseconds, pressure], "image": PNG, "width", "height"}; no strokes and no
            image when nobody signed in time.
        """
        if self.setting("refuses", bool, False):
            time.sleep(wait)
            return {"strokes": [], "image": None, "width": WIDTH, "height": HEIGHT}
        time.sleep(min(wait, float(self.settings.get("seconds", 0.0))))
        strokes = _handwriting(self.setting("seed", int, 1) if seed is None else seed)
        return {
            "strokes": strokes,
            "image": draw(strokes, WIDTH, HEIGHT),
            "width": WIDTH,
            "height": HEIGHT,
        }


def _handwriting(seed: int) -> list[list[list[float]]]:
    """Two or three characters' worth of strokes, always the same for one seed."""
    chance = random.Random(seed)  # noqa: S311 - a hand that can be repeated, not a secret
    strokes: list[list[list[float]]] = []
    moment = 0.0
    characters = chance.choice((2, 3))
    size = min(WIDTH / (characters + 0.6), HEIGHT * 0.75)
    for character in range(characters):
        left = (WIDTH - size * characters) / 2 + character * size
        for _ in range(chance.randint(4, 8)):
            x, y = left + chance.uniform(0.1, 0.6) * size, HEIGHT * 0.12 + chance.uniform(0.05, 0.8) * size
            direction = chance.choice((0.0, math.pi / 2, math.pi / 4, 3 * math.pi / 4)) + chance.uniform(
                -0.2, 0.2
            )
            length, bend = chance.uniform(0.2, 0.5) * size, chance.uniform(-0.8, 0.8)
            stroke: list[list[float]] = []
            steps = chance.randint(8, 16)
            for step in range(steps):
                part = step / (steps - 1)
                angle = direction + bend * part
                px = min(max(x + math.cos(angle) * length * part, 4), WIDTH - 4)
                py = min(max(y + math.sin(angle) * length * part, 4), HEIGHT - 4)
                pressure = 0.35 + 0.6 * math.sin(math.pi * part)
                stroke.append([round(px, 1), round(py, 1), round(moment), round(pressure, 3)])
                moment += chance.uniform(6, 12)
            strokes.append(stroke)
            moment += chance.uniform(60, 140)
    return strokes
