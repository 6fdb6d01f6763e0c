"""The ways out: each takes a parcel to one address, or says why it could not and whether trying again may help.

None of them decides who is told, when, or what; none keeps anything.
"""

from __future__ import annotations

from typing import Protocol

from foedus.alerts.saying import Parcel
from foedus.alerts.settings import Lane
from foedus.words import mark

# What an operator is told of an attempt that failed, by its code.
PROBLEMS: dict[str, str] = {
    "refused": mark("the address was refused: ask the person for another, and import it"),
    "greylisted": mark("the relay put it off (greylisting): it is tried again by itself"),
    "relay": mark("the relay does not take our mail: check user, password and sender in the settings"),
    "tls": mark("no TLS with the other side: renew its certificate or name its authority; nothing is sent without TLS"),
    "unreachable": mark("the other side cannot be reached: check its address and the network; it is tried again"),
    "timeout": mark("no answer in time: it is tried again, others are not held up"),
    "busy": mark("the other side says that it cannot now: it is tried again until the alert expires"),
    "gone": mark("the other side says that there is nobody at this address: ask the person for another"),
    "absent": mark("the settings have no such channel: add it, or import the person with another"),
    "library": mark("Apprise could not deliver it: check the address; it is tried again"),
    "fault": mark("the channel itself failed: the log says how; it is tried again"),
    "left": mark("the person or the address is no longer among the contacts"),
}


class Unsent(Exception):
    """The parcel did not go out. `code`: of PROBLEMS. `lasting`: trying again does not help."""

    def __init__(self, code: str, detail: str = "", *, lasting: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.detail = " ".join(detail.split())[:200]
        self.lasting = lasting


class Way(Protocol):
    """A channel, open as long as alerts go out."""

    @property
    def lane(self) -> Lane:
        """What it may take."""

    async def send(self, address: str, parcel: Parcel) -> str:
        """Take the parcel there; the provider's name for it, empty when it has none. Raises Unsent."""

    async def close(self) -> None:
        """Let go of connections."""
