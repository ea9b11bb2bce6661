"""Identity card readers: what all have in common, and the simulated one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.id_card import IdCard, encode_record, parse_record
from yichuang.hall.errors import UserError


class CardReader(Adapter):
    """Reads the card that lies on it, once: it must be lifted before the next is read.

    Event "card" with {"card": dict of `IdCard`} when one is laid down; "trouble" when it cannot be read.
    """

    poll_every = 0.2

    def find(self) -> bool:
        """Whether a card lies there that was not read yet."""
        raise NotImplementedError

    def record(self) -> tuple[bytes, bytes, str]:
        """Text and photo of the card found last, and the photo's type."""
        raise NotImplementedError

    def poll(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        """A card laid down."""
        card = self._card()
        return [] if card is None else [("card", {"card": card})]

    @command
    def read(self, wait: float = 2.0) -> Mapping[str, object]:
        """Wait for a card.

        Args:
            wait: Seconds.

        Returns:
            {"card": dict of `IdCard`, or None when none was laid down in time}.
        """
        deadline = time.monotonic() + wait
        while True:
            card = self._card()
            if card is not None or time.monotonic() >= deadline:
                return {"card": card}
            time.sleep(0.05)

    def _card(self) -> dict[str, object] | None:
        if not self.find():
            return None
        raw, photo, photo_type = self.record()
        try:
            card = parse_record(raw, photo)
        except UserError as error:
            raise TroubleError(error.code, **error.detail) from error
        return {**card.as_dict(), "photo_type": photo_type}


class SimulatedReader(CardReader):
    """Plays a reader: cards are laid down by `present`; the record goes through the same bytes as a real one's.

    Settings: cards (list of card dicts, laid down one after the other every `every` seconds).
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._lying: bytes | None = None
        self._photo = b""
        self._was_read = False
        self._waiting = [self._coded(card) for card in self.setting("cards", list, [])]
        self._every = float(settings.get("every", 5.0))
        self._next_at = time.monotonic() + self._every

    def find(self) -> bool:
        """Whether a card lies there that was not read yet."""
        if self._waiting and time.monotonic() >= self._next_at:
            self._lay(*self._waiting.pop(0))
            self._next_at = time.monotonic() + self._every
        return self._lying is not None and not self._was_read

    def record(self) -> tuple[bytes, bytes, str]:
        """The card's bytes."""
        assert self._lying is not None
        self._was_read = True
        return self._lying, self._photo, "png" if self._photo else ""

    @command
    def present(self, card: dict[str, object] | None = None, raw: bytes = b"") -> Mapping[str, object]:
        """Lay a card down, given as a dict of `IdCard` or as the 256 bytes of its chip."""
        self._lay(*((raw, b"") if card is None else self._coded(card)))
        return {}

    @command
    def lift(self) -> Mapping[str, object]:
        """Take the card away."""
        self._lying = None
        return {}

    def _lay(self, raw: bytes, photo: bytes) -> None:
        self._lying, self._photo, self._was_read = raw, photo, False

    def _coded(self, data: object) -> tuple[bytes, bytes]:
        try:
            assert isinstance(data, dict)
            card = IdCard.from_dict(data)
        except (AssertionError, ValueError) as error:
            raise TroubleError("DEVICE_BAD_SETTINGS", setting="card", value=str(error)) from error
        return encode_record(card), card.photo or _portrait(card)


def _portrait(card: IdCard) -> bytes:
    """A grey figure in place of a photo, the size of the chip's (102 x 126)."""
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGB", (102, 126), (230, 233, 238))
    pen = ImageDraw.Draw(image)
    shade = 110 + sum(card.number.encode()) % 60
    pen.ellipse((31, 22, 71, 70), fill=(shade, shade, shade + 12))
    pen.ellipse((10, 76, 92, 176), fill=(shade - 20, shade - 18, shade))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
