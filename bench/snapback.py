"""How long a hundred thousand listings take to come back, and how long a question about any past day takes.

    python bench/snapback.py            a folder in the present one (SQLite)

Forty issuers list 2,500 targets each, by a table; everything is relieved as agreed, and of each table ten rows ended on
their merits. What is timed is the act by which the attack is established (signed, checked, decided, durable), then what
every single row is, and the feed by which others are told. The floor is one write and fdatasync, and for the rows one
call of an empty function each.
The same is done with 100,000 listings that stand alone, in memory: decide, follow and evolve, without the store, and
what the pages see of all targets at once.

The question is who listed a target on a day, as known on a day, over a million lifecycle events of 100,000 listings.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time

from bench.append import floor, rate
from foedus import archive, logs, rules
from foedus.acts import Act, Attachment, Body, Statement
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition
from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import exercise_compact
from foedus.feed_folder import publish
from foedus.founding import init_record
from foedus.history import Place
from foedus.parties import acts as p
from foedus.response import acts as r
from foedus.sanctions import acts, schedules
from foedus.sanctions.matrix import who_listed
from foedus.sanctions.schedules import Row
from foedus.sanctions.state import State, evolve
from foedus.sanctions.status import standing
from foedus.signing import sign, statement_for
from foedus.web.package import Packages

ISSUERS, ROWS, ENDED = 40, 2_500, 10
EVENTS, LISTINGS = 1_000_000, 100_000
START = datetime(2027, 1, 1, tzinfo=UTC)
FILE = Attachment("a" * 64, 4, "evidence")
EVIDENCE = (r.Evidence(FILE.digest, "office", START, "report"),)


class Bench:
    """A record of the exercise compact with a head's seat for each party, which performs what is said."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.keys = ExerciseKeys.create(folder)
        self.at = START
        compact = exercise_compact()
        self.clauses = Clauses.of(compact)
        heads = {(party.id, "head"): self.keys.public_of(f"{party.id}/head") for party in compact.parties}
        self.depositary = init_record(
            folder, compact, heads, self.keys.depositary_seed, origin="bench.example/snapback", exercise=True,
            clock=lambda: self.at,
        )  # fmt: skip
        self.depositary.store.put_blob(FILE.digest, b"salt" * 8 + b"file")
        self.guarantors = [one.id for one in compact.parties if one.id != "UKR" and one.heads]
        self.issuers = self.guarantors[:ISSUERS]

    def signed(self, party: str, body: Body) -> bytes:
        """The act of a party's head."""
        files = (FILE,) if isinstance(body, acts.AttestCondition) else ()
        statement = statement_for(self.depositary.state, f"{party}/head", body, self.at, attachments=files)
        return sign(statement, [self.keys.key_of(f"{party}/head")], exercise=True)

    def together(self, *said: tuple[str, Body]) -> None:
        """Acts of several parties in one transaction."""
        done = self.depositary.perform_all([self.signed(party, body) for party, body in said])
        assert not [one for one in done if isinstance(one, Exception)], done

    def eased(self, adopt: Callable[[], None], relieved: Callable[[str], list[str]]) -> None:
        """Everybody signs; `adopt` lists; what `relieved` names of each issuer is lifted as agreed."""
        tiers = self.clauses.tiers
        for party in ("UKR", *self.guarantors):
            tier = next((tier for tier in sorted(tiers) if party in self.clauses.members(tier)), None)
            self.together((party, p.SignText(self.clauses.compact.id, self.clauses.digest, tier)))
        adopt()
        everybody = ["UKR", *self.guarantors]
        for _, one in self.clauses.every(Condition):
            self.together(*((party, acts.AttestCondition(one.id, EVIDENCE)) for party in everybody))
        self.together(("UKR", acts.ProposeEasing((acts.Step("asset_freeze", "lifted"),))))
        for party in everybody:
            if self.depositary.state.sanctions.easings["E-1"].agreed is None:
                self.together((party, acts.ConsentToEasing("E-1", "yes")))
        for party in self.issuers:
            given = [acts.GrantRelief(id_, "lifted", "order", self.at, "E-1") for id_ in relieved(party)]
            self.together(*((party, body) for body in given))

    def to_the_last_vote(self) -> tuple[str, r.CastVote]:
        """An attack is reported and voted on; the vote that establishes it is given back."""
        self.at += timedelta(days=1)
        self.together(("UKR", r.ReportIncident("armed_attack", "UA", self.at)))
        self.together(("UKR", r.ProposeEstablishment("I-1")))
        ballot = self.depositary.state.response.incidents["I-1"].ballots[0].value
        needed = len(self.guarantors) // 2 + 1
        for party in self.guarantors[: needed - 1]:
            self.together((party, r.CastVote(ballot, "yes")))
        return self.guarantors[needed - 1], r.CastVote(ballot, "yes")


def by_tables(folder: Path) -> None:
    """40 tables of 2,500 rows in a record on disk."""
    bench = Bench(folder / "tables")
    targets = [[f"T-{issuer}-{number}" for number in range(ROWS)] for issuer in range(ISSUERS)]
    digests = [archive.put(bench.depositary.store, schedules.encode(Row(one) for one in table)) for table in targets]

    def adopt() -> None:
        for number, party in enumerate(bench.issuers):
            table = acts.AdoptSchedule(digests[number], ROWS, "asset_freeze", "national", "order", bench.at)
            bench.together((party, table))
            gone = [f"S-{number + 1}/{target}" for target in targets[number][:ENDED]]
            bench.together(*((party, acts.Delist(id_, "grounds_gone", "order", bench.at)) for id_ in gone))

    order = {party: f"S-{number + 1}" for number, party in enumerate(bench.issuers)}
    bench.eased(adopt, lambda party: [order[party]])
    keys = [logs.log_key(bench.depositary.state)]
    publish(bench.depositary, folder / "public", bench.at, keys)
    party, vote = bench.to_the_last_vote()
    envelope = bench.signed(party, vote)
    with floor(folder) as once:
        syncs = rate(200, once)
    start = perf_counter()
    bench.depositary.perform(envelope)
    recorded = perf_counter()
    state, back, kept = bench.depositary.state.sanctions, 0, 0
    for number, table in enumerate(targets):
        schedule = state.schedules[f"S-{number + 1}"]
        for _, now in schedules.standings(state, schedule, table, bench.at, bench.at):
            assert now is not None
            back += now.status == "reinstated" and now.in_law == "owed"
            kept += now.status == "lifted"
    seen = perf_counter()
    assert (back, kept) == (ISSUERS * (ROWS - ENDED), ISSUERS * ENDED)
    started = process_time()
    published = publish(bench.depositary, folder / "public", bench.at, keys)
    written, busy = perf_counter(), process_time() - started
    size = sum(file.stat().st_size for file in (folder / "public").rglob("*") if file.is_file())
    assert published.changes == back, "what stays as it is has not changed"
    rows = ISSUERS * ROWS
    calls = rate(rows, lambda: None)
    print(f"floor: {syncs:,.0f} fdatasync/s · {calls:,.0f} empty calls/s")
    print(
        f"{rows:,} listings over {ISSUERS} issuers, by tables: recorded in {(recorded - start) * 1e3:.1f} ms "
        f"= {(recorded - start) * syncs:.1f} fdatasync; each row's status in {seen - recorded:.2f} s "
        f"({rows / (seen - recorded):,.0f}/s = 1/{calls * (seen - recorded) / rows:,.0f} of empty calls); "
        f"together {seen - start:.2f} s (wanted 2.00)"
    )
    print(
        f"its delta feed, {published.changes:,} changes signed and published, all rows as entities and CSV: written "
        f"in {written - seen:.2f} s (wanted 5.00), {busy:.2f} s of a processor; the folder has {size / 1e6:.0f} MB"
    )


def alone(folder: Path) -> None:
    """100,000 listings that stand alone, in memory: the last vote decided, followed and evolved."""
    bench = Bench(folder / "alone")
    each = LISTINGS // ISSUERS
    bench.eased(lambda: None, lambda party: [])
    place = Place(bench.at, bench.at, 0)
    known = bench.depositary.state.sanctions
    for party in bench.issuers:
        for number in range(each):
            id_ = f"{party}/asset_freeze/T-{number}"
            listed = acts.ListingAdopted(id_, party, f"T-{number}", "asset_freeze", "national", "order", bench.at)
            known = evolve(known, listed, place)
            known = evolve(known, acts.ReliefGranted(id_, "lifted", "E-1", "order", bench.at), place)
    party, vote = bench.to_the_last_vote()
    whole = bench.depositary.state
    packages = Packages()
    packages.overview(bench.clauses, known, {}, bench.at, bench.at, past=False)  # as a console has it that runs
    before = type(whole)(whole.size, whole.at, whole.seen, whole.parties, whole.response, whole.commitments, known)
    statement = Statement("bench", "f" * 32, f"{party}/head", bench.at, bench.clauses.digest, "instrument", vote)
    act = Act(statement.id, statement.seat, party, "head", (statement.seat,), vote, statement)
    start, started = perf_counter(), process_time()
    events, after = rules.enact(bench.clauses, before, act, bench.at)
    decided = perf_counter()
    owed = packages.overview(bench.clauses, after.sanctions, {}, bench.at, bench.at, past=False).owed
    shown, back = perf_counter(), 0
    for one in after.sanctions.listings.values():
        now = standing(after.sanctions, one, bench.at, bench.at)
        back += now is not None and now.in_law == "owed"
    seen, busy = perf_counter(), process_time() - started
    assert (back, len(owed)) == (LISTINGS, each)
    assert any(isinstance(event, acts.SnappedBack) and event.returned == LISTINGS for event in events)
    print(
        f"{LISTINGS:,} listings that stand alone, in memory: decided in {decided - start:.2f} s, all targets as pages "
        f"show them in {shown - decided:.2f} s, each one's status in {seen - shown:.2f} s; together "
        f"{seen - start:.2f} s (wanted 2.00), {busy:.2f} s of a processor"
    )


def as_of() -> None:
    """A million events, and questions about random targets on random days."""
    random = Random(5)
    state, events = State(), 0
    begun = perf_counter()
    while events < EVENTS:
        number, step = events % LISTINGS, events // LISTINGS
        issuer, target = f"X{number % ISSUERS:02}", f"T-{number // ISSUERS}"
        id_ = f"{issuer}/asset_freeze/{target}"
        at = START + timedelta(days=30 * step)
        state = evolve(state, _event(step, id_, issuer, target, at), Place(at, at + timedelta(days=step % 3), events))
        events += 1
    built = perf_counter() - begun
    spent, busy = [], []
    for _ in range(2_000):
        target = f"T-{random.randrange(LISTINGS // ISSUERS)}"
        day = START + timedelta(days=random.randrange(320))
        known = day + timedelta(days=random.randrange(60))
        start, started = perf_counter(), process_time()
        listed = who_listed(state, target, day, known)
        spent.append((perf_counter() - start) * 1e3)
        busy.append((process_time() - started) * 1e3)
        assert len(listed) <= ISSUERS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"as-of over {EVENTS:,} events: median {median(spent):.2f} ms, p99 {quantiles(spent, n=100)[98]:.2f} ms, worst "
        f"{max(spent):.2f} ms for a target at {ISSUERS} issuers (wanted 5.00); of a processor p99 "
        f"{quantiles(busy, n=100)[98]:.2f} ms, worst {max(busy):.2f} ms; {EVENTS / built:,.0f} events/s evolved; "
        f"process {memory:,.0f} MB"
    )


def _event(step: int, id_: str, issuer: str, target: str, at: datetime) -> acts.SanctionsEvent:
    """The life of a listing: adopted, amended, relieved, exempted, before a court, in turn."""
    if step == 0:
        return acts.ListingAdopted(id_, issuer, target, "asset_freeze", "national", "order", at)
    if step % 4 == 1:
        return acts.ListingAmended(id_, f"order-{step}", at)
    if step % 4 == 2:
        return acts.ReliefDeviated(id_, "suspended", "P12.keep", f"order-{step}", at)
    return acts.ReliefEnded(id_) if step % 4 == 3 else acts.CaseRecorded(id_, f"case-{step}")


def main() -> None:
    """Print each figure beside its floor."""
    with tempfile.TemporaryDirectory(dir=".") as room:
        by_tables(Path(room))
        alone(Path(room))
    as_of()


if __name__ == "__main__":
    main()
