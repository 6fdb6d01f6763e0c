"""Mail by SMTP, a connection for each, with STARTTLS but to a relay on this machine. Never without TLS instead."""

from __future__ import annotations

import contextlib
import ssl
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr

import aiosmtplib

from foedus.alerts.channels import Unsent
from foedus.alerts.saying import Parcel
from foedus.alerts.settings import Mail

GREYLISTED, REFUSED = 400, 500
GOODBYE_SECONDS = 1.0
SMTP = compat32.clone(linesep="\r\n")


class MailWay:
    """A relay."""

    def __init__(self, lane: Mail, password: str | None = None) -> None:
        self.lane = lane
        self._password = password
        self._host = lane.sender.rpartition("@")[2].rstrip(">") or "localhost"
        needed = lane.starttls == "required"
        self._tls = ssl.create_default_context(cafile=lane.ca_file) if needed else None

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        lane = self.lane
        relay = aiosmtplib.SMTP(
            hostname=lane.host, port=lane.port, use_tls=False, start_tls=lane.starttls == "required",
            tls_context=self._tls, username=lane.user, password=self._password, timeout=lane.timeout,
        )  # fmt: skip
        try:
            await relay.connect()
            made = mail(parcel, lane.sender, address, self._host)
            _, said = await relay.sendmail(parseaddr(lane.sender)[1], [address], made)
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await relay.quit(timeout=GOODBYE_SECONDS)  # it has the mail, whatever it says to that
        except aiosmtplib.SMTPRecipientsRefused as problem:
            raise _refused(problem.recipients[0]) from None
        except aiosmtplib.SMTPTimeoutError as problem:
            raise Unsent("timeout", str(problem)) from None
        except aiosmtplib.SMTPResponseException as problem:
            raise _said_no(problem) from None
        except ssl.SSLError as problem:
            raise Unsent("tls", str(problem)) from None
        except (aiosmtplib.SMTPException, OSError) as problem:
            cause = problem.__cause__ or problem.__context__
            tls = isinstance(cause, ssl.SSLError) or "TLS" in str(problem) or "CERTIFICATE" in str(problem)
            raise Unsent("tls" if tls else "unreachable", str(problem)) from None
        finally:
            relay.close()
        return said[:120]

    async def close(self) -> None:
        """See Way."""


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

    Made with the plain classes of `email.mime`: the newer interface parses every header again, for each of a thousand.
    """
    made = MIMEMultipart()
    made["From"], made["To"] = sender, to
    # Told what it is called, it leaves room for that: else the first line is empty, and readers show a space before it.
    made["Subject"] = Header(parcel.subject, "utf-8", header_name="Subject").encode()
    made["Date"] = format_datetime(parcel.at)
    made["Message-ID"] = f"<{parcel.id}@{host}>"
    made["References"] = f"<{parcel.thread.replace('/', '.')}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Foedus-Alert"] = parcel.id
    made.attach(MIMEText(parcel.text, "plain", "utf-8"))
    if parcel.calendar is not None:
        made.attach(_file(MIMEText(parcel.calendar.decode(), "calendar", "utf-8"), "meeting.ics"))
    if parcel.cap is not None:
        made.attach(_file(MIMEApplication(parcel.cap, "cap+xml"), "alert.xml"))
    return made.as_bytes(policy=SMTP)


def _file(part: MIMENonMultipart, name: str) -> MIMENonMultipart:
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
