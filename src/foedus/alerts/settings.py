"""How alerts go out: one YAML file, its paths relative to it. Secrets lie in files of their own, for the owner alone.

It holds no contact and no rule: whom the compact asks for what, and by when, is the record's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from foedus.compact.duration import Duration
from foedus.errors import Malformed, Refused
from foedus.record.key_file import read_private
from foedus.yaml_file import read_yaml

Positive = Annotated[float, Meta(gt=0, le=86_400)]
Width = Annotated[int, Meta(ge=1, le=1_000)]
Span = Annotated[str, Meta(pattern=r"^P[0-9DTHMS]+\Z")]


class Lane(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one channel may take. `width`: sends at once; `quick`: after so many seconds without an answer a send gives
    up its place and goes on beside, up to `timeout`; `slow`: how many may go on so; `rate`: sends begun in a second.
    """

    width: Width = 100
    quick: Positive = 2.0
    timeout: Positive = 15.0
    slow: Width = 300
    rate: Positive = 500.0


class Mail(Lane, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The relay that takes mail. `starttls: never` is for a relay on this machine."""

    host: str
    port: Annotated[int, Meta(ge=1, le=65_535)] = 587
    sender: str
    starttls: Literal["required", "never"] = "required"
    user: str | None = None
    password_file: str | None = None
    ca_file: str | None = None


class Webhook(Lane, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`secret_file`: what signs each call, so that whoever gets it knows from whom it is."""

    secret_file: str
    width: Width = 200


class Matrix(Lane, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The home server, and the file with the access token."""

    server: str
    token_file: str


class Sms(Lane, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Any gateway that takes a form over HTTP: {to}, {text} and {id} are filled into `form`."""

    url: str
    form: dict[str, str]
    token_file: str | None = None
    width: Width = 20
    rate: Positive = 10.0


class Apprise(Lane, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What only Apprise reaches; one thread for each send, so few at once."""

    width: Width = 8
    quick: Positive = 5.0


class Escalation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """While nobody of the party has done what is asked, the next is told `every` so long; `reminders`: to all, at
    the end.
    """

    every: Span = "PT10M"
    reminders: Annotated[int, Meta(ge=0, le=50)] = 3


class Heartbeat(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an outside watchdog hears from us: a call so often, and silence when something is wrong."""

    url: str
    every: Span = "PT1M"


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file. `exercise`: whether it is for an exercise, which has its own contacts and sender addresses."""

    exercise: bool
    contacts: str = "contacts.sealed"
    key: str = "contacts.key"
    state: str = "deliveries.db"
    link: str = ""
    mail: Mail | None = None
    webhook: Webhook | None = None
    matrix: Matrix | None = None
    sms: Sms | None = None
    apprise: Apprise | None = None
    escalate: Escalation = Escalation()
    test_every: Span = "P7D"
    heartbeat: Heartbeat | None = None


class Configured(Struct, frozen=True):
    """The settings and the folder that their paths start from."""

    folder: Path
    settings: Settings

    def path(self, name: str) -> Path:
        """A file that the settings name."""
        return self.folder / name

    def secret(self, name: str) -> str:
        """What a file holds that only its owner may read. Raises Refused when others may."""
        return read_private(self.path(name), 4096).decode("utf-8", "replace").strip()

    def for_record(self, origin: str, exercise: bool) -> Configured:
        """Itself. Raises Refused when it is meant for the other kind of record."""
        if self.settings.exercise != exercise:
            raise Refused(
                "alerts/exercise",
                "these settings say exercise: {found}; the record {origin} says {expected}. A drill and a live record"
                " share neither contacts nor sender addresses",
                found=str(self.settings.exercise).lower(), expected=str(exercise).lower(), origin=origin,
            )  # fmt: skip
        return self


def read_settings(path: Path) -> Configured:
    """The settings of a file. Raises Malformed with the place of what is wrong."""
    settings = read_yaml(path, Settings)
    for url in (settings.matrix and settings.matrix.server, settings.sms and settings.sms.url):
        if url and not _safe(url):
            raise Malformed("{path}: {url}: an address that begins with https:// was expected", path=path, url=url)
    return Configured(path.absolute().parent, settings)


def _safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))


def seconds(span: str) -> float:
    """A span of the settings in seconds. Raises Malformed."""
    return float(Duration.parse(span).seconds)
