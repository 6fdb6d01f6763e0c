"""A message in words for one person: in full where its marking allows it, and in a line that tells nothing.

Of an act that is marked above unclassified, or released to some, no channel carries content; text messages and chats
never do. In an exercise its word stands first and last, in each of them.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.alerts.contacts import Person
from foedus.alerts.messages import Kind, Message
from foedus.compact.clauses import Clauses
from foedus.state import State
from foedus.words import mark, translator
from foedus.words.names import Names
from foedus.words.titles import ACTS, INCIDENT_KINDS, title

SAID: dict[Kind, str] = {
    "opened": mark("The guarantees are activated (%(about)s)"),
    "consultation": mark("A consultation is opened (%(about)s)"),
    "reply": mark("Your reply is requested (%(about)s)"),
    "owed": mark("Measures are owed at once (%(about)s)"),
    "measure": mark("A measure is on the table (%(about)s)"),
    "revised": mark("A measure has a new version (%(about)s): positions must be taken again"),
    "ballot": mark("A vote is open (%(about)s)"),
    "called": mark("The meeting is called (%(about)s)"),
    "convened": mark("The meeting has convened (%(about)s)"),
    "not_convened": mark("The time to convene is over, without a meeting (%(about)s)"),
    "adjourned": mark("The meeting is adjourned (%(about)s)"),
    "resumed": mark("The meeting goes on (%(about)s)"),
    "extended": mark("A deadline was moved (%(about)s)"),
    "overdue": mark("Overdue: nothing was heard from your government (%(about)s)"),
    "decided": mark("The decision has been taken (%(about)s)"),
    "closed": mark("Ended (%(about)s)"),
    "withdrawn": mark("WITHDRAWN: the report was mistaken (%(about)s)"),
    "corrected": mark("CORRECTION: what the request rests on has changed (%(about)s)"),
    "denied": mark(
        "DENIED by telephone: an office of the party that asked says that the request is not theirs (%(about)s)"
    ),
    "snapback": mark("Sanctions are back (%(about)s): your own law must follow"),
    "snapback_notified": mark("The return of sanctions was notified (%(about)s)"),
    "snapback_stopped": mark("The return of sanctions was stopped (%(about)s)"),
    "test": mark("Test of your channel"),
    "no_play": mark("NO PLAY: the exercise is stopped, something real has happened"),
}


class Parcel(Struct, frozen=True):
    """What goes to one person over one channel. `id`: by it whoever gets it twice shows it once. `thread`: of what is
    told of one case. `brief`: the line without content. `closed`: whether the whole text has none either;
    `told`: the text without what is the person's own.
    """

    id: str
    thread: str
    kind: str
    subject: str
    text: str
    brief: str
    code: str
    exercise: bool
    closed: bool
    at: datetime
    due_at: datetime | None = None
    told: str = ""
    calendar: bytes | None = None
    cap: bytes | None = None


def is_open(message: Message) -> bool:
    """Whether what it says may travel over a channel that others may read."""
    return message.marking.level == "unclassified" and not message.marking.release_to


class Alike(Struct, frozen=True):
    """What everybody who reads one language is told of a message: its first line, and what it is about."""

    head: str
    about: tuple[str, ...]


def alike(message: Message, clauses: Clauses, state: State, language: str) -> Alike:
    """What does not depend on who is told."""
    words = translator(language)
    names, _ = Names(words, clauses), words.gettext
    content = is_open(message)
    head = _(SAID[message.kind], about=message.about) if content else _("Act required") if _asks(message) else _("News")
    lines = []
    if content:
        lines += _particulars(message, state, names)
    elif message.due_at:
        lines.append(_("By: %(due)s.", due=words.moment(message.due_at)))
    if content and message.needs:
        lines.append(_("Asked of your government: %(act)s.", act=title(words, ACTS, message.needs)))
    return Alike(head, tuple(lines))


def _asks(message: Message) -> bool:
    return bool(message.needs) or message.kind in ("test", "no_play")


def say(
    message: Message, clauses: Clauses, state: State, person: Person, code: str, origin: str, link: str,
    again: str = "", *, common: Alike | None = None,
) -> Parcel:  # fmt: skip
    """The parcel. `link`: where people act; `again`: which time this is, so that a reminder is no duplicate; `common`:
    what was said before to others in this person's language.
    """
    words = translator(person.language)
    common = common or alike(message, clauses, state, person.language)
    _, head = words.gettext, common.head
    lines = [head + ".", Names(words, clauses).seat(person.seat) + ".", *common.about]
    lines.append(_("Your code: %(code)s. Confirm it with your PIN, and you are reminded no more.", code=code))
    if message.needs:
        lines.append(_("That stops reminders to you alone: only the signed act answers for your government."))
    if link:
        lines.append(f"{link.rstrip('/')}/alert/{code}")
    brief = " ".join((_("Act required") + "." if _asks(message) else _("News") + ".", person.seat + ".", code))
    subject, told = head, [head + ".", *common.about]
    if message.exercise:
        word = _("EXERCISE")
        subject, brief = f"{word} {subject} {word}", f"{word} {brief} {word}"
        lines, told = [word, *lines, word], [word, *told, word]
    name = f"{message.id}.{person.id}"
    return Parcel(
        f"{name}.{again}" if again else name, f"{message.case}@{origin}", message.kind, subject,
        "\n".join(lines) + "\n", brief, code, message.exercise, not is_open(message), message.at, message.due_at,
        "\n".join(told) + "\n",
    )  # fmt: skip


def _particulars(message: Message, state: State, names: Names) -> list[str]:
    """What it is about, by whom it was reported, and until when it can be answered."""
    words, lines = names.words, []
    response = state.response.responses.get(message.case)
    if response is not None:
        incident = state.response.incidents[response.incident]
        lines.append(
            words.gettext(
                "%(what)s; %(place)s; reported by %(party)s; request received %(moment)s.",
                what=title(words, INCIDENT_KINDS, incident.kind),
                place=names.place(incident.territory),
                party=names.party(incident.party),
                moment=words.moment(response.place.at),
            )
        )
    mine = [one for one in response.owed if message.party in one.parties] if response is not None else []
    if mine and message.kind in ("opened", "owed"):
        owed = "; ".join(names.measure(one.measure, state) for one in mine)
        due = words.moment(min(one.due_at for one in mine))
        lines.append(words.gettext("Owed at once, as agreed beforehand, by %(due)s: %(owed)s.", due=due, owed=owed))
    if message.kind in ("measure", "revised"):
        lines.append(names.measure(message.about, state) + ".")
    if message.due_at:
        lines.append(words.gettext("By: %(due)s.", due=words.moment(message.due_at)))
    return lines
