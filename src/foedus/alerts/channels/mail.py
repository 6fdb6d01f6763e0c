"""Mail by SMTP, with STARTTLS but to a relay on this machine. Never without TLS instead.

A connection that has taken a mail takes the next, until none came for a while; one that failed is not used again.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from functools import lru_cache

import aiosmtplib

from foedus.alerts.channels import Unsent
from foedus.alerts.saying import Parcel
from foedus.alerts.settings import Mail

GREYLISTED, CLOSING, REFUSED = 400, 421, 500
GOODBYE_SECONDS, IDLE_SECONDS = 1.0, 10.0
BOUNDARY = "=_foedus_"
SMTP = compat32.clone(linesep="\r\n")


class MailWay:
    """A relay."""

    def __init__(self, lane: Mail, password: str | None = None) -> None:
        self.lane = lane
        self._password = password
        self._host = lane.sender.rpartition("@")[2].rstrip(">") or "localhost"
        needed = lane.starttls == "required"
        self._sender = parseaddr(lane.sender)[1]
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []  # until when each waits for a mail
        self._reaping: asyncio.TimerHandle | None = None
        self._tls = ssl.create_default_context(cafile=lane.ca_file) if needed else None

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        made = mail(parcel, self.lane.sender, address, self._host)
        idle = self._waiting()
        if idle is not None:
            with contextlib.suppress(_GoneError):
                return await self._send(idle, address, made, used=True)
        return await self._send(self._new(), address, made, used=False)

    async def _send(self, relay: aiosmtplib.SMTP, address: str, made: bytes, *, used: bool) -> str:
        """Over this connection. Raises Unsent, and _GoneError when one that was used before is no more."""
        kept = False
        try:
            if not used:
                await relay.connect()
            _, said = await relay.sendmail(self._sender, [address], made)
            kept = True
        except aiosmtplib.SMTPRecipientsRefused as problem:
            raise _refused(problem.recipients[0]) from None
        except aiosmtplib.SMTPTimeoutError as problem:
            raise Unsent("timeout", str(problem)) from None
        except aiosmtplib.SMTPResponseException as problem:
            if used and problem.code == CLOSING:
                raise _GoneError from None
            raise _said_no(problem) from None
        except ssl.SSLError as problem:
            raise Unsent("tls", str(problem)) from None
        except (aiosmtplib.SMTPException, OSError) as problem:
            if used:
                raise _GoneError from None
            cause = problem.__cause__ or problem.__context__
            tls = isinstance(cause, ssl.SSLError) or "TLS" in str(problem) or "CERTIFICATE" in str(problem)
            raise Unsent("tls" if tls else "unreachable", str(problem)) from None
        finally:
            if kept:
                self._keep(relay)
            else:
                relay.close()
        return said[:120]

    def _new(self) -> aiosmtplib.SMTP:
        lane = self.lane
        # Told how it is called, the library asks no name server for it: in a thread, for each connection.
        return aiosmtplib.SMTP(
            hostname=lane.host, port=lane.port, use_tls=False, start_tls=lane.starttls == "required",
            tls_context=self._tls, username=lane.user, password=self._password, timeout=lane.timeout,
            local_hostname=self._host,
        )  # fmt: skip

    def _waiting(self) -> aiosmtplib.SMTP | None:
        """A connection that waits for a mail and is still there."""
        while self._idle:
            _, relay = self._idle.pop()
            if relay.is_connected:
                return relay
        return None

    def _keep(self, relay: aiosmtplib.SMTP) -> None:
        """Let it wait for the next mail, and end those that have waited long enough."""
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time() + IDLE_SECONDS, relay))
        if self._reaping is None:
            self._reaping = loop.call_later(IDLE_SECONDS, self._reap)

    def _reap(self) -> None:
        loop = asyncio.get_running_loop()
        self._reaping = None
        over = [one for one in self._idle if one[0] <= loop.time()]
        self._idle = [one for one in self._idle if one[0] > loop.time()]
        for _, relay in over:
            relay.close()
        if self._idle:
            self._reaping = loop.call_later(max(0.1, self._idle[0][0] - loop.time()), self._reap)

    async def close(self) -> None:
        """See Way."""
        if self._reaping is not None:
            self._reaping.cancel()
        idle, self._idle = [relay for _, relay in self._idle], []
        await asyncio.gather(*(_goodbye(relay) for relay in idle))


async def _goodbye(relay: aiosmtplib.SMTP) -> None:
    """It has the mails, whatever it says to that."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await relay.quit(timeout=GOODBYE_SECONDS)
    relay.close()


class _GoneError(Exception):
    """The relay has ended a connection that waited: another is to be tried."""


def _refused(problem: aiosmtplib.SMTPRecipientRefused) -> Unsent:
    if problem.code >= REFUSED:
        return Unsent("refused", f"{problem.code} {problem.message}", lasting=True)
    return Unsent("greylisted", f"{problem.code} {problem.message}")


def _said_no(problem: aiosmtplib.SMTPResponseException) -> Unsent:
    """What the relay holds against all mail of ours is for the operator to mend, and does not last for the person."""
    said = f"{problem.code} {problem.message}"
    temporary = GREYLISTED <= problem.code < REFUSED
    if isinstance(problem, aiosmtplib.SMTPDataError) and not temporary:
        return Unsent("refused", said, lasting=True)
    return Unsent("greylisted" if temporary else "relay", said)


def mail(parcel: Parcel, sender: str, to: str, host: str) -> bytes:
    """The parcel as a mail: with its invitation and its CAP alert, in the thread of its case.

    Put together of lines: what a thousand people get alike is encoded once, and only what is each one's own anew. No
    base64 has the boundary in it.
    """
    head = {
        "From": _field("From", sender), "To": _field("To", to), "Subject": _subject(parcel.subject),
        "Date": format_datetime(parcel.at), "Message-ID": f"<{parcel.id}@{host}>",
        "References": f"<{parcel.thread.replace('/', '.')}>", "Auto-Submitted": "auto-generated",
        "X-Foedus-Alert": parcel.id, "MIME-Version": "1.0",
        "Content-Type": f'multipart/mixed; boundary="{BOUNDARY}"',
    }  # fmt: skip
    parts = [_text(parcel.text)]
    if parcel.calendar is not None:
        parts.append(_calendar(parcel.calendar))
    if parcel.cap is not None:
        parts.append(_cap(parcel.cap))
    lines = [f"{name}: {value}".encode("ascii") for name, value in head.items()]
    for part in parts:
        lines += [b"", f"--{BOUNDARY}".encode(), part]
    return b"\r\n".join([*lines, f"--{BOUNDARY}--".encode(), b""])


def _text(text: str) -> bytes:
    body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + body


@lru_cache(maxsize=512)
def _subject(subject: str) -> str:
    # Told what it is called, it leaves room for that: else the first line is empty, and readers show a space before it.
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=4096)
def _field(name: str, value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


@lru_cache(maxsize=64)
def _calendar(calendar: bytes) -> bytes:
    return _file(MIMEText(calendar.decode(), "calendar", "utf-8"), "meeting.ics")


@lru_cache(maxsize=64)
def _cap(cap: bytes) -> bytes:
    return _file(MIMEApplication(cap, "cap+xml"), "alert.xml")


def _file(part: MIMENonMultipart, name: str) -> bytes:
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part.as_bytes(policy=SMTP)
