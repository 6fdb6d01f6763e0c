"""One response as pages show it: who has come, how many are needed, how its clocks stand.

Values for templates and for JSON alike, read from the state as seen at the page's moment. Before a deadline a party
has "no entry yet"; only after it is it silent or absent. Counts nothing by a rule of its own: quorum is judged by the
clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from foedus.compact.model import Provision, Quorum
from foedus.compact.operators import judge
from foedus.response.state import Clock, Incident, Response
from foedus.web import marks
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.names import Names
from foedus.words.titles import INCIDENT_KINDS, MODES, ON_LAPSE, STEPS, title


class Standing(Struct, frozen=True):
    """One party on the roll: how far it has come, since when, and whether it attends remotely."""

    party: str
    name: str
    tier: str
    code: str
    at: datetime | None
    entry: int | None
    remote: bool = False


class Group(Struct, frozen=True):
    """Parties that have come equally far."""

    code: str
    mark: Mark
    members: tuple[Standing, ...]


class ClockCard(Struct, frozen=True):
    """A step's clock: the clause that set it, who started it, what follows, and the result once it has ended."""

    step: str
    words: str
    due: datetime
    started: datetime
    started_by: str
    entry: int
    provision: str
    after: str
    hard: bool
    extended: int
    met: datetime | None
    lapsed: datetime | None
    result: str = ""

    @property
    def aside(self) -> bool:
        """Ended, and nothing more hangs on it: one line is enough."""
        return self.step in ("reply", "acknowledge") and bool(self.met or self.lapsed)


class Need(Struct, frozen=True):
    """What the quorum clause asks: `needed` heads of `of`, `have` there now; `more` must still come. None: no plain
    count.
    """

    provision: Provision | None
    holds: bool
    have: int
    of: int
    needed: int | None
    more: int | None


def names(page: Page) -> Names:
    """The compact's names in the reader's language."""
    return Names(page.words, page.clauses)


def incident_of(page: Page, response: Response) -> Incident:
    """The incident on which the response rests, as seen at the page's moment."""
    found = page.see(page.state.response.incidents[response.incident])
    assert found is not None, "a response opens after its incident"
    return found


def over(page: Page, response: Response, step: str) -> bool:
    """Whether the time for a step has passed at the page's moment."""
    clock = response.clock(step)
    return clock is not None and (clock.lapsed is not None or page.now >= clock.due)


# --- who has come -----------------------------------------------------------------------------------------------------


def standings(page: Page, response: Response) -> list[Standing]:
    """Every party on the roll, by name."""
    rows = [_standing(page, response, party) for party in response.roll]
    return sorted(rows, key=lambda row: page.sort_key(row.name))


def _standing(page: Page, response: Response, party: str) -> Standing:
    tier = page.state.parties.tiers.get(party)
    where = tier[-1].value if tier else ""
    gone = _gone(page, response)
    if presence := response.present.get(party):
        code, place, remote = "present", presence.place, presence.remote
    elif named := response.delegations.get(party):
        code, place, remote = "named-absent" if gone else "named", named[-1].place, named[-1].remote
    elif acknowledged := response.acknowledged.get(party):
        code, place, remote = "absent" if gone else "acknowledged", acknowledged, False
    else:
        silent = over(page, response, "acknowledge") or gone
        return Standing(party, page.name(party), where, "silent" if silent else "none", None, None)
    return Standing(party, page.name(party), where, code, place.at, place.entry, remote)


def silent_count(page: Page, response: Response) -> int:
    """How many have said nothing after the time to acknowledge."""
    if not over(page, response, "acknowledge") and not _gone(page, response):
        return 0
    said = (response.present, response.delegations, response.acknowledged)
    return sum(1 for party in response.roll if not any(party in there for there in said))


def _gone(page: Page, response: Response) -> bool:
    """Whether it is too late to come: the time to convene passed without a meeting, or the decision is over."""
    return (over(page, response, "convene") and response.convened is None) or response.decided is not None


def groups(page: Page, rows: Sequence[Standing]) -> list[Group]:
    """The roll by how far each has come: those to call first, those present last."""
    order = ("silent", "none", "absent", "acknowledged", "named-absent", "named", "present")
    found = []
    for code in order:
        members = tuple(row for row in rows if row.code == code)
        if members:
            found.append(Group(code, marks.standing(code, page.words.gettext), members))
    return found


def need(page: Page, response: Response) -> Need:
    """How many must be present for the meeting to count as convened, by the compact's own clause."""
    clause = page.clauses.one(Quorum)
    roll, there = frozenset(response.roll), frozenset(response.present)
    if clause is None:
        return Need(None, roll == there, len(there), len(roll), len(roll), len(roll) - len(there))
    verdict = judge(clause[1].rule, page.clauses, roll, there, frozenset(), frozenset())
    first = verdict.because[0]
    needed = None
    if len(verdict.because) == 1 and first.code in ("share_of_roll", "count"):
        bound = first.needs * first.of if first.code == "share_of_roll" else first.needs
        needed = _least(bound, first.above)
    more = None if needed is None else max(0, needed - first.have)
    return Need(clause[0], verdict.holds, first.have, first.of, needed, more)


def _least(bound: Fraction, above: bool) -> int:
    """The least whole number that reaches the bound, or lies above it."""
    whole = -(-bound.numerator // bound.denominator)
    return whole + 1 if above and whole == bound else whole


# --- clocks -----------------------------------------------------------------------------------------------------------


def cards(page: Page, response: Response) -> list[ClockCard]:
    """The response's clocks in the order they fall due."""
    return sorted((_card(page, response, clock) for clock in response.clocks), key=lambda card: (card.due, card.step))


def _card(page: Page, response: Response, clock: Clock) -> ClockCard:
    _ = page.words.gettext
    words = {
        "reply": _("Reply by"),
        "acknowledge": _("Acknowledge by"),
        "convene": _("Convene by"),
        "decide": _("Decide by"),
    }
    return ClockCard(
        clock.step, words[clock.step], clock.due, clock.place.at, page.name(response.party), clock.place.entry,
        clock.provision, after(page, clock), clock.hard, len(clock.extensions),
        clock.met.at if clock.met else None, clock.lapsed.at if clock.lapsed else None,
        _("Decided") if clock.step == "decide" and response.decided else "",
    )  # fmt: skip


def after(page: Page, clock: Clock) -> str:
    """What is recorded if the time passes, as the clause says; nothing else."""
    text = title(page.words, ON_LAPSE, clock.on_lapse)
    return text[:1].upper() + text[1:]


def step_words(page: Page, step: str) -> str:
    """What a step is called."""
    return title(page.words, STEPS, step)


# --- the title: the state, not the topic ------------------------------------------------------------------------------


def what(page: Page, incident: Incident) -> str:
    """The incident in a few words: `Armed attack, Ukraine`."""
    kind = title(page.words, INCIDENT_KINDS, incident.kind)
    return f"{kind[:1].upper()}{kind[1:]}, {names(page).place(incident.territory)}"


def mode(page: Page, response: Response) -> str:
    """Response or consultation."""
    return title(page.words, MODES, response.mode)


def headline(page: Page, response: Response, *, must: bool = False) -> str:
    """Where the response stands, in one line; `must`: before it convenes, what is still needed rather than who is
    there.
    """
    _, ngettext = page.words.gettext, page.words.ngettext
    if response.closed and response.closed.value == "withdrawn":
        return _("the report was withdrawn, nothing more is decided")
    if response.decided:
        carried = sum(1 for outcome in response.decided.outcomes if outcome.carried)
        if not carried and any(outcome.joined for outcome in response.decided.outcomes):
            return _("decided, no measure is carried")
        if not carried:
            return _("decided, no measure was joined")
        return ngettext("decided, %(num)s measure goes ahead", "decided, %(num)s measures go ahead", carried)
    if response.closed:
        return _("ended without a decision")
    asked = need(page, response)
    there = {"there": page.number(asked.have), "of": page.number(asked.of)}
    if response.convened:
        return _("convened, %(there)s of %(of)s guarantors present", **there)
    if response.failed:
        return _("did not convene in time, %(there)s of %(of)s guarantors present", **there)
    if asked.more and must:
        return ngettext("%(num)s more must arrive to convene", "%(num)s more must arrive to convene", asked.more)
    silent = silent_count(page, response)
    if silent:
        return ngettext(
            "%(there)s of %(of)s guarantors present, %(num)s silent",
            "%(there)s of %(of)s guarantors present, %(num)s silent",
            silent,
            **there,
        )
    return _("%(there)s of %(of)s guarantors present", **there)
