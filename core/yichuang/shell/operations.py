"""The operations of the shell: to-dos, figures and search of all plugins. Imported on a worker, after the first paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from yichuang.api.hooks import Figure, SearchHit, Todo
from yichuang.operations.model import Request, operation, query
from yichuang.operations.work import Read, Work
from yichuang.storage import hall_tables as t

SHOWN_TODOS = 500


@dataclass(frozen=True)
class Home:
    """What the home page shows.

    Attributes:
        unavailable: Ids of plugins whose answer is missing, so that the page can say what it does not know.
    """

    todos: list[Todo]
    figures: list[Figure]
    unavailable: list[str]


@query("shell.home", permission=None, title="Home page")
def home(read: Read) -> Home:
    """To-dos and figures of every plugin for the actor, the most pressing first."""
    if not read.actor.account:
        return Home([], [], [])
    todos = read.hooks.todos(read=read)
    figures = read.hooks.figures(read=read)
    missing = sorted({*getattr(todos, "unavailable", ()), *getattr(figures, "unavailable", ())})
    return Home(list(todos)[:SHOWN_TODOS], list(figures), missing)


class SearchFor(Request):
    """What a person typed into the palette."""

    text: str = Field(max_length=100)
    limit: int = Field(8, ge=1, le=50)


@query("shell.search", permission=None, title="Search")
def search(read: Read, request: SearchFor) -> list[SearchHit]:
    """What the plugins find for a text; only for people who have signed in."""
    if not read.actor.account or not request.text:
        return []
    return list(read.hooks.search(read=read, text=request.text, limit=request.limit))


@dataclass(frozen=True)
class HallFace:
    """What the window says about the hall before anybody has signed in.

    Attributes:
        accounts: How many people may sign in here; 0 in a hall that has not been set up.
    """

    name: str
    accounts: int


@query("shell.hall", permission=None, title="Name of the hall")
def hall(read: Read) -> HallFace:
    """The hall's name and whether it has been set up."""
    first = read.one(select(t.account.c.name).limit(1))
    return HallFace(str(read.setting("hall.name", "")), 0 if first is None else 1)


@query("shell.ping", permission=None, title="Answer")
def ping(read: Read) -> bool:
    """The least there is to ask: how fast does the database answer?"""
    return read.one(select(t.setting.c.key).limit(1)) is not None


class PluginAct(Request):
    """What an administrator does with a plugin of this machine."""

    plugin: str
    act: Literal["enable", "disable", "retry", "grant", "refuse"]
    permission: str = ""


@operation("shell.plugin", permission="hall.manage", title="Manage a plugin")
def note_plugin_act(work: Work, request: PluginAct) -> None:
    """Write into the journal that a plugin is switched or a permission of it changed; the host does it afterwards."""
    work.subject = f"plugin:{request.plugin}"
