"""Questions that are asked of every plugin, and the values they carry. Arguments may be added, never removed or renamed.

Each spec states its policy: *shape* notify (nobody answers), collect (everybody's answers) or first (the first answer);
*failure* skip (logged, a badge, the others go on) or refuse (no answer is not a yes: the whole operation stops).
Calls are made plugin by plugin, in manifest order, with keyword arguments, through `work.hooks` or `read.hooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pluggy

if TYPE_CHECKING:
    from yichuang.operations.work import Read, Work

F = TypeVar("F", bound=Callable[..., Any])
Shape = Literal["notify", "collect", "first"]
Failure = Literal["skip", "refuse"]
LightState = Literal["normal", "warning", "overdue", "paused", "current", "done", "pending"]

hookimpl = pluggy.HookimplMarker("yichuang")
_hookspec = pluggy.HookspecMarker("yichuang")


@dataclass(frozen=True)
class Policy:
    """How a hook is called and what its failure means."""

    shape: Shape
    failure: Failure


def _spec(shape: Shape, failure: Failure) -> Callable[[F], F]:
    def mark(function: F) -> F:
        function.policy = Policy(shape, failure)  # type: ignore[attr-defined]  # read by the host
        return _hookspec(function)

    return mark


@dataclass(frozen=True)
class StampRequest:
    """A finished document that needs a seal.

    Attributes:
        subject: What it belongs to, such as `case:150421…`; given back in the receipt.
        paper: The asker's own key of the document, unique with the subject; asking twice gives the same ticket.
        document: Digest of the PDF.
        title: Name of the document.
        number: Document number (文号).
        agency: Code of the agency whose seal is wanted.
        seal_kind: Kind of the seal, such as `approval` (行政审批专用章).
        addressee: For whom, shown to the keeper (masked).
        due: When the document is due, if anything waits for it.
    """

    subject: str
    paper: str
    document: str
    title: str
    agency: str
    number: str = ""
    seal_kind: str = "approval"
    addressee: str = ""
    due: datetime | None = None


@dataclass(frozen=True)
class StampTicket:
    """A stamp request was taken; the receipt comes later through `document_stamped`."""

    request_id: int
    seal_name: str


@dataclass(frozen=True)
class StampReceipt:
    """A document was stamped."""

    subject: str
    paper: str
    document: str  # digest of the unsealed PDF
    sealed: str  # digest of the sealed PDF
    seal_id: str
    seal_name: str
    keeper: str
    at: datetime


@dataclass(frozen=True)
class LicenceDraft:
    """What is to be certified when a case was granted."""

    subject: str
    licence_type: str
    name: str
    agency: str
    holder_kind: str  # person | organisation
    holder_name: str
    holder_code_kind: str
    holder_code: str
    valid_from: date
    valid_to: date | None
    fields: dict[str, str] = field(default_factory=dict)
    document: str = ""  # digest of the sealed decision or certificate


@dataclass(frozen=True)
class LicenceRef:
    """An issued licence."""

    code: str  # identifier with check digit
    number: str
    name: str


@dataclass(frozen=True)
class LicenceQuery:
    """Which licences somebody holds.

    Attributes:
        purpose: Why they are read; always recorded.
        types: Licence types that are asked for; empty for all.
        contents: Labels of contents that are wanted, to fill in a form; none are told without being asked for.
    """

    holder_code_kind: str
    holder_code: str
    purpose: str
    types: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()


@dataclass(frozen=True)
class LicenceSummary:
    """A licence as a list shows it; `contents` only as far as a query asked for them."""

    code: str
    number: str
    name: str
    type: str
    holder_name: str
    issuer: str
    state: str  # valid | expiring | not_yet | expired | cancelled | revoked | unknown
    valid_to: date | None
    contents: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MaterialClaim:
    """A licence is to stand for a paper."""

    subject: str
    licence_code: str
    licence_type: str
    holder_code_kind: str
    holder_code: str
    purpose: str


@dataclass(frozen=True)
class MaterialFinding:
    """Whether the licence may stand for the paper."""

    accepted: bool
    reason: str
    document: str = ""  # digest of the licence file that was looked at


@dataclass(frozen=True)
class FactQuery:
    """What a case claims, to be compared with what registers know.

    Attributes:
        subject: `case:` and its id.
        form: What the form says, as it is shown.
        licences: Identifiers of the licences that stand for papers.
    """

    subject: str
    item: str
    agency: str
    applicant_id: int
    form: dict[str, str] = field(default_factory=dict)
    licences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One thing that a register says about a case; unknown where it did not answer."""

    title: str
    state: Literal["ok", "warn", "fail", "unknown"]
    detail: str = ""
    source: str = ""


@dataclass(frozen=True)
class ShownFile:
    """A file as a PDF to look at.

    Attributes:
        pdf: Its pages.
        note: What whoever looks must know, such as that its seals were not verified; empty where there is nothing to say.
    """

    pdf: bytes
    note: str = ""


@dataclass(frozen=True)
class SearchHit:
    """Something that the palette found."""

    group: str  # command | item | case | applicant | licence | ticket | seal
    title: str
    detail: str
    page: str
    args: dict[str, Any] = field(default_factory=dict)
    icon: str = ""


@dataclass(frozen=True)
class Todo:
    """Something that waits for the actor."""

    id: str
    number: str
    title: str
    applicant: str
    step: str
    light: LightState
    time_left: str
    due: datetime | None
    action: str
    page: str
    tab: str
    used: float = 0.0  # share of the limit that is used up, 0 to 1
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A number, or a row of numbers, for the home page.

    Attributes:
        id: What it is; the home page knows where these stand: `ticket` (current ticket), `queue.mine`, `queue.waiting`,
            `queue.longest`, `done.today`, `rating.today`, `tickets.half_hours`, `cases.days`, `lights`.
        labels, values: The points of a chart; empty for a single number.
        extra: Whatever else that figure shows.
    """

    id: str
    title: str
    value: str = ""
    unit: str = ""
    tone: str = ""
    labels: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One thing that a plugin checked about itself."""

    name: str
    state: Literal["ok", "warn", "fail"]
    sentence: str
    remedy: str = ""


class HookSpecs:
    """The hooks. Every one is documented in docs/hooks.md and implemented by a shipped plugin."""

    @_spec("first", "refuse")
    def stamp_document(self, work: Work, request: StampRequest) -> StampTicket | None:
        """Take a document into the seal keepers' list, in the asker's transaction.

        Thread: worker. Since: 1. None: no seal of that agency and kind; the asker handles that nobody can.
        """
        raise NotImplementedError

    @_spec("notify", "refuse")
    def document_stamped(self, work: Work, receipt: StampReceipt) -> None:
        """A document was stamped; its owner moves on in the same transaction, or the stamp does not count.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError

    @_spec("notify", "refuse")
    def withdraw_document(self, work: Work, subject: str, paper: str, reason: str) -> None:
        """A document that waits for its seal holds no more; whoever keeps the seal gives it up, in the owner's transaction.

        Thread: worker. Since: 1. What is sealed already, or was never asked for, stays as it is.
        """
        raise NotImplementedError

    @_spec("notify", "refuse")
    def document_refused(self, work: Work, subject: str, paper: str, reason: str) -> None:
        """Whoever keeps the seal sent a document back unsealed; its owner takes it up in the same transaction.

        Thread: worker. Since: 1. Documents of others are ignored.
        """
        raise NotImplementedError

    @_spec("first", "refuse")
    def issue_licence(self, work: Work, draft: LicenceDraft) -> LicenceRef | None:
        """Enter a licence into the register, in the asker's transaction.

        Thread: worker. Since: 1. None: nobody keeps licences of this type.
        """
        raise NotImplementedError

    @_spec("notify", "refuse")
    def end_licence(self, work: Work, code: str, kind: str, reason: str) -> None:
        """The decision behind a licence holds no more; whoever keeps the register ends it, in the asker's transaction.

        Thread: worker. Since: 1. `kind`: annulled or cancelled. What has ended already, or is kept elsewhere, stays as it is.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def find_licences(self, read: Read, query: LicenceQuery) -> Sequence[LicenceSummary]:
        """Which licences a holder has.

        Thread: worker. Since: 1. An unreachable source is reported, the others answer.
        """
        raise NotImplementedError

    @_spec("collect", "refuse")
    def check_material(self, work: Work, claim: MaterialClaim) -> MaterialFinding | None:
        """Check a licence that stands for a paper, and record its use.

        Thread: worker. Since: 1. A check that did not run is not a pass.
        """
        raise NotImplementedError

    @_spec("notify", "refuse")
    def setting_changes(self, work: Work, key: str, value: Any) -> None:
        """A setting of the hall is about to change; whoever it belongs to refuses a value that it could not work with.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def check_facts(self, read: Read, asked: FactQuery) -> Sequence[Fact]:
        """What registers say about a case, for whoever decides on it.

        Thread: worker. Since: 1. Nothing personal that the case does not show; a register that is away is unknown, not right.
        """
        raise NotImplementedError

    @_spec("first", "refuse")
    def file_as_pdf(self, read: Read, media_type: str, data: bytes) -> ShownFile | None:
        """Turn a file of a kind that the suite cannot show itself into a PDF to look at.

        Thread: worker. Since: 1. None: not a kind that one knows. A `UserError` says why this very file cannot be shown.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def search(self, read: Read, text: str, limit: int) -> Sequence[SearchHit]:
        """What the palette should offer for a text, only what the actor may see.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def todos(self, read: Read) -> Sequence[Todo]:
        """What waits for the actor, for the home page.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def figures(self, read: Read) -> Sequence[Figure]:
        """Numbers and charts for the actor's home page.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError

    @_spec("collect", "skip")
    def health(self, read: Read) -> Sequence[Finding]:
        """What a plugin finds out about its own state, for `yichuang doctor`.

        Thread: worker. Since: 1.
        """
        raise NotImplementedError
