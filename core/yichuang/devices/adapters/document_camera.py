"""Document cameras: a simulated one, and a watched folder into which any maker's program puts its pages."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.paper import as_jpeg, squared, whitened
from yichuang.devices.stillness import Stillness

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}
A4_AT_150_DPI = (1240, 1754)
LOOK_SIZE = (320, 240)
MOST_PIXELS = 80_000_000
"""Pixels of one page; an A3 page at 600 dpi has 70 million."""
SETTLED_AFTER = 0.5
"""Seconds for which a file must not grow before it is taken as complete."""


def made_page(image: Image.Image, colour: bool, crop: bool, white: bool) -> dict[str, object]:
    """What a camera gives for a photograph: JPEG of at most `paper.MOST_BYTES`.

    Args:
        image: What the camera saw.
        colour: Grey otherwise.
        crop: Cut it to the sheet that lies there and square it.
        white: Take the tint and shadows off the ground.
    """
    page = image.convert("RGB" if colour else "L")
    page = squared(page) if crop else page
    page = whitened(page) if white else page
    data, width, height = as_jpeg(page)
    return {"image": data, "media_type": "image/jpeg", "width": width, "height": height}


def looked(image: Image.Image, stillness: Stillness) -> dict[str, object]:
    """What a camera sees now, small, and whether a new page lies still there.

    Returns:
        {"image": JPEG bytes, "page": bool}.
    """
    small = image.convert("RGB")
    small.thumbnail(LOOK_SIZE)
    data, _width, _height = as_jpeg(small)
    return {"image": data, "page": stillness.see(small, time.monotonic())}


class SimulatedCamera(Adapter):
    """Plays a camera over an A4 page. Settings: font (a file with Chinese; without it grey bars stand for text)."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._taken = 0
        self._sheet = 0
        self._stillness = Stillness()

    @command
    def look(self) -> Mapping[str, object]:
        """The sheet askew on a dark mat; see `looked`."""
        from PIL import Image

        mat = Image.new("RGB", (640, 480), (52, 60, 58))
        if self._sheet:
            page = Image.new("RGBA", (300, 424), (252, 251, 247))
            page.paste((150, 150, 156), (40, 40, 120 + self._sheet * 67 % 150, 380))
            page = page.rotate(4, Image.Resampling.BICUBIC, expand=True)
            mat.paste(page, (155, 18), page)
        return looked(mat, self._stillness)

    @command
    def lay(self, sheet: int) -> Mapping[str, object]:
        """Lay another sheet down, by its number; 0 leaves the mat bare."""
        self._sheet = sheet
        return {}

    @command
    def capture(
        self,
        colour: bool = True,
        crop: bool = False,
        white: bool = False,
        title: str = "",
        lines: list[str] | None = None,
    ) -> Mapping[str, object]:
        """Take a picture of the page that lies there; see `made_page`.

        Returns:
            {"image": JPEG bytes, "media_type", "width", "height"}.
        """
        from PIL import Image, ImageDraw

        self._taken += 1
        width, height = A4_AT_150_DPI
        image = Image.new("RGB", (width, height), (252, 251, 247))
        pen = ImageDraw.Draw(image)
        pen.rectangle((40, 40, width - 40, height - 40), outline=(205, 203, 196), width=2)
        text = [title, *(lines or [])] if title or lines else []
        for row in range(max(14, len(text))):
            y = 150 + row * 96
            if row < len(text):
                pen.text((130, y), text[row], fill=(34, 34, 38), font=self._font(54 if row == 0 else 36))
            elif not text:
                end = 1000 - (row * 137 + self._taken * 61) % 420
                pen.rectangle((130, y, end, y + 26), fill=(150, 150, 156))
        pen.ellipse((850, 1330, 1090, 1570), outline=(196, 40, 36), width=10)
        pen.text((130, height - 130), f"{self._taken:04d}", fill=(120, 120, 120), font=self._font(30))
        return made_page(image, colour, crop, white)

    def _font(self, size: int) -> Any:
        from PIL import ImageFont

        path = self.settings.get("font")
        try:
            return ImageFont.truetype(str(path), size) if path else ImageFont.load_default(size)
        except OSError as error:
            raise TroubleError("DEVICE_BAD_SETTINGS", setting="font", value=str(path)) from error


class WatchedFolder(Adapter):
    """Takes pages from a folder: any camera or scanner whose program saves images there.

    Settings: folder; keep (leave the files there, by default they are removed once taken: they hold personal data).
    Event "page" for each new file: {"file": name}; the page itself is fetched by `capture`.
    """

    poll_every = 0.5

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._sizes: dict[Path, tuple[int, float]] = {}
        self._told: set[Path] = set()

    def open(self) -> None:
        """Make sure the folder is there."""
        self._folder = self.folder()
        if self.setting("keep", bool, False):
            self._told = set(self._files())  # what lay there before belongs to earlier cases

    def poll(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        """New complete files."""
        fresh = [path for path in self._complete() if path not in self._told]
        self._told.update(fresh)
        return [("page", {"file": path.name}) for path in fresh]

    @command
    def capture(
        self, colour: bool = True, crop: bool = False, white: bool = False, file: str = "", wait: float = 0.0
    ) -> Mapping[str, object]:
        """The page of that file, or of the oldest one that was not taken yet; see `made_page`.

        Returns:
            {"image": JPEG bytes, "media_type", "width", "height", "file"}, or {"image": None} if there is none.
        """
        deadline = time.monotonic() + wait
        while not (waiting := [path for path in self._complete() if file in {"", path.name}]):
            if time.monotonic() >= deadline:
                return {"image": None}
            time.sleep(0.1)
        path = waiting[0]
        page = self._load(path, colour, crop, white)
        if self.setting("keep", bool, False):
            self._sizes[path] = (-1, 0.0)
        else:
            path.unlink(missing_ok=True)
            self._told.discard(path)
            self._sizes.pop(path, None)
        return {**page, "file": path.name}

    def _files(self) -> list[Path]:
        try:
            found = [path for path in self._folder.iterdir() if path.suffix.lower() in SUFFIXES]
            return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
        except FileNotFoundError as error:
            raise TroubleError("DEVICE_ABSENT", path=str(self._folder)) from error

    def _complete(self) -> list[Path]:
        """Files that do not grow any more: a page must not be taken while it is being written."""
        now, complete = time.monotonic(), []
        for path in self._files():
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                continue
            known, since = self._sizes.get(path, (None, now))
            if known == -1:
                continue
            if known != size:
                self._sizes[path] = (size, now)
            elif size and now - since >= SETTLED_AFTER:
                complete.append(path)
        return complete

    def _made(self, image: Image.Image, colour: bool, *, crop: bool, white: bool) -> dict[str, object]:
        """What becomes of an image that was saved there."""
        return made_page(image, colour, crop, white)

    def _load(self, path: Path, colour: bool, crop: bool, white: bool) -> dict[str, object]:
        from PIL import Image, ImageOps, UnidentifiedImageError

        try:
            with Image.open(path) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise TroubleError("DEVICE_PAGE", path=path.name, cause="too many pixels")
                return self._made(ImageOps.exif_transpose(image), colour, crop=crop, white=white)
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
            self._sizes[path] = (-1, 0.0)  # not offered again, and left for somebody to look at
            raise TroubleError("DEVICE_PAGE", path=path.name, cause=str(error)) from error
