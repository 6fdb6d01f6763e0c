"""The exercise: only signed acts, the figures of 10 October 2022, and no named state that declines or fails to come."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from foedus import archive, rules
from foedus.acts import decode_entry, decode_statement
from foedus.compact.loader import bundled, load
from foedus.depositary import Depositary
from foedus.errors import Malformed, Refused
from foedus.exercise import script
from foedus.exercise.keys import FILE, ExerciseKeys
from foedus.exercise.lots import Lots
from foedus.parties.acts import EnrolSeat
from foedus.recomputed import verify
from foedus.record.envelope import EXERCISE_ACT_TYPE
from foedus.record.keys import SeedKey
from foedus.response import acts
from foedus.settling import Settling
from foedus.signing import sign, statement_for
from foedus.verify import verify_record
from foedus.vintages import newest_products, products
from tests.commitments.sources.real import DATA, needs_files
from tests.plays import HOUR, Play, opened
from tests.strategies import examples, moved, moves
from tests.test_laws import replay_equals_live_state, the_past_is_what_was_known_then, what_is_offered_is_accepted
from tests.web.small_exercise import console

TODAY = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
WITHOUT = {"declines", "abstains"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exercise built today, and closed."""
    folder = tmp_path_factory.mktemp("exercise") / "demo"
    script.build(folder, today=TODAY).close()
    return folder


@pytest.fixture(scope="module")
def built(folder: Path):
    depositary = Depositary.open(folder)
    yield depositary
    depositary.store.close()


def entries(depositary: Depositary) -> list:
    return [decode_entry(data) for data in depositary.store.entries(0)]


# --- what it is made of -------------------------------------------------------------------------------------


def test_every_entry_of_it_verifies_and_every_event_is_recomputed(folder):
    report = verify_record(folder, rules=True)
    assert report.exercise
    assert report.size > 800
    assert report.attachments_absent == 0


def test_every_act_is_of_an_exercise_and_signed_in_its_own_time(built):
    record = built.state.parties.record
    assert record.exercise
    assert record.origin.startswith("exercise.")
    for entry in entries(built):
        assert entry.act.payloadType == EXERCISE_ACT_TYPE
        statement = decode_statement(entry.act.payload)
        assert timedelta() <= entry.at - statement.issued_at < HOUR


def test_the_figures_are_those_of_10_october_2022(built):
    """General Staff of the Armed Forces of Ukraine: 84 missiles, 43 shot down; 11 + 13 drones, 3 + 10 shot down."""
    incident = built.state.response.incidents["I-2"]
    figures = {figure.what: figure.count for figure in incident.reports[-1].figures}
    assert figures == {
        "missiles_launched": 84,
        "missiles_shot_down": 43,
        "drones_launched": 11 + 13,
        "drones_shot_down": 3 + 10,
    }
    note = script.note_of(built)
    assert note is not None
    assert note.historical_day == date(2022, 10, 10)
    assert note.attack_day > TODAY.date()
    assert "General Staff" in note.source
    begun, ended = incident.occurred_from, incident.reports[-1].occurred_until
    assert (begun.astimezone(script.KYIV).hour, ended.astimezone(script.KYIV).hour) == (6, 14)
    assert begun.astimezone(script.KYIV).date() == note.attack_day


def test_it_stands_shortly_before_the_time_to_convene_is_over(built):
    response = built.state.response.responses["R-2"]
    clock = response.clock("convene")
    assert clock is not None
    assert clock.running
    assert response.convened is None
    assert response.closed is None
    assert rules.due(built.clauses, built.state, clock.due - timedelta(hours=1, minutes=24)) == ()
    assert 0 < len(response.roll) // 2 + 1 - len(response.present) <= 6
    assert built.state.response.responses["R-1"].convened is not None
    assert built.state.response.responses["R-1"].closed is not None


# --- nothing is scripted for a named state ------------------------------------------------------------------


@pytest.mark.parametrize("seed", [20221010, 1, 2, 3])
def test_no_named_state_declines_abstains_or_is_told_of_as_absent(tmp_path, seed):
    script.build(tmp_path / "demo", seed=seed, today=TODAY).close()
    depositary = Depositary.open(tmp_path / "demo")
    state, fictional = depositary.state, {party.id for party in script.fictional_parties()}
    stances: dict[str, set[str]] = {}
    for measure in state.response.measures.values():
        for party, said in measure.positions.items():
            stances.setdefault(party, set()).update(position.stance for position in said)
    assert all(not said & WITHOUT for party, said in stances.items() if party not in fictional)
    assert set().union(*stances.values()) >= WITHOUT
    assert not state.response.responses["R-2"].owed or all(
        party in owed.performed or party in fictional
        for owed in state.response.responses["R-2"].owed
        for party in owed.parties
        if owed.lapsed is not None
    )
    for response in state.response.responses.values():
        named = {party for party in response.roll if party not in fictional}
        told = set(response.decided.silent + response.decided.absent) if response.decided else set()
        told |= set(response.failed.value) if response.failed else set()
        assert not told & named
        assert not set(response.present) & fictional
    assert all(ballot.about != "objection" for ballot in state.response.ballots.values())
    depositary.store.close()


def test_whoever_is_fictional_says_so_in_its_name(built):
    for party in built.clauses.compact.parties:
        fictional = party.id in {one.id for one in script.fictional_parties()}
        assert party.fictional == fictional
        assert ("(fictional)" in party.name.en) == fictional
        assert ("(вигадан" in party.name.uk) == fictional
    assert [party for party in built.clauses.compact.parties if not party.fictional] == list(load("kyiv-2022").parties)


def test_the_source_names_no_state_in_the_part_that_declines():
    """The script asks for refusal and abstention by place in the list of fictional parties, never by a state's code."""
    text = Path(script.__file__).read_text("utf-8")
    states = {party.id for party in load("kyiv-2022").parties}
    assert not [code for code in states if re.search(rf'"{code}[/"]', text)]


# --- lots ---------------------------------------------------------------------------------------------------


def told(folder: Path) -> str:
    """What happened, without the keys, ids and salts that are drawn anew for every exercise."""
    depositary = Depositary.open(folder)
    said = []
    for entry in entries(depositary):
        body = decode_statement(entry.act.payload).body
        events = re.sub(r"\b[0-9a-f]{64}\b", "digest", str(entry.events))
        said.append(f"{entry.at} {entry.true_at} {type(body).__name__} {events}")
    depositary.store.close()
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def test_its_claims_are_nobodys_and_its_distribution_can_be_made_again(built):
    state = built.state.reparations
    (batch,) = state.batches.values()
    assert [one.to for one in batch.decisions] == ["recorded", "refused", "assessed", "awarded", "appealed", "awarded"]
    (shared,) = state.distributions.values()
    assert 0 < shared.outstanding < shared.paid
    found = verify(built.store, built.clauses, state)
    assert (found.findings, found.missing) == ((), ())
    assert all(line.startswith(b"EXERCISE-") for line in archive.required(built.store, batch.table).splitlines()[1:])


def test_it_measures_by_the_gross_domestic_product_of_every_state_that_is_named(folder, built):
    kept = newest_products(built.store)
    assert kept is not None
    assert (kept.years, kept.at <= built.state.at) == (("2021", "2022", "2023"), True)
    table = products(built.store, kept.table)
    states = {one.id for one in built.clauses.compact.parties if not one.fictional} - {"EUE"}
    assert all(table[year].keys() == states for year in kept.years)
    assert newest_products(built.store, "population") is newest_products(built.store, "defence") is None
    shown: Any = SimpleNamespace(depositary=built, keys=ExerciseKeys.open(folder, built.state))
    with console(shown) as reader:
        page = reader.sits("").words("/commitments/account?stage=committed&per=gdp")
        rows = reader.get("/commitments/account?stage=committed&format=csv&table=own-shares").text
    assert "World Bank, GDP in current US dollars (NY.GDP.MKTP.CD), 2021–2023, CC BY 4.0" in page
    assert "Not found, as no table is kept here: EUR per head and per cent of defence spending" in page
    shares = {row["party"]: row["gdp_alone_low"] for row in csv.DictReader(io.StringIO(rows))}
    assert Decimal(shares["DEU"]) > 0
    assert shares["EUE"] == "", "the table is of states"


@needs_files
def test_that_product_is_the_world_banks_to_the_dollar():
    with (DATA / "macro/gdp.csv").open(encoding="utf-8", newline="") as file:
        theirs = {(one["Country Code"], one["Year"]): Decimal(one["Value"]) for one in csv.DictReader(file)}
    ours = [*csv.DictReader((Path(script.__file__).parent / "gdp.csv").read_text("utf-8").splitlines())]
    assert len(ours) == 3 * 38
    for one in ours:
        assert abs(Decimal(one["Value"]) - theirs[one["Country Code"], one["Year"]]) <= Decimal("0.5"), one


def test_three_parties_that_run_no_server_have_settled_all_of_it(built):
    stands = Settling(built).stands()
    assert stands is not None
    assert stands.size == built.state.size
    assert (stands.newest.settles, stands.newest.at_least) == (True, 3)
    cosigned = stands.newest.cosigned
    assert len({one.party for one in cosigned if one.outside}) == len(cosigned) == 3
    last = [decode_statement(entry.act.payload).body for entry in entries(built)[-3:]]
    enrolled = {(body.party, body.role) for body in last if isinstance(body, EnrolSeat)}
    assert enrolled == {(one.party, "witness") for one in cosigned}
    assert not {one.party for one in cosigned} & {party.id for party in script.fictional_parties()}


def test_the_same_seed_draws_the_same_lots(folder, tmp_path):
    script.build(tmp_path / "same", today=TODAY).close()
    script.build(tmp_path / "other", seed=20221011, today=TODAY).close()
    assert told(tmp_path / "same") == told(folder)
    assert told(tmp_path / "other") != told(folder)


def test_a_lot_can_be_drawn_again_by_anybody():
    first, second = Lots(7), Lots(7)
    drawn = [
        (
            lots.moment(HOUR, 9 * HOUR),
            lots.happens(0.5),
            lots.one("abc"),
            lots.some("abcdef", 3),
            lots.quantity(2, 9, 2),
        )
        for lots in (first, second)
    ]
    assert drawn[0] == drawn[1]
    assert HOUR <= drawn[0][0] <= 9 * HOUR
    assert drawn[0][4] in (2, 4, 6, 8)
    assert len(Lots(1).some("ab", 5)) == 2


# --- where it is built --------------------------------------------------------------------------------------


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "letter").write_text("do not lose me")
    with pytest.raises(Malformed, match="not empty"):
        script.build(tmp_path, today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]
    assert (tmp_path / "letter").read_text() == "do not lose me"


@pytest.mark.parametrize("before", [False, True], ids=["a new folder", "an empty folder"])
def test_half_an_exercise_is_none(tmp_path, before):
    """Stopped at its last act or for want of room: the next build begins anew, and nobody is served a part of it."""
    folder = tmp_path / "demo"
    if before:
        folder.mkdir()

    def stop(what: str, done: int, of: int) -> None:
        if done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        script.build(folder, today=TODAY, progress=stop)
    assert [path.name for path in tmp_path.rglob("*")] == ["demo"] * before


def test_no_exercise_is_built_over_another(folder):
    before = sorted((path.name, path.stat().st_size) for path in folder.iterdir() if path.suffix != ".db-shm")
    with pytest.raises(Malformed, match="not empty"):
        script.build(folder, today=TODAY)
    after = sorted((path.name, path.stat().st_size) for path in folder.iterdir() if path.suffix != ".db-shm")
    assert after == before
    with pytest.raises(Malformed, match="choose another folder"):
        ExerciseKeys.create(folder)


def test_its_clock_goes_on_from_the_moment_at_which_it_was_built(folder):
    """84 minutes before the time to convene runs out, and a second later for every second since."""
    depositary = Depositary.open(folder)
    clock = depositary.state.response.responses["R-2"].clock("convene")
    assert clock is not None
    built_at = datetime.now(UTC) + (clock.due - script.LEFT_TO_CONVENE - TODAY)
    assert abs(depositary.now() - built_at) < timedelta(minutes=1)
    depositary.store.close()


def test_its_secret_is_for_its_owner_alone(folder, built):
    assert (folder / FILE).stat().st_mode & 0o077 == 0
    keys = ExerciseKeys.open(folder, built.state)
    assert keys is not None
    seats = built.state.parties.seats
    assert all(keys.public_of(seat) == seats[seat].keys[-1].value for seat in seats)
    assert keys.public_of("depositary") == built.state.parties.record.depositary_key


def test_its_keys_are_refused_beside_a_live_record(folder, tmp_path):
    live = opened("mare-2030", tmp_path / "live", exercise=False)
    assert ExerciseKeys.open(tmp_path / "live", live.state) is None
    shutil.copy(folder / FILE, tmp_path / "live" / FILE)
    with pytest.raises(Refused, match="record/exercise"):
        ExerciseKeys.open(tmp_path / "live", live.state)
    live.close()


def test_a_secret_that_is_none_is_malformed(folder, built, tmp_path):
    (tmp_path / FILE).write_text("open sesame\n")
    with pytest.raises(Malformed, match="64 hexadecimal digits"):
        ExerciseKeys.open(tmp_path, built.state)


# --- what can be done in it ---------------------------------------------------------------------------------


def copied(folder: Path, to: Path) -> Play:
    """A copy of the exercise, to be played on from where it stands."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns(FILE))
    reader = Depositary.open(folder)
    keys = ExerciseKeys.open(folder, reader.state)
    assert keys is not None
    assert reader.state.at is not None
    play = Play(to, reader.state.at)
    play.seeds = {name: keys._seed_of(name) for name in (*reader.state.parties.seats, "depositary")}
    reader.store.close()
    play.open()
    return play


def test_any_seat_can_act_and_the_council_can_convene(folder, tmp_path):
    play = copied(folder, tmp_path / "copy")
    response = play.state.response.responses["R-2"]
    for party in response.roll:
        if party not in play.state.response.responses["R-2"].present:
            play.somebody(acts.RecordPresence, party, lambda body: body.response == "R-2")
    assert play.state.response.responses["R-2"].convened is not None
    play.close()


@examples(4)
@given(moves=moves)
def test_the_laws_hold_when_it_is_played_on(tmp_path_factory, folder, moves):
    play = copied(folder, tmp_path_factory.mktemp("play") / "copy")
    for move in moves[:8]:
        moved(play, move)
    for law in (replay_equals_live_state, what_is_offered_is_accepted, the_past_is_what_was_known_then):
        law(play)
    play.depositary.store.close()


# --- borders ------------------------------------------------------------------------------------------------


def test_crimea_is_ukraine(built):
    """In the scope of the compact, in its words and in the code of the place (ISO 3166-2:UA)."""
    compact = built.clauses.compact
    assert {"UA-43", "UA-40"} <= set(built.clauses.territory)
    assert not [code for code in built.clauses.territory if code.startswith("RU")]
    names = {place.id: place.name for place in compact.places}
    assert "Crimea" in names["UA-43"].en
    assert "Крим" in names["UA-43"].uk
    text = "\n".join(
        provision.text.en for part in compact.parts for provision in part.provisions if "Crimea" in provision.text.en
    )
    assert "Crimea and Sevastopol included" in text


@pytest.mark.parametrize("name", sorted(bundled()))
def test_no_text_places_crimea_in_russia(name):
    compact = load(name)
    for place in compact.places:
        assert not re.search(
            r"(?i)russian crimea|crimea[^,]*, russia|республика крым|крым", place.name.en + place.name.uk
        )
        assert not (place.id.startswith("RU") and re.search("Crimea|Sevastopol|Крим|Севастополь", str(place.name)))


def test_a_report_on_crimea_is_one_on_ukraine(folder, tmp_path):
    play = copied(folder, tmp_path / "copy")
    body = acts.ReportIncident("armed_attack", "UA-43", play.at - HOUR)
    statement = statement_for(play.state, "UKR/duty", body, play.at)
    play.depositary.perform(sign(statement, [SeedKey(play.seeds["UKR/duty"])], exercise=True))
    with pytest.raises(Refused, match="outside the territorial scope"):
        play.do("UKR/duty", acts.ReportIncident("armed_attack", "RU-KRS", play.at - HOUR))
    play.close()
