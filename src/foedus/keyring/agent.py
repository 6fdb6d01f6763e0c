"""Keys held by an ssh-agent: listed and asked to sign, over the socket that SSH_AUTH_SOCK names.

The two requests of draft-ietf-sshm-ssh-agent that this needs, and no other: keys are never added or taken out.
Keys of other kinds than ssh-ed25519 are passed over. An answer is bounded in size and time, and what it says of
itself is checked; whether its signature holds is for OutsideKey.
"""

from __future__ import annotations

import os
import socket
from base64 import b64encode
from hashlib import sha256
from typing import NamedTuple

from foedus.errors import Conflict, Malformed
from foedus.keyring import AGENT, OutsideKey
from foedus.record.keys import PUBLIC_KEY_BYTES, SIGNATURE_BYTES

FAILURE, REQUEST_IDENTITIES, IDENTITIES_ANSWER, SIGN_REQUEST, SIGN_RESPONSE = 5, 11, 12, 13, 14
ED25519 = b"ssh-ed25519"  # RFC 8709: its signature is that of RFC 8032 over the very bytes sent
MAX_ANSWER_BYTES = 256 * 1024  # OpenSSH's own bound
TIMEOUT_SECONDS = 120  # an agent may ask a person first, or wait for a touch


class AgentKey(NamedTuple):
    """A key in the agent: its comment, its fingerprint as `ssh-add -l` shows it, and the key itself."""

    comment: str
    fingerprint: str
    key: OutsideKey


def find(wanted: str) -> AgentKey:
    """The agent's Ed25519 key with this fingerprint (`SHA256:…`) or comment.

    Raises Malformed when there is no agent, no such key or several, Conflict when the agent does not answer.
    """
    path = os.environ.get("SSH_AUTH_SOCK")
    if not path:
        raise Malformed(
            "{key}: SSH_AUTH_SOCK names no ssh-agent: start one, and add the key with ssh-add", key=AGENT + wanted
        )
    held = _keys(path)
    found = [each for each in held if wanted in (each.fingerprint, each.comment)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{each.fingerprint} ({each.comment[:80]!r})" for each in found or held) or "—"
    raise Malformed(
        "{key}: {found} such keys, exactly one expected; Ed25519 keys in the agent: {listed}",
        key=AGENT + wanted,
        found=len(found),
        listed=listed,
    )


def _keys(path: str) -> list[AgentKey]:
    answer = _Answer(_asked(path, bytes([REQUEST_IDENTITIES])), IDENTITIES_ANSWER)
    keys = []
    for _ in range(answer.number()):
        blob, comment = answer.string(), answer.string().decode("utf-8", "replace")
        kind = _Answer(blob)
        if kind.string() == ED25519:
            public = kind.string()
            if len(public) != PUBLIC_KEY_BYTES:
                raise Malformed(
                    "the ssh-agent gave a public key of {found} bytes, {expected} expected: nothing was signed",
                    found=len(public),
                    expected=PUBLIC_KEY_BYTES,
                )
            fingerprint = f"SHA256:{b64encode(sha256(blob).digest()).decode().rstrip('=')}"
            keys.append(AgentKey(comment, fingerprint, _key(path, public, blob, fingerprint)))
    return keys


def _key(path: str, public: bytes, blob: bytes, fingerprint: str) -> OutsideKey:
    def sign(message: bytes) -> bytes:
        request = bytes([SIGN_REQUEST]) + _string(blob) + _string(message) + bytes(4)
        answer = _Answer(_asked(path, request), SIGN_RESPONSE)
        signature = _Answer(answer.string())
        if signature.string() != ED25519 or len(said := signature.string()) != SIGNATURE_BYTES:
            raise Malformed("the ssh-agent gave a signature of another kind than Ed25519: nothing was signed")
        return said

    return OutsideKey(public, AGENT + fingerprint, sign)


def _asked(path: str, request: bytes) -> bytes:
    """One request and its answer, on a connection of its own. Raises Conflict when none comes."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(TIMEOUT_SECONDS)
            agent.connect(path)
            agent.sendall(_string(request))
            size = int.from_bytes(_read(agent, 4), "big")
            if size > MAX_ANSWER_BYTES:
                raise Malformed(
                    "the ssh-agent gave an answer of {found} bytes, at most {most} expected: nothing was signed",
                    found=size,
                    most=MAX_ANSWER_BYTES,
                )
            return _read(agent, size)
    except OSError as problem:
        raise Conflict(
            "the ssh-agent at {path} does not answer: {problem}; nothing was signed: see that it runs and holds the key"
            " (ssh-add -l), and try again",
            path=path,
            problem=problem.strerror or problem,
        ) from None


def _read(agent: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = agent.recv(size - len(data))
        if not part:
            raise ConnectionError("it ended in the middle of an answer")
        data += part
    return data


class _Answer:
    """Bytes of the SSH encoding (RFC 4251 section 5), read from the front. Raises Malformed where they end early."""

    def __init__(self, data: bytes, expected: int | None = None) -> None:
        self._data = data
        if expected is None:
            return
        kind = self._take(1)[0]
        if kind == FAILURE:
            raise Conflict(
                "the ssh-agent declined: nothing was signed; it may be locked, the key removed or the question "
                "answered with no; try again"
            )
        if kind != expected:
            raise Malformed(
                "the ssh-agent gave an answer of kind {found}, {expected} expected: nothing was signed",
                found=kind,
                expected=expected,
            )

    def number(self) -> int:
        """A uint32."""
        return int.from_bytes(self._take(4), "big")

    def string(self) -> bytes:
        """A string: its length, and as many bytes."""
        return self._take(self.number())

    def _take(self, size: int) -> bytes:
        taken, self._data = self._data[:size], self._data[size:]
        if len(taken) < size:
            raise Malformed("the ssh-agent gave an answer that is cut off: nothing was signed")
        return taken


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
