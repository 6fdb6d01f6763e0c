"""The part of the exercise about sanctions: fictional targets, listed by whom the lot names.

Relief without the others, a court that annuls, and the word on a condition are played by fictional parties alone: no
named state refuses, eases or attests anything here. That a named state does not list a target was drawn by lot.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML

from foedus import archive
from foedus.acts import Attachment, Body
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition, Regime
from foedus.depositary import Depositary
from foedus.deposited import act_of, keep
from foedus.exercise.lots import Lots
from foedus.response.acts import Evidence
from foedus.sanctions import acts
from foedus.sanctions.lists.canonical import digest_of, in_order, target
from foedus.sanctions.lists.model import Birth, Identifier, Link, ListVersion, Name, Target
from foedus.sanctions.lists.writing import ftm
from foedus.sanctions.renewals import next_end
from foedus.sanctions.schedules import Row, decode, digest, encode
from foedus.signing import attach

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ISSUERS = 9  # named states that list, drawn by lot, beside the union
REMOVED, AMENDED = "1007", "1005"  # in the second version of the list
LISTS = 0.8  # the chance that an issuer lists a target


class Stage(Protocol):
    """What this part needs of the exercise that is being built."""

    depositary: Depositary
    clauses: Clauses
    named: list[str]
    fictional: list[str]
    at: Any
    ends_at: Any

    def do(
        self, seat: str, body: Body, *also: str, attachments: tuple[tuple[Attachment, bytes, bytes], ...] = ()
    ) -> None:
        """Perform one act now."""

    def plan(self, at: Any, seat: str, body: Any, *also: str, **more: Any) -> None:
        """Perform an act at a later moment."""

    def play(self, until: Any, what: str) -> None:
        """Perform everything planned until a moment."""


def play(stage: Stage, lots: Lots) -> None:
    """Lists published, listings adopted, relief given alone, a case, a proposal, a condition attested and contested."""
    start = stage.at
    one, other, third, fourth = stage.fictional[:4]
    _publish(stage, one, later=False)
    _publish(stage, third, later=False)
    ids = [f"{one.lower()}-list.{each['published'][one]}" for each in _targets() if not each.get("later")]
    unions = [party.id for party in stage.clauses.compact.parties if not party.heads and party.id in stage.named]
    alone = [party for party in stage.named if party not in unions and not _within(stage, party, unions)]
    for number, issuer in enumerate([*unions, *lots.some(alone, ISSUERS), one, third, fourth]):
        for id_ in ids:
            if issuer == one or lots.happens(LISTS):
                at = start + (number + 1) * HOUR + lots.moment(HOUR, 90 * HOUR)
                stage.plan(at, f"{issuer}/foreign", _listing(stage, issuer, id_, at))
    stage.plan(start + 2 * HOUR, f"{other}/foreign", _schedule(stage, other, lots.some(ids, 5), start + 2 * HOUR))
    for day in range(1, 7):
        stage.play(start + day * DAY, "listings")
        _renewals(stage)
    _relief(stage, (one, third), ids, start + 7 * DAY)
    _courts(stage, (other, fourth), start + 8 * DAY)
    stage.plan(start + 9 * DAY, f"{one}/foreign", acts.ProposeListing(other, ids[-1], "travel_ban", "national"))
    _conditions(stage, (fourth, third), start + 9 * DAY)
    stage.play(start + 10 * DAY, "relief, cases and conditions")
    _publish(stage, one, later=True)
    both = next(each["published"] for each in _targets() if {one, third} <= set(each["published"]))
    first, second = (f"{publisher.lower()}-list:{both[publisher]}" for publisher in (one, third))
    stage.do(f"{third}/foreign", acts.JudgeTargets(first, second, "same"))


def _targets() -> list[dict[str, Any]]:
    path = Path(__file__).parent / "fictional_targets.yaml"
    return list(YAML(typ="safe", pure=True).load(path.read_text("utf-8")))


def _within(stage: Stage, party: str, unions: list[str]) -> bool:
    named = stage.clauses.party(party)
    return named is not None and any(union in named.part_of for union in unions)


def _publish(stage: Stage, publisher: str, *, later: bool) -> None:
    """A version of a fictional party's list: with what is listed later, one name more and one entry fewer."""
    entries = [
        _entry(each, each["published"][publisher], later=later)
        for each in _targets()
        if publisher in each["published"] and (later or not each.get("later"))
    ]
    rows = tuple(in_order(one for one in entries if not (later and one.id == REMOVED)))
    version = ListVersion(publisher, f"{publisher.lower()}-list", "ftm", stage.at.date(), digest_of(rows), rows)
    file = keep(stage.depositary.store, {f"{version.list}.ftm.json": b"".join(ftm(version))}, version)
    stage.do(f"{publisher}/foreign", act_of(version, file, version.as_of, "fictional-act-1"))


def _entry(said: dict[str, Any], id_: str, *, later: bool) -> Target:
    names = [Name(text, "primary" if number == 0 else "alias") for number, text in enumerate(said["names"])]
    if later and id_ == AMENDED:
        names.append(Name("CLA Charter (fictional)", "alias"))
    return target(
        id_,
        said["kind"],
        names,
        births=[Birth(said["born"])] if "born" in said else (),
        countries=[said["country"]] if "country" in said else (),
        identifiers=[Identifier(kind, number) for kind, number in said["numbers"].items()],
        programmes=["EXERCISE"],
        remarks=["EXERCISE. It does not exist."],
        links=_owners(id_) if later else (),
    )


def _owners(id_: str) -> Iterator[Link]:
    """Who owns the entry, and what it owns, as each side of a list says it."""
    for each in _targets():
        owned = next(iter(each["published"].values()))
        for owner, share in each.get("owners", {}).items():
            if id_ == owned:
                yield Link("owner", to=owner, share=share, note="shareholder")
            elif id_ == owner:
                yield Link("owned", to=owned, share=share, note="shareholder")


def _regime(stage: Stage, issuer: str, restriction: str) -> str:
    """The issuer's own regime for a restriction, where the compact names one; else that of every party."""
    every = [one for _, one in stage.clauses.every(Regime) if restriction in one.restrictions]
    mine = [one.id for one in every if one.issuer == issuer]
    return (mine or [one.id for one in every if stage.clauses.party(one.issuer) is None])[0]


def _listing(stage: Stage, issuer: str, id_: str, at: Any) -> Body:
    return acts.AdoptListing(id_, "asset_freeze", _regime(stage, issuer, "asset_freeze"), "exercise-act-1", at)


def _schedule(stage: Stage, issuer: str, ids: list[str], at: Any) -> Body:
    """A table in the archive."""
    table = encode(Row(id_, f"annex, {number}") for number, id_ in enumerate(sorted(ids), 1))
    archive.put(stage.depositary.store, table)
    regime = _regime(stage, issuer, "asset_freeze")
    return acts.AdoptSchedule(digest(table), len(ids), "asset_freeze", regime, "exercise-regulation-2", at)


def _relief(stage: Stage, givers: tuple[str, str], ids: list[str], at: Any) -> None:
    """Two fictional parties give relief without the others."""
    suspended = acts.GrantRelief(f"{givers[0]}/asset_freeze/{ids[1]}", "suspended", "exercise-order-3", at)
    stage.plan(at, f"{givers[0]}/foreign", suspended)
    listed = next(one for one in _listed_by(stage, givers[1]))
    lifted = acts.GrantRelief(listed, "lifted", "exercise-order-4", at + 2 * HOUR)
    stage.plan(at + 2 * HOUR, f"{givers[1]}/foreign", lifted)


def _listed_by(stage: Stage, issuer: str) -> Iterator[str]:
    return (id_ for id_ in sorted(stage.depositary.state.sanctions.listings) if id_.startswith(f"{issuer}/"))


def _courts(stage: Stage, courts: tuple[str, str], at: Any) -> None:
    """One row of a table before a court, and one listing that a court annulled."""
    schedule = next(one for one in stage.depositary.state.sanctions.schedules.values() if one.issuer == courts[0])
    listed = next(_listed_by(stage, courts[1]))
    rows = decode(archive.required(stage.depositary.store, schedule.table), schedule.table)
    stage.plan(at, f"{courts[0]}/foreign", acts.RecordCase(f"{schedule.id}/{rows[0].target}", "exercise-case-5"))
    stage.plan(at, f"{courts[1]}/foreign", acts.RecordCase(listed, "exercise-case-6"))
    annulled = acts.RecordJudgment(listed, "exercise-case-6", "annulled", at + 20 * HOUR)
    stage.plan(at + 20 * HOUR, f"{courts[1]}/foreign", annulled)


def _conditions(stage: Stage, by: tuple[str, str], at: Any) -> None:
    """One fictional party attests the first condition, another contests it, each with evidence."""
    condition = next(one.id for _, one in stage.clauses.every(Condition))
    for number, (party, kind) in enumerate(zip(by, (acts.AttestCondition, acts.ContestCondition), strict=True)):
        words = attach(b"EXERCISE. Placeholder for a report; the content is invented.\n", "evidence")
        evidence = (Evidence(words[0].digest, "fictional-office", at - HOUR, "report"),)
        stage.plan(at + number * HOUR, f"{party}/foreign", kind(condition, evidence), attachments=(words,))


def _renewals(stage: Stage) -> None:
    """Whatever ends before the exercise does is renewed at once, whichever day it is built on."""
    for known in sorted(stage.depositary.state.sanctions.regimes.values(), key=lambda one: (one.issuer, one.regime)):
        clause, ends_at = stage.clauses.regime(known.regime), known.ends_at[-1].value
        while not known.lapsed and clause and ends_at is not None and ends_at < stage.ends_at + 3 * DAY:
            following = next_end(clause[1], ends_at)
            assert following is not None, "what ended once ends again"
            body = acts.RenewRegime(known.regime, (following - DAY).date(), "exercise-renewal-7")
            stage.do(f"{known.issuer}/foreign", body)
            ends_at = following
