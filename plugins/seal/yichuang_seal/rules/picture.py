"""The picture of a round official seal, drawn from its text.

Shape after 国发〔1999〕25号: round, the owner's legal name in Song characters along the upper arc from left
to right, a five-pointed star in the middle, the purpose of a dedicated seal on a straight line below it.
Departments use 42 mm, governments 45 mm. The picture is ink on nothing: one colour, sixteen steps of opacity,
so that the PNG stays small and whoever shows it can multiply it onto the paper.
"""

from __future__ import annotations

import io
import math
import zlib
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import serif_path

from yichuang.api import UserError
from yichuang_seal.words import L

INK = (0xC4, 0x26, 0x1D)
"""Red of the seal ink, the `seal` token of the screens."""

DPI = 600
DEPARTMENT_MM = 42
GOVERNMENT_MM = 45
SHORTEST_NAME, LONGEST_NAME = 4, 30
LONGEST_PURPOSE = 12
SPECIMEN = "样章"
"""Printed on every seal of a model hall, so that no such picture passes for a real one."""

_SMOOTH = 3  # drawn this many times larger, then reduced: round edges without stairs
_STEPS = 16  # steps of opacity left in the PNG: four bits a pixel


@dataclass(frozen=True)
class SealText:
    """What stands on a seal.

    Attributes:
        name: Legal name of the owner, 4 to 30 characters, along the arc.
        purpose: The line of a dedicated seal such as 行政审批专用章; empty on an owner's formal seal.
        diameter_mm: Outer diameter in millimetres.
        specimen: Mark of a seal that is not a real one; empty on real seals.
    """

    name: str
    purpose: str = ""
    diameter_mm: int = DEPARTMENT_MM
    specimen: str = ""


@dataclass(frozen=True)
class Arc:
    """How a name is laid along the upper arc; lengths in millimetres, angles in degrees.

    Attributes:
        height: Height of one character, along the radius.
        width: Width of one character, along the arc; narrower than high when the name is long.
        radius: From the centre of the seal to the middle of the characters.
        step: Angle between neighbours.
    """

    height: float
    width: float
    radius: float
    step: float

    def angles(self, count: int) -> tuple[float, ...]:
        """Where each character stands, clockwise from straight up; the name is centred on the top."""
        return tuple((i - (count - 1) / 2) * self.step for i in range(count))


def usual_diameter(owner: str) -> int:
    """45 mm for a government of a city, county or district, 42 mm for its departments."""
    return GOVERNMENT_MM if owner.endswith("人民政府") else DEPARTMENT_MM


def fit_arc(count: int, diameter_mm: float, *, room_below: bool) -> Arc:
    """Lay `count` characters along the arc so that neither they nor the line below them touch.

    Short names keep square characters and a short arc; long ones first take more of the arc (up to 280°, or
    232° above a purpose line), then get narrower.
    """
    unit = diameter_mm / DEPARTMENT_MM
    height = (5.4 if count <= 12 else 5.0 if count <= 18 else 4.4) * unit
    radius = 19.0 * unit - height / 2  # 2 mm from the outer edge: rim and a little air
    widest = 232.0 if room_below else 280.0
    step = min(widest / (count - 1), 26.0 if count <= 6 else 22.0)
    inner = radius - height / 2  # characters are closest to one another at their feet
    width = min(height * 0.95, math.radians(step) * inner * 0.98)
    return Arc(height, width, radius, step)


def check_text(text: SealText) -> None:
    """Refuse text that cannot stand on a seal.

    Raises:
        UserError: SEAL_NAME_LENGTH, SEAL_PURPOSE_LENGTH, SEAL_DIAMETER or SEAL_CHARACTER.
    """
    if not SHORTEST_NAME <= len(text.name) <= LONGEST_NAME:
        raise UserError(
            "SEAL_NAME_LENGTH",
            L(
                "The name on a seal has {least} to {most} characters, this one has {count}.",
                least=SHORTEST_NAME,
                most=LONGEST_NAME,
                count=len(text.name),
            ),
            do=L("Use the owner's legal name or its registered short form."),
        )
    if len(text.purpose) > LONGEST_PURPOSE or len(text.specimen) > len(SPECIMEN):
        raise UserError(
            "SEAL_PURPOSE_LENGTH", L("The purpose line has at most {most} characters.", most=LONGEST_PURPOSE)
        )
    if not 30 <= text.diameter_mm <= 60:
        raise UserError("SEAL_DIAMETER", L("A seal is 30 to 60 mm wide, not {mm} mm.", mm=text.diameter_mm))
    for character in text.name + text.purpose + text.specimen:
        if character.isspace() or not character.isprintable() or not _has_glyph(character):
            raise UserError(
                "SEAL_CHARACTER",
                L("The seal font has no character “{character}”.", character=character),
                do=L("Use characters of the standard list of common Chinese characters, without spaces."),
            )


@lru_cache(maxsize=32)
def draw_seal(text: SealText, *, dpi: int = DPI) -> bytes:
    """Draw the seal as a PNG with a transparent ground; the same text always gives the same bytes.

    Takes a tenth of a second at 600 dpi, so what was drawn last is kept.

    Args:
        text: What stands on it.
        dpi: Resolution; 600 gives 992 pixels for 42 mm.

    Raises:
        UserError: The text does not fit on a seal (see `check_text`).
    """
    check_text(text)
    pixels = round(text.diameter_mm / 25.4 * dpi)
    ink = _draw_ink(text, pixels * _SMOOTH).reduce(_SMOOTH)
    return _as_png(ink, dpi)


def _draw_ink(text: SealText, size: int) -> Image.Image:
    """Opacity of the ink, 0 to 255, on a square of `size` pixels."""
    ink = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(ink)
    scale = size / text.diameter_mm  # pixels a millimetre
    unit = size / DEPARTMENT_MM  # a millimetre of the 42 mm seal, larger on larger seals
    centre = size / 2
    draw.ellipse((0, 0, size - 1, size - 1), fill=255)
    rim = 1.1 * unit
    draw.ellipse((rim, rim, size - 1 - rim, size - 1 - rim), fill=0)
    draw.polygon(_star(centre, centre, 6.2 * unit), fill=255)

    arc = fit_arc(len(text.name), text.diameter_mm, room_below=bool(text.purpose))
    for character, angle in zip(text.name, arc.angles(len(text.name)), strict=True):
        glyph = _glyph(character, arc.height * scale, arc.width / arc.height)
        turned = glyph.rotate(-angle, expand=True, resample=Image.Resampling.BILINEAR)
        turn = math.radians(angle)
        x = centre + arc.radius * scale * math.sin(turn) - turned.width / 2
        y = centre - arc.radius * scale * math.cos(turn) - turned.height / 2
        _lay(ink, turned, round(x), round(y))

    _line(ink, text.purpose, height=3.2 * unit, middle=centre + 10.2 * unit, widest=20.5 * unit)
    _line(ink, text.specimen, height=2.5 * unit, middle=centre + 14.2 * unit, widest=8.0 * unit)
    return ink


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for k in range(10):
        reach, turn = (radius if k % 2 == 0 else inner), math.pi * k / 5
        points.append((x + reach * math.sin(turn), y - reach * math.cos(turn)))
    return points


def _glyph(character: str, height: float, squeeze: float) -> Image.Image:
    """One character in its own box, as wide as `squeeze` times its height."""
    font = _font(round(height))
    box = Image.new("L", (round(height * 1.12), round(height * 1.12)), 0)
    # The font has no bold cut; seals are cut heavier than print, so the stroke is widened by a fiftieth of
    # the height.
    ImageDraw.Draw(box).text(
        (box.width / 2, box.height / 2), character, 255, font=font, anchor="mm", stroke_width=height / 50
    )
    return box.resize((max(1, round(box.width * squeeze)), box.height), Image.Resampling.BILINEAR)


def _line(ink: Image.Image, text: str, *, height: float, middle: float, widest: float) -> None:
    """A straight line of text, centred, narrowed to fit `widest`."""
    if not text:
        return
    squeeze = min(1.0, widest / (len(text) * height))
    step = height * squeeze
    left = ink.width / 2 - step * len(text) / 2
    for i, character in enumerate(text):
        glyph = _glyph(character, height * 0.94, squeeze)
        _lay(ink, glyph, round(left + step * (i + 0.5) - glyph.width / 2), round(middle - glyph.height / 2))


def _lay(ink: Image.Image, glyph: Image.Image, x: int, y: int) -> None:
    """Add a glyph to the ink; where boxes overlap the darker ink stays."""
    area = (x, y, x + glyph.width, y + glyph.height)
    ink.paste(ImageChops.lighter(ink.crop(area), glyph), area)


def _as_png(ink: Image.Image, dpi: int) -> bytes:
    """One colour with sixteen opacities: a palette picture of four bits a pixel."""
    steps = _STEPS - 1
    picture = ink.point([round(value / 255 * steps) for value in range(256)])
    picture = Image.frombytes("P", picture.size, picture.tobytes())
    picture.putpalette(list(INK) * _STEPS)
    out = io.BytesIO()
    opacities = bytes(round(step / steps * 255) for step in range(_STEPS))
    # Runs alone pack it as small as everything zlib knows (41 and 37 kB), in a twentieth of the time.
    picture.save(out, "PNG", compress_type=zlib.Z_RLE, bits=4, transparency=opacities, dpi=(dpi, dpi))
    return out.getvalue()


@lru_cache(maxsize=8)
def _font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(serif_path()), height)


@lru_cache(maxsize=1024)
def _mask(character: str) -> bytes:
    return bytes(_font(40).getmask(character))


def _has_glyph(character: str) -> bool:
    """Whether the font draws the character itself and not its box for unknown ones."""
    return _mask(character) != _mask("\U0010ffff")
