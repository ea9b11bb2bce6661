"""The states and events of a case, and what they are called."""

from __future__ import annotations

from enum import StrEnum

from yichuang_acceptance.words import words

L = words.lazy


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    CORRECTING = "correcting"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    REVIEW = "review"
    SUSPENDED = "suspended"
    GRANTED = "granted"
    REFUSED = "refused"
    MAKING = "making"
    READY = "ready"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    TERMINATED = "terminated"
    ARCHIVED = "archived"


class Event(StrEnum):
    """What can happen to a case."""

    SAVE = "save"
    RECEIVE = "receive"
    NOT_NEEDED = "not_needed"
    CORRECT = "correct"
    RESUBMIT = "resubmit"
    CORRECT_FORM = "correct_form"  # on the spot (art. 32 (3)); no correction notice
    CORRECTION_LAPSE = "correction_lapse"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    ACCEPT = "accept"
    DEEMED_ACCEPT = "deemed_accept"
    INSTANT = "instant"
    DISPATCH = "dispatch"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    GRANT = "grant"
    DEEMED_GRANT = "deemed_grant"  # a renewal on which nobody decided before the licence ended (art. 50)
    REFUSE = "refuse"
    MAKE = "make"
    FINISH = "finish"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    RETURN = "return"
    TERMINATE = "terminate"
    REVOKE = "revoke"
    ARCHIVE = "archive"
    ASK_HEARING = "ask_hearing"
    MOVE_HEARING = "move_hearing"
    CLAIM = "claim"
    ASSIGN = "assign"
    TRANSFER = "transfer"
    CONSULT = "consult"
    OPINION = "opinion"
    SILENCE = "silence"
    RATE = "rate"  # in any state; moves nothing
    RECOMPUTE = "recompute"
    URGE = "urge"
    COMPLAIN = "complain"
    COMMIT = "commit"
    CHECK = "check"
    HAND_IN = "hand_in"


STATE_NAMES = {
    State.DRAFT: L("draft"),
    State.RECEIVED: L("received"),
    State.CORRECTING: L("awaiting correction"),
    State.NOT_ACCEPTED: L("not accepted"),
    State.ACCEPTED: L("accepted"),
    State.REVIEW: L("under review"),
    State.SUSPENDED: L("special procedure"),
    State.GRANTED: L("granted"),
    State.REFUSED: L("refused"),
    State.MAKING: L("certificate being made"),
    State.READY: L("ready to collect"),
    State.DELIVERED: L("delivered"),
    State.WITHDRAWN: L("withdrawn"),
    State.RETURNED: L("returned"),
    State.TERMINATED: L("terminated"),
    State.ARCHIVED: L("archived"),
}
EVENT_NAMES = {
    Event.SAVE: L("saving"),
    Event.RECEIVE: L("receiving"),
    Event.NOT_NEEDED: L("telling that nothing is needed"),
    Event.CORRECT: L("requesting a correction"),
    Event.RESUBMIT: L("resubmitting"),
    Event.CORRECT_FORM: L("correcting the application"),
    Event.CORRECTION_LAPSE: L("ending for want of correction"),
    Event.REFUSE_ACCEPTANCE: L("refusing to accept"),
    Event.ACCEPT: L("accepting"),
    Event.DEEMED_ACCEPT: L("deemed acceptance"),
    Event.INSTANT: L("accepting and granting at once"),
    Event.DISPATCH: L("passing to the agency"),
    Event.SUSPEND: L("beginning a special procedure"),
    Event.RESUME: L("ending the special procedure"),
    Event.EXTEND: L("extending the limit"),
    Event.GRANT: L("granting"),
    Event.DEEMED_GRANT: L("deemed renewal"),
    Event.REFUSE: L("refusing"),
    Event.MAKE: L("making the result"),
    Event.FINISH: L("finishing the certificate"),
    Event.DELIVER: L("delivering"),
    Event.WITHDRAW: L("withdrawing"),
    Event.RETURN: L("sending back"),
    Event.TERMINATE: L("terminating"),
    Event.REVOKE: L("revoking the result"),
    Event.ARCHIVE: L("archiving"),
    Event.ASK_HEARING: L("asking for a hearing"),
    Event.MOVE_HEARING: L("changing the hearing"),
    Event.CLAIM: L("taking on a task"),
    Event.ASSIGN: L("giving a task to somebody"),
    Event.TRANSFER: L("passing a task on"),
    Event.CONSULT: L("asking another agency"),
    Event.OPINION: L("giving an opinion"),
    Event.SILENCE: L("consent by silence"),
    Event.RATE: L("rating"),
    Event.RECOMPUTE: L("computing the limits anew"),
    Event.URGE: L("urging"),
    Event.COMPLAIN: L("complaint"),
    Event.COMMIT: L("promise in place of proofs"),
    Event.CHECK: L("checking a promise afterwards"),
    Event.HAND_IN: L("handing in later papers"),
}
ID_TYPES = {"111": "居民身份证", "553": "外国人永久居留身份证", "001": "统一社会信用代码"}
"""Kinds of identity numbers as papers name them."""
LICENCE_TYPE = "01"  # administrative licence, GB/T 39046 code set A.1
NOTES = frozenset(
    {
        Event.RECOMPUTE,
        Event.URGE,
        Event.COMPLAIN,
        Event.COMMIT,
        Event.CHECK,
        Event.HAND_IN,
        Event.CORRECT_FORM,
    }
)
"""Events that are kept with a case and move it nowhere."""


def state_name(state: State | None) -> object:
    """The state's name for screens; a case that is not there yet is new."""
    return L("new") if state is None else STATE_NAMES[state]
