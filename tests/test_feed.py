"""The package as a feed: each row is what its listing is, whoever was away catches up, what was missed is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from foedus import archive, feed, feed_folder, feed_forms, logs
from foedus.errors import FoedusError, Malformed, Tampered
from foedus.record.keys import public_of
from foedus.record.note import ED25519, VerifierKey, sign_note
from foedus.sanctions import acts, schedules
from foedus.sanctions.schedules import Row
from foedus.sanctions.state import found
from foedus.sanctions.status import standing
from tests.web.small_exercise import Small

TABLE = schedules.encode([Row("T-1"), Row("T-2"), Row("T-3")])


class Followed:
    """A record, the folder its feed was published into after each step, and a copy as it was at each version."""

    def __init__(self, folder: Path) -> None:
        self.small = Small(folder / "record")
        self.folder = folder
        self.keys = [logs.log_key(self.small.depositary.state)]
        self.versions: list[feed_folder.Copy] = []

    def publish(self) -> feed_folder.Published:
        self.small.later(hours=1)
        depositary, to = self.small.depositary, self.folder / "public"
        made = feed_folder.publish(depositary, to, depositary.now(), self.keys)
        self.versions.append(feed_folder.open_copy(self.folder / "public", self.keys))
        return made

    def deltas(self, after: feed_folder.Copy | None = None) -> list[feed.Delta]:
        digest = feed.digest_of(after.rows) if after else feed.NOTHING
        return feed_folder.deltas_after(self.folder / "public", digest, self.keys)


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Iterator[Followed]:
    made = Followed(tmp_path_factory.mktemp("feed"))
    small, at = made.small, made.small.at
    small.do("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order-1", at))
    made.publish()
    digest = archive.put(small.depositary.store, TABLE)
    small.do("GBR/foreign", acts.AdoptSchedule(digest, 3, "travel_ban", "national", "NOBODY", small.at))
    small.do("GBR/foreign", acts.Delist("S-1/T-2", "deceased", "order-3", small.at))
    made.publish()
    small.do("POL/foreign", acts.GrantRelief("POL/asset_freeze/T-1", "lifted", "order-4", small.at))
    later = small.at + timedelta(days=30)
    small.do("AUT/foreign", acts.AdoptListing("T-9", "trade", "national", "order-5", later))
    made.publish()
    small.do("GBR/foreign", acts.GrantExemption("S-1", "grain", "humanitarian"))
    grain = small.at + timedelta(days=60)
    small.do("AUT/foreign", acts.GrantExemption("AUT/trade/T-9", "timber", "prior_contract", grain))
    small.later(days=40)
    made.publish()
    yield made
    small.depositary.close()


def test_each_row_is_what_its_listing_is_with_whether_it_is_law(followed):
    state, at = followed.small.depositary.state.sanctions, followed.small.at
    rows = feed.read(followed.versions[-1].rows)
    assert [row.id for row in rows] == [
        "AUT/trade/T-9", "POL/asset_freeze/T-1", "S-1/T-1", "S-1/T-2", "S-1/T-3",
    ]  # fmt: skip
    for row in rows:
        one = found(state, row.id)
        assert one is not None
        now = standing(state, one, at, at)
        assert now is not None
        assert (row.in_law, row.properties.status, row.properties.startDate) == (
            now.in_law,
            (now.status,),
            (now.since,),
        )
        assert row.properties.recordId == (str(now.place.entry),)
    assert [row.in_law for row in rows] == ["yes", "no", "yes", "no", "yes"]
    said = [feed_forms.cells(row) for row in rows]
    assert [one[feed_forms.COLUMNS.index("because")] for one in said] == ["", "deviation", "", "deceased", ""]


def test_a_row_says_what_is_carved_out_while_that_lasts(followed):
    """Whoever blocks payments by the feed alone must not block what the issuer lets through."""
    state, at = followed.small.depositary.state.sanctions, followed.small.at
    rows = {row.id: row for row in feed.read(followed.versions[-1].rows)}
    assert rows["S-1/T-1"].exempted == (feed.Exempted("grain", "humanitarian"),)
    assert rows["POL/asset_freeze/T-1"].exempted is UNSET
    end = feed.ahead(state, at)
    assert end is not None
    assert rows["AUT/trade/T-9"].exempted == (feed.Exempted("timber", "prior_contract", end),)
    cells = feed_forms.cells(rows["AUT/trade/T-9"])
    assert cells[feed_forms.COLUMNS.index("exempted")] == f"prior_contract timber until {end.isoformat()}"
    later = feed.read(feed.version(followed.small.depositary.store, state, end).rows)
    assert [row.exempted for row in later if row.id == "AUT/trade/T-9"] == [UNSET]
    assert feed.ahead(state, end) is None


def test_what_an_issuer_calls_its_instrument_is_no_matter(followed):
    """One party's words must not stop the feed of all."""
    rows = feed.read(followed.versions[-1].rows)
    assert {row.properties.authorityId for row in rows if row.id in ("S-1/T-1", "S-1/T-3")} == {("NOBODY",)}


def test_a_target_has_the_topic_of_sanctions_while_somebody_has_it_in_law(followed):
    state, store = followed.small.depositary.state.sanctions, followed.small.depositary.store
    told = [
        msgspec.json.decode(line) for line in feed_forms.targets(store, state, feed.read(followed.versions[-1].rows))
    ]
    topics = {one["id"]: one["properties"].get("topics", []) for one in told}
    assert topics == {"T-1": ["sanction"], "T-2": [], "T-3": ["sanction"], "T-9": ["sanction"]}


def test_whoever_was_away_catches_up_from_any_version(followed):
    newest = followed.versions[-1]
    for mine in (feed_folder.Copy({}, None), *followed.versions):
        rows, head = feed.caught_up(mine.rows, mine.head, followed.deltas(mine), followed.keys)
        assert (rows, head) == (newest.rows, newest.head)


def test_what_is_the_same_adds_nothing_and_a_moment_alone_may_change_a_row(followed):
    assert len(followed.deltas()) == len(followed.versions) == 4
    changed = b"".join(followed.deltas()[3].changes)  # the listing of order-5 came into effect, without an entry
    assert changed.startswith(b'{"op":"MOD","entity":{"id":"AUT/trade/T-9","in_law":"yes"')
    again = feed_folder.publish(
        followed.small.depositary, followed.folder / "public", followed.small.depositary.now(), followed.keys
    )
    assert (again.number, again.changes) == (4, 0)


CHANGES = ("left out", "doubled", "moved", "a row left out", "a row changed", "unsigned", "another head", "no proof")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(how=st.sampled_from(CHANGES), data=st.data())
def test_what_was_left_out_added_moved_or_changed_is_noticed(followed, how, data):
    deltas = followed.deltas()
    place = data.draw(st.integers(0, len(deltas) - (1 if how in ("a row left out", "a row changed") else 2)))
    one, after = deltas[place], deltas[min(place + 1, len(deltas) - 1)]
    changed = {
        "left out": deltas[:place] + deltas[place + 1 :],
        "doubled": [*deltas[: place + 1], *deltas[place:]],
        "moved": deltas[place + 1 :] + deltas[: place + 1],
        "a row left out": [*deltas[:place], replace(one, changes=one.changes[1:])],
        "a row changed": [*deltas[:place], replace(one, changes=(_as_law(one.changes[0]), *one.changes[1:]))],
        "unsigned": [*deltas[:place], replace(one, note=one.note.replace("\n\n", "\nS-9\n\n"))],
        "another head": [*deltas[:place], replace(one, note=after.note)],
        "no proof": [*deltas[: place + 1], replace(after, proof=("AA==",))],
    }[how]
    with pytest.raises((Tampered, Malformed)):
        feed.caught_up({}, None, changed, followed.keys)


def _as_law(line: bytes) -> bytes:
    other = line.replace(b'"in_law":"no"', b'"in_law":"yes"')
    return other if other != line else line.replace(b'"in_law":"yes"', b'"in_law":"no"')


def test_only_the_record_s_own_key_counts(followed):
    one = followed.deltas()[0]
    text = one.note.partition("\n\n")[0].encode() + b"\n"
    name = followed.keys[0].name
    forged = replace(one, note=sign_note(text, name, b"\7" * 32).decode())
    with pytest.raises(Tampered):
        feed.caught_up({}, None, [forged], followed.keys)
    other = VerifierKey(name, ED25519, public_of(b"\7" * 32))
    assert feed.caught_up({}, None, [forged], [other])[1] is not None


def test_a_delta_that_was_cut_off_and_lines_that_are_none_are_malformed(followed):
    whole = feed.write_delta(followed.deltas()[1])
    assert feed.parse_delta(whole, "-") == followed.deltas()[1]
    for data in (whole[:-1], whole[: whole.rindex(b"\n", 0, -1) + 1], b"{}\n", b"", b"[" * 5000):
        with pytest.raises(Malformed):
            feed.parse_delta(data, "delta")
    rows = b"".join(followed.versions[0].rows.values())
    for data in (rows + rows, rows + b"no row\n"):
        with pytest.raises(Malformed):
            feed.parse_rows(data, "rows")


def test_a_copy_stays_as_it_was_when_what_came_does_not_fit(followed, tmp_path):
    copy, deltas = tmp_path / "copy", followed.deltas()
    feed_folder.catch_up(copy, deltas[:2], followed.keys)
    before = (copy / feed_folder.ROWS).read_bytes()
    with pytest.raises(FoedusError):
        feed_folder.catch_up(copy, deltas[3:], followed.keys)
    assert (copy / feed_folder.ROWS).read_bytes() == before
    after = feed_folder.catch_up(copy, deltas[2:], followed.keys)
    assert after.rows == followed.versions[-1].rows
    (copy / feed_folder.ROWS).write_bytes(before)
    with pytest.raises(Tampered, match="begin anew"):
        feed_folder.open_copy(copy, followed.keys)


def test_a_folder_of_another_record_is_not_added_to(followed, tmp_path):
    other = Small(tmp_path / "record")
    depositary = other.depositary
    with pytest.raises(Tampered):
        feed_folder.publish(depositary, followed.folder / "public", depositary.now(), [logs.log_key(depositary.state)])
    depositary.close()
