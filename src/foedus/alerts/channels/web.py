"""Channels over HTTPS: webhooks, signed as Standard Webhooks describes; Matrix rooms; any gateway of text messages.

No redirection is followed, and what is answered is read no further than it must be. Chats and text messages get the
line without content.
"""

from __future__ import annotations

import base64
import hmac
import ssl
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from foedus.alerts.channels import Unsent
from foedus.alerts.saying import Parcel
from foedus.alerts.settings import Matrix, Sms, Webhook

_AGAIN = frozenset({401, 403, 408, 425, 429})  # what may pass, or is for the operator to mend
_REFUSED = 400
_FAILED = 500


class _Web:
    """One client, as many connections as its lane lets begin."""

    def __init__(self, timeout: float) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
        self._client = httpx.AsyncClient(timeout=timeout, limits=limits, follow_redirects=False, trust_env=False)

    async def close(self) -> None:
        """See Way."""
        await self._client.aclose()

    async def _ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            async with self._client.stream(method, url, **more) as answer:
                if answer.is_success and "json" in answer.headers.get("content-type", ""):
                    await answer.aread()
        except httpx.TimeoutException as problem:
            raise Unsent("timeout", type(problem).__name__) from None
        except httpx.HTTPError as problem:
            code = "tls" if isinstance(problem.__cause__, ssl.SSLError) or "SSL" in str(problem) else "unreachable"
            raise Unsent(code, str(problem)) from None
        if answer.is_success:
            return answer
        status = answer.status_code
        lasting = _REFUSED <= status < _FAILED and status not in _AGAIN
        raise Unsent("gone" if lasting else "busy", str(status), lasting=lasting)


class WebhookWay(_Web):
    """A call for each alert. The receiver checks `webhook-signature` and folds by `webhook-id`."""

    def __init__(self, lane: Webhook, secret: str) -> None:
        super().__init__(lane.timeout)
        self.lane = lane
        self._secret = secret.encode()

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        body = msgspec.json.encode(_open(parcel))
        stamp = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "content-type": "application/json", "webhook-id": parcel.id, "webhook-timestamp": stamp,
            "webhook-signature": signature(self._secret, parcel.id, stamp, body),
        }  # fmt: skip
        await self._ask("POST", address, content=body, headers=headers)
        return parcel.id


def signature(secret: bytes, id_: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.stamp.body` (Standard Webhooks, section Signature scheme)."""
    sum_ = hmac.digest(secret, f"{id_}.{stamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(sum_).decode()}"


def _open(parcel: Parcel) -> dict[str, object]:
    """What a webhook is told: of a closed parcel no more than the line without content."""
    told = parcel.brief if parcel.closed else parcel.text
    return {
        "id": parcel.id, "kind": "alert" if parcel.closed else parcel.kind, "exercise": parcel.exercise,
        "subject": parcel.subject, "text": told, "at": parcel.at, "due_at": parcel.due_at, "code": parcel.code,
    }  # fmt: skip


class MatrixWay(_Web):
    """A line in a room. The transaction is named by the parcel, so that the home server folds what comes twice."""

    def __init__(self, lane: Matrix, token: str) -> None:
        super().__init__(lane.timeout)
        self.lane = lane
        self._token = token

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        room, name = quote(address, safe=""), quote(parcel.id, safe="")
        answer = await self._ask(
            "PUT",
            f"{self.lane.server.rstrip('/')}/_matrix/client/v3/rooms/{room}/send/m.room.message/{name}",
            json={"msgtype": "m.text", "body": parcel.brief},
            headers={"authorization": f"Bearer {self._token}"},
        )
        return _named(answer, "event_id")


class SmsWay(_Web):
    """A form to a gateway."""

    def __init__(self, lane: Sms, token: str | None) -> None:
        super().__init__(lane.timeout)
        self.lane = lane
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        filled = {"{to}": address, "{text}": parcel.brief, "{id}": parcel.id}
        form = {name: filled.get(value, value) for name, value in self.lane.form.items()}
        return _named(await self._ask("POST", self.lane.url, data=form, headers=self._headers), "id")


def _named(answer: httpx.Response, field: str) -> str:
    """How the provider calls what it took; empty when it does not say."""
    try:
        found = answer.json()
    except (ValueError, httpx.StreamError):
        return ""
    return str(found.get(field, ""))[:120] if isinstance(found, dict) else ""
