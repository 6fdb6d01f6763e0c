"""Alerts for machines: OASIS Common Alerting Protocol 1.2, private, with status Actual or Exercise.

Nobody is warned by it but those addressed: it names no area and gives the public no instruction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree

from foedus.alerts.messages import Kind, Message
from foedus.state import State

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_CANCELS: tuple[Kind, ...] = ("withdrawn",)


def cap_alert(message: Message, state: State, origin: str, subject: str, text: str, language: str) -> bytes:
    """The message as a CAP alert: Alert, Update of what it amends, or Cancel of what was withdrawn. `language`: of
    `subject` and `text` (RFC 3066).
    """
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # no prefix is None
    sender = _word(origin)
    first = _first(message, state)
    amends = "Cancel" if message.kind in _CANCELS else "Update"
    kind = amends if message.amends and first else "Alert"
    add = _adder(alert)
    add("identifier", _name(origin, message.entry, message.kind, message))
    add("sender", sender)
    add("sent", _moment(message.at))
    add("status", "Exercise" if message.exercise else "Test" if message.kind == "test" else "Actual")
    add("msgType", kind)
    add("scope", "Private")
    add("addresses", " ".join(dict.fromkeys(_word(seat) for seat in message.seats)) or _word(message.party) or sender)
    if message.exercise:
        add("note", "EXERCISE")
    if kind != "Alert" and first:
        add("references", f"{sender},{_name(origin, first[0], first[2], message)},{_moment(first[1])}")
    add("incidents", _word(message.case))
    info = _adder(etree.SubElement(alert, f"{{{NAMESPACE}}}info"))
    info("language", language)
    info("category", "Security")
    info("event", message.kind.replace("_", " "))
    info("responseType", "Execute" if message.needs else "AllClear" if kind == "Cancel" else "Monitor")
    info("urgency", "Immediate" if message.needs else "Past" if kind == "Cancel" else "Expected")
    info("severity", "Extreme" if message.needs else "Minor")
    info("certainty", "Observed" if kind != "Cancel" else "Unlikely")
    info("expires", _moment(message.expires_at))
    info("headline", subject[:160])
    info("description", _clean(text))
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8")


def _adder(parent: etree._Element) -> Callable[[str, str], None]:
    def add(name: str, said: str) -> None:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = said

    return add


def _name(origin: str, entry: int, kind: Kind, message: Message) -> str:
    """What an entry tells a party of one matter, it tells under this name: an amendment can say what it amends."""
    about = message.about if entry == message.entry else message.case
    return _word(f"{origin}.{entry}.{kind}.{about}.{message.party}")


def _first(message: Message, state: State) -> tuple[int, datetime, Kind] | None:
    """The entry that first told the party of the case, to which every amendment refers, its time, and what it told."""
    response = state.response.responses.get(message.case)
    if response is None:
        return None
    kind: Kind = "opened" if response.mode == "response" else "consultation"
    if message.party in response.addressed:
        kind = "reply"
    elif message.party not in response.roll:
        return None  # who asked was not told first
    return response.place.entry, response.place.known, kind


def _moment(at: datetime) -> str:
    """As CAP wants it: whole seconds, and UTC as -00:00 (section 3.2, dateTime)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _word(said: str) -> str:
    """Identifiers have no space, comma, less-than or ampersand."""
    return re.sub(r"[\s,<&]", "_", said)


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
