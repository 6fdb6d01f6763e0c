"""Responses for documents to tell: played to their end through `perform`, with everything a record can hold."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from foedus.compact.model import canonical
from foedus.documents import DecisionRecord, compact_of, draw_up
from foedus.documents.sheet import Block, Exact, Facts, Grid, Para, Part, Runs, Sheet, plain
from foedus.parties.acts import AmendCompact, DepositCommunication
from foedus.response import acts
from tests.plays import DAY, HOUR, Play, opened, played_on, staged

KYIV, MARE = "kyiv-2022", "mare-2030"


def record_of(play: Play, at: datetime | None = None, known: datetime | None = None) -> DecisionRecord:
    """The record of decision of R-1 as it stands, or stood."""
    at = at or play.at
    known = known or max(play.at, at)
    digest = compact_of(play.state, "R-1", at, known)
    assert digest is not None
    clauses = play.depositary.compact_by_digest(digest)
    found = draw_up(play.state, clauses, "R-1", at, known, checkpoint=play.depositary.checkpoint())
    assert found is not None
    return found


def take(play: Play, party: str, measure: str, stance: str) -> None:
    """The party takes a position that its first seat may take."""

    def fits(body: acts.TakePosition) -> bool:
        return (body.measure, body.stance) == (measure, stance)

    play.at += HOUR / 60
    assert play.somebody(acts.TakePosition, party, fits), (party, measure, stance)


@functools.cache
def full(name: str) -> Play:
    """Decided, with replaced, lapsed and confirmed positions, a new version, an objection, an extension that
    was asked for, a reply, an adjournment, a performance, and an outsider's words.
    """
    play = staged(name, "met", Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")
    first, second = (item.value for item in play.state.response.responses["R-1"].measures)
    roll = play.state.response.responses["R-1"].roll
    take(play, roll[0], first, "declines")
    take(play, roll[0], first, "joins")
    take(play, roll[1], first, "joins_ad_referendum")
    take(play, roll[2], first, "joins_ad_referendum")
    take(play, roll[3], first, "abstains")
    take(play, roll[0], second, "joins")
    assert play.somebody(acts.ReviseMeasure)
    take(play, roll[3], second, "joins")
    for kind in (acts.DeclareBadFaith, acts.ProposeExtension):
        play.somebody(kind)
    for party in roll[:2]:
        play.somebody(acts.CastVote, party)
    assert play.somebody(acts.ConfirmPosition, roll[1])
    for also in (acts.ReplyToObjection, acts.ReportPerformance, acts.AdjournMeeting, DepositCommunication):
        play.somebody(also)
    play.wait(play.at + HOUR)
    play.somebody(acts.ResumeMeeting)
    decide = play.state.response.responses["R-1"].clock("decide")
    assert decide is not None
    play.wait(decide.due)
    play.wait(play.at + 5 * DAY)
    return play


@functools.cache
def at_stage(name: str, stage: str) -> Play:
    """A record played up to the end of a stage."""
    return staged(name, stage, Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")


@functools.cache
def live() -> Play:
    """A record that is no exercise, just activated."""
    folder = Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record"
    return played_on(opened(KYIV, folder, exercise=False), KYIV, "activated")


@functools.cache
def withdrawn() -> Play:
    """The report was mistaken."""
    play = staged(KYIV, "activated", Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")
    play.at += HOUR
    assert play.somebody(acts.WithdrawIncident)
    return play


@functools.cache
def amended() -> Play:
    """The parties amended the compact while the response ran."""
    play = staged(KYIV, "met", Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")
    text = canonical(replace(play.clauses.compact, dated=date(2031, 3, 1)))
    digest = hashlib.sha256(text).hexdigest()
    with play.depositary.store.write() as write:
        write.put_blob(digest, text)
    for party in sorted(play.state.parties.tiers):
        play.at += HOUR / 60
        play.do(f"{party}/head", AmendCompact(digest))
    assert play.state.parties.compact == digest
    play.wait(play.at + 4 * DAY)
    return play


@functools.cache
def unmet() -> Play:
    """Nobody came, and the time to decide ran out all the same."""
    play = staged(KYIV, "activated", Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")
    play.wait(play.at + 4 * DAY)
    return play


@functools.cache
def late() -> Play:
    """Somebody reports after the deadline what it had owed at once."""
    play = staged(KYIV, "activated", Path(tempfile.mkdtemp(prefix="foedus-told-")) / "record")
    play.wait(play.at + 4 * DAY)
    assert play.somebody(acts.ReportPerformance)
    return play


TOLD: dict[str, Callable[[], Play]] = {
    "kyiv activated": lambda: at_stage(KYIV, "activated"),
    "kyiv met": lambda: at_stage(KYIV, "met"),
    "kyiv decided": lambda: at_stage(KYIV, "decided"),
    "kyiv with everything": lambda: full(KYIV),
    "mare met": lambda: at_stage(MARE, "met"),
    "mare with everything": lambda: full(MARE),
    "amended": amended,
    "withdrawn": withdrawn,
    "nobody came": unmet,
    "live": live,
}


# --- reading a sheet ------------------------------------------------------------------------------------------


def blocks(of: Sheet | tuple[Block, ...]) -> list[Block]:
    """Every block of a sheet, those within parts too."""
    found: list[Block] = []
    for block in of if isinstance(of, tuple) else [one for section in of.sections for one in section.blocks]:
        found += [block, *(blocks(block.blocks) if isinstance(block, Part) else [])]
    return found


def lines(sheet: Sheet) -> list[Runs]:
    """Every line of a sheet."""
    found = [sheet.standing, *sheet.brief, *sheet.notes]
    for block in blocks(sheet):
        if isinstance(block, Para):
            found.append(block.runs)
        elif isinstance(block, Facts):
            found += [runs for _, runs in block.rows]
        elif isinstance(block, Grid):
            found += [cell for row in block.rows for cell in row]
    return found


def said(sheet: Sheet) -> str:
    """All the words of a sheet."""
    heads = [sheet.over, sheet.title, sheet.under, *(section.title for section in sheet.sections)]
    for block in blocks(sheet):
        if isinstance(block, Part):
            heads.append(block.title)
        elif isinstance(block, Facts):
            heads += [name for name, _ in block.rows]
        elif isinstance(block, Grid):
            heads += [block.caption, *(column.title for column in block.columns)]
        elif isinstance(block, Exact):
            heads += [block.caption, block.text]
    return "\n".join([*heads, *(plain(line) for line in lines(sheet))])


def grid(sheet: Sheet, section: str) -> Grid:
    """The first table of a section."""
    found = next(one for one in sheet.sections if one.id == section)
    return next(block for block in blocks(found.blocks) if isinstance(block, Grid))
