"""What the mix of `bench/mix.py` does about sanctions, round after round: every act that the Kyiv text permits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from foedus import archive
from foedus.acts import Attachment, Body
from foedus.compact.model import Condition
from foedus.response import acts as r
from foedus.sanctions import acts as s
from foedus.sanctions.conditions import appraised
from foedus.sanctions.lists.canonical import in_order, rows, target
from foedus.sanctions.lists.model import Name
from foedus.sanctions.renewals import next_end
from foedus.sanctions.schedules import Row, encode

if TYPE_CHECKING:
    from bench.mix import Mix

Said = tuple[str, Body, tuple[Attachment, ...]]


def said(mix: Mix, round_: int) -> Iterator[Said]:
    """Listings of four issuers through their life: proposed, adopted, before courts, eased, ended, enacted again."""
    known = mix.state.sanctions
    some = [party for party in mix.some(round_) if party != "EUE"][:4]
    instrument, at = f"order-{round_}", mix.at
    for number, party in enumerate(some):
        seat, target = f"{party}/foreign", f"T-{round_}-{number}"
        other = some[(number + 1) % len(some)]
        yield seat, s.ProposeListing(other, f"P-{round_}-{number}", "trade", "national"), ()
        yield seat, s.AdoptListing(target, "asset_freeze", "national", instrument, at), ()
        listing = f"{party}/asset_freeze/{target}"
        yield seat, s.AmendListing(listing, f"{instrument}-a", at), ()
        yield seat, s.RecordCase(listing, "case"), ()
        outcome: Literal["annulled", "dismissed"] = "dismissed" if number % 2 else "annulled"
        yield seat, s.RecordJudgment(listing, "case", outcome, at), ()
        table = archive.put(mix.depositary.store, encode([Row("T-1"), Row(f"T-{round_}-{number}")]))
        yield seat, s.AdoptSchedule(table, 2, "travel_ban", "national", instrument, at), ()
        schedule = f"S-{len(mix.state.sanctions.schedules)}"
        yield seat, s.GrantExemption(schedule, "medicine", "humanitarian"), ()
        yield seat, s.Delist(f"{schedule}/T-1", "deceased", instrument, at), ()
        yield seat, s.GrantRelief(schedule, "suspended", instrument, at), ()
    yield from _lists(mix, some, round_)
    yield from _renewal(mix, round_)
    yield from _easing(mix, some)
    for id_, snapback in known.snapbacks.items():
        if snapback.missing and snapback.stopped is None:
            party = snapback.missing[0]
            yield f"{party}/foreign", s.EnactReinstatement(id_, instrument, at), ()
    if known.snapbacks:
        yield f"{some[0]}/foreign", s.VoteToContinueRelief(f"SB-{len(known.snapbacks)}", "no"), ()


def _lists(mix: Mix, some: list[str], round_: int) -> Iterator[Said]:
    """A version of a published list, of two entries; somebody says that they are one, and then that they are not."""
    entries = [target(f"{round_}-{one}", "organisation", [Name(f"Company {round_}")]) for one in "ab"]
    held = archive.put(mix.depositary.store, rows(in_order(entries)))
    file = archive.put(mix.depositary.store, f"as published {round_}".encode())
    yield f"{some[0]}/foreign", s.DepositList(some[0], "bench-list", held, file, len(entries)), ()
    one, other = (f"bench-list:{each.id}" for each in entries)
    judgments: tuple[Literal["same", "different"], ...] = ("same", "different")
    for seat, judgment in zip(some, judgments, strict=False):
        yield f"{seat}/foreign", s.JudgeTargets(one, other, judgment), ()


def _renewal(mix: Mix, round_: int) -> Iterator[Said]:
    """The Union lists, a member refuses and thinks better of it, and the regime is renewed."""
    seat, key = "EUE/foreign", "EUE/eu-individual"
    listed = s.AdoptListing(f"T-{round_}", "travel_ban", "eu-individual", f"decision-{round_}", mix.at)
    yield seat, listed, ()
    ends_at = mix.state.sanctions.regimes[key].ends_at[-1].value
    if ends_at is not None and ends_at < mix.at + timedelta(days=300):
        yield "POL/foreign", s.RefuseRenewal("EUE", "eu-individual"), ()
        yield "POL/foreign", s.RefuseRenewal("EUE", "eu-individual", refuses=False), ()
        regime = mix.in_force().regime("eu-individual")
        following = next_end(regime[1], ends_at) if regime else None
        assert following is not None, "a regime that ended once ends again"
        until = (following - timedelta(days=1)).date()
        yield seat, s.RenewRegime("eu-individual", until, f"decision-{round_}"), ()


def _easing(mix: Mix, some: list[str]) -> Iterator[Said]:
    """Conditions attested and contested by a few, which is not enough; once by all, and then an easing is put."""
    files = (mix.file,)
    evidence = (r.Evidence(mix.file.digest, "office", mix.at, "report"),)
    conditions = [clause.id for _, clause in mix.clauses.every(Condition)]
    met = all(one.verdict.holds for one in appraised(mix.in_force(), mix.state, mix.at))
    for condition in conditions if not met and not mix.state.sanctions.easings else conditions[:1]:
        everybody = ["UKR", *mix.named] if not mix.state.sanctions.easings else some[:2]
        for party in everybody:
            yield f"{party}/foreign", s.AttestCondition(condition, evidence), files
    if not mix.state.sanctions.easings:
        yield "UKR/foreign", s.ProposeEasing((s.Step("asset_freeze", "eased"),)), ()
        yield "UKR/foreign", s.ConsentToEasing("E-1", "abstain"), ()
    yield f"{some[2]}/foreign", s.ContestCondition(conditions[2], evidence), files
