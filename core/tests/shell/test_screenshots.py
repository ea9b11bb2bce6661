"""Every page is drawn with its data, in both themes and at another scale."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions

from yichuang.hall.errors import UserError
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.operations.accounts import actor_of
from yichuang.shell.screenshots import draw, draw_all
from yichuang.widgets import theme

from .conftest import PLUGINS, People


@pytest.fixture(autouse=True)
def light_afterwards(themed: QApplication) -> object:
    yield
    theme.apply(themed, "light")


def colours(path: Path) -> int:
    """How many colours a picture has; an empty page has a handful."""
    image = QImage(str(path))
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 5)})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "scale"), [("light", 1.0), ("dark", 2.0)])
def test_all_pages(
    open_hall: Callable[..., Suite], people: People, tmp_path: Path, name: str, scale: float
) -> None:
    suite = open_hall(("fair",))
    clerk = suite.executor.read(Actor.system(), lambda read: actor_of(read, people.clerk))
    told: list[str] = []
    with capture_exceptions() as caught, pytest.raises(UserError) as failed:
        draw(suite, [clerk], tmp_path / "out", theme=name, scale=scale, say=told.append)
    assert failed.value.code == "PAGE_NOT_DRAWN"  # fair.review cannot be built, and that is not passed over
    assert [kind for kind, _value, _trace in caught] == [RuntimeError]
    files = {path.stem: path for path in (tmp_path / "out").glob("*.png")}
    assert {"sign-in", "components", "home", "palette", "plugins", "settings", "fair.intake"} <= set(files)
    assert sorted(path.name for path in files.values()) == sorted(told)
    home = QImage(str(files["home"]))
    assert (home.width(), home.height()) == (1440 * scale, 900 * scale)
    assert colours(files["home"]) > 60
    assert (home.pixelColor(3, 3).lightness() > 128) == (name == "light")
    assert not (tmp_path / "out" / ".view").exists()


def test_windows_of_their_own_are_drawn_for_whoever_may_open_them(
    open_hall: Callable[..., Suite], people: People, tmp_path: Path
) -> None:
    suite = open_hall(("stand",))
    clerk = suite.executor.read(Actor.system(), lambda read: actor_of(read, people.clerk))
    drawn = {path.stem: path for path in draw(suite, [clerk], tmp_path / "out")}
    assert {name for name in drawn if name.startswith("stand.")} == {"stand.board"}
    board = QImage(str(drawn["stand.board"]))
    assert (board.width(), board.height()) == (960, 540)
    assert colours(drawn["stand.board"]) > 3
    allowed = replace(clerk, permissions=clerk.permissions | {"stand.use"})
    with pytest.raises(UserError) as failed:
        draw(suite, [allowed], tmp_path / "more")
    assert failed.value.code == "PAGE_NOT_DRAWN"
    assert "stand.broken" in str(failed.value)
    assert (tmp_path / "more" / "stand.inside.png").exists()


def test_a_command_line_draws_as_those_whose_password_is_kept(hall_dir: Path, tmp_path: Path) -> None:
    options = argparse.Namespace(
        out=tmp_path / "out", theme="light", scale=1.0, account=["nobody-here"], database=None, data_dir=hall_dir,
        plugin_dir=[PLUGINS], safe_mode=True,
    )  # fmt: skip
    with pytest.raises(UserError) as refused:
        draw_all(options)
    assert refused.value.code == "NO_PASSWORD"
    options.account = []
    drawn = draw_all(options)
    assert {path.stem for path in drawn} == {
        "sign-in",
        "components",
        "home",
        "palette",
        "plugins",
        "settings",
    }
