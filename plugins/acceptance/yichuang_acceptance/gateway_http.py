"""The gateway over HTTP; a module of its own, because only the sending process needs what it imports."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import asdict
from urllib.parse import urlsplit

from yichuang_acceptance.gateways import GatewayError, Message

TIMEOUT = 10.0  # seconds
MOST_ANSWER = 65_536
TRY_AGAIN = frozenset({408, 425, 429})


class HttpGateway:
    """POST of JSON; `Idempotency-Key` is the message's key, the password goes as a bearer token.

    Args:
        address: https://…; plain http only to this machine or where the administrator chose so.
        password: From the keyring; empty for none.
    """

    def __init__(self, address: str, password: str, timeout: float = TIMEOUT) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise GatewayError(f"no address of a gateway: {address}", lasting=True)
        self._address, self._password, self._timeout = address, password, timeout
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, message: Message) -> str:
        """See `Gateway`."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.key}
        if self._password:
            headers["Authorization"] = f"Bearer {self._password}"
        body = json.dumps(asdict(message), ensure_ascii=False).encode()
        asked = urllib.request.Request(self._address, body, headers, method="POST")  # noqa: S310 - http or https, see above
        try:
            with self._opener.open(asked, timeout=self._timeout) as answer:
                return _number(answer.read(MOST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                lasting = 300 <= error.code < 500 and error.code not in TRY_AGAIN
                raise GatewayError(f"HTTP {error.code} {error.reason}", lasting=lasting) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GatewayError(f"{type(error).__name__}: {error}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere is not believed: the password would go along."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def _number(body: bytes) -> str:
    """The gateway's number in its answer; an answer without one is still an answer."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    found = answer.get("id", "") if isinstance(answer, dict) else ""
    return str(found)[:100]
