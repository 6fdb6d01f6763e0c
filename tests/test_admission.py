"""Whatever may not enter a record, and how it is said: every rule of admission, and everything malformed.

Each case makes the bytes that somebody sends. All leave the record as it was.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from foedus.acts import EFFECTS, Attachment, Marking, Statement, encode_statement
from foedus.errors import FoedusError, Malformed, Refused
from foedus.founding import init_record
from foedus.parties import acts as parties
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, MAX_ENVELOPE_BYTES, encode_envelope, sign_envelope
from foedus.record.keys import SeedKey, public_of
from foedus.response import acts as response
from foedus.signing import sign
from tests.plays import HOUR, TICK, Play, compact_of, opened, played_on, seed_of

pytestmark = pytest.mark.slow

NAME = "mare-2030"
MINUTE = HOUR / 60


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A record in which everybody signed, an attack was reported, and XBR's watch was revoked."""
    play = played_on(opened(NAME, tmp_path / "record"), NAME, "reported")
    play.do("XBR/chancellor", parties.RevokeSeat("XBR/watch"))
    play.seeds["XCO/watch before"] = play.seeds["XCO/watch"]
    play.do("XCO/chancellor", parties.EnrolSeat("XCO", "watch", play.key("XCO/watch"), ("Acknowledge",)))
    yield play
    play.close()


def report(play: Play, seat: str = "XOR/watch", files: tuple[Any, ...] = (), **changes: Any) -> Statement:
    """A statement that could enter, with changes."""
    body = response.ReportIncident("threat", "strait", play.at - HOUR)
    return play.statement(seat, changes.pop("body", body), files, **changes)


def sent(play: Play, statement: Statement, *signers: str) -> bytes:
    """The statement signed by these seats, or by its own."""
    return sign(statement, [SeedKey(play.seeds[name]) for name in signers or (statement.seat,)], exercise=True)


def raw(play: Play, payload: bytes, signer: str = "XOR/watch", kind: str = EXERCISE_ACT_TYPE) -> bytes:
    """Any payload, properly signed."""
    return encode_envelope(sign_envelope(payload, kind, [SeedKey(play.seeds[signer])]))


def altered(envelope: bytes, alter: Callable[[dict[str, Any]], object]) -> bytes:
    """The envelope with something changed after it was signed."""
    value = json.loads(envelope)
    alter(value)
    return json.dumps(value, separators=(",", ":")).encode()


def text_changed(value: dict[str, Any]) -> None:
    payload = base64.b64decode(value["payload"]).replace(b"strait", b"halven")
    value["payload"] = base64.b64encode(payload).decode()


def signature_changed(value: dict[str, Any]) -> None:
    signature = bytearray(base64.b64decode(value["signatures"][0]["sig"]))
    signature[7] ^= 1
    value["signatures"][0]["sig"] = base64.b64encode(signature).decode()


def statement_json(play: Play, **changes: Any) -> bytes:
    """The payload of a statement that could enter, with members set as JSON."""
    return json.dumps(json.loads(encode_statement(report(play))) | changes).encode()


def marked(level: str) -> Marking:
    return Marking(level)  # type: ignore[arg-type]  # a level that a test names


def lapse(play: Play) -> bytes:
    """A lapse as its deadline would have it, by a seat."""
    body = response.RecordLapse("R-1/step/decide", play.at)
    return sent(play, report(play, body=body))


def forged_depositary(play: Play) -> bytes:
    body = response.RecordLapse("R-1/step/decide", play.at)
    statement = replace(report(play, body=body), seat="depositary")
    return sign(statement, [SeedKey(seed_of("somebody"))], exercise=True)


def by_depositary(play: Play, body: Any) -> bytes:
    statement = replace(report(play, body=body), seat="depositary", effect=EFFECTS[type(body).__name__])
    return sign(statement, [SeedKey(play.seeds["depositary"])], exercise=True)


def opening(play: Play) -> parties.OpenRecord:
    record = play.state.parties.record
    assert record is not None
    key, compact = record.depositary_key, play.state.parties.compact
    return parties.OpenRecord(record.origin, True, "restricted", key, compact, ())


def evidence(play: Play, digest: str) -> response.AddEvidence:
    return response.AddEvidence("I-1", (response.Evidence(digest, "office", play.at - HOUR, "radar"),))


def with_attachment(play: Play, **changes: Any) -> bytes:
    """An act that names an attachment which nobody sent."""
    attachment = replace(Attachment("b" * 64, 1, "evidence"), **changes)
    body = evidence(play, attachment.digest)
    return sent(play, replace(report(play, body=body), attachments=(attachment,), effect="evidence"))


SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)


def in_zone(hours: float) -> Callable[[Play], bytes]:
    """A report signed at a time of another zone, in the very spelling that we give such a time."""
    zone = timezone(timedelta(hours=hours))
    return lambda p: raw(p, encode_statement(replace(report(p), issued_at=p.at.astimezone(zone))))


def enrolment(key: str) -> Callable[[Play], bytes]:
    body = parties.EnrolSeat("XOR", "envoy", key)
    return lambda play: sent(play, report(play, "XOR/chancellor", body=body, effect="instrument"))


REFUSED: dict[str, tuple[str, Callable[[Play], bytes]]] = {
    "unknown key": ("record/seat", lambda p: sign(report(p), [SeedKey(seed_of("a stranger"))], exercise=True)),
    "revoked seat": (
        "record/seat",
        lambda p: sent(p, replace(report(p), seat="XBR/watch"), "XBR/watch"),
    ),
    "a key that was replaced": (
        "record/seat",
        lambda p: sent(p, replace(report(p), seat="XCO/watch"), "XCO/watch before"),
    ),
    "two parties' seats": ("record/seat", lambda p: sent(p, report(p), "XOR/watch", "XTA/watch")),
    "a seat that did not sign": ("record/seat", lambda p: sent(p, report(p), "XOR/envoy")),
    "a seat that is not there": ("record/seat", lambda p: sent(p, replace(report(p), seat="XOR/king"), "XOR/watch")),
    "a root key that its party never deposited": (
        "record/root",
        lambda p: sent(p, replace(report(p), seat="XOR/root"), "XOR/watch"),
    ),
    "out of scope": ("record/scope", lambda p: sent(p, report(p, "XCO/watch"))),
    "an act from the future": ("record/time", lambda p: sent(p, report(p, issued_at=p.at + 5 * MINUTE + TICK))),
    "an act under another compact": ("record/compact", lambda p: sent(p, report(p, compact="c" * 64))),
    "an act for another record": ("record/origin", lambda p: sent(p, report(p, origin="play.example/other"))),
    "an act of a live record": (
        "record/exercise",
        lambda p: sign(report(p), [SeedKey(p.seeds["XOR/watch"])], exercise=False),
    ),
    "another effect": ("record/effect", lambda p: sent(p, report(p, effect="instrument"))),
    "for some parties only": ("record/release", lambda p: sent(p, report(p, marking=Marking(release_to=("XTA",))))),
    "marked above the ceiling": ("record/ceiling", lambda p: sent(p, report(p, marking=marked("confidential")))),
    "an attachment above the ceiling": ("record/ceiling", lambda p: with_attachment(p, marking=marked("secret"))),
    "an attachment that nobody has": ("record/attachment", with_attachment),
    "evidence that is not attached": (
        "record/attachment",
        lambda p: sent(p, report(p, body=evidence(p, "b" * 64), effect="evidence")),
    ),
    "a lapse by a party": ("record/depositary", lapse),
    "a lapse that is not due": (
        "record/due",
        lambda p: by_depositary(p, response.RecordLapse("R-1/step/decide", p.at)),
    ),
    "an expiry that is not due": (
        "record/due",
        lambda p: by_depositary(p, parties.RecordExpiry("term/mare-2030/XOR", p.at)),
    ),
    "a second opening": ("record/opening", lambda p: by_depositary(p, opening(p))),
    "an opening by a party": (
        "record/opening",
        lambda p: sent(p, report(p, body=opening(p), effect="instrument")),
    ),
    "a key that speaks already": (
        "record/key",
        lambda p: enrolment(p.state.parties.seats["XTA/watch"].keys[-1].value)(p),
    ),
    "an act of the depositary that is not its own": (
        "F.signing",
        lambda p: by_depositary(p, parties.SignText(NAME, p.clauses.digest, "keepers")),
    ),
}

MALFORMED: dict[str, tuple[str, Callable[[Play], bytes]]] = {
    "text changed after signing": ("does not fit", lambda p: altered(sent(p, report(p)), text_changed)),
    "a wrong signature": ("does not fit", lambda p: altered(sent(p, report(p)), signature_changed)),
    "signed as of another kind of record": (
        "does not fit",
        lambda p: altered(
            sign(report(p), [SeedKey(p.seeds["XOR/watch"])], exercise=False),
            lambda value: value.update(payloadType=EXERCISE_ACT_TYPE),
        ),
    ),
    "the depositary's seat forged": ("not one of the keys expected", forged_depositary),
    "no signature": ("0 signatures", lambda p: altered(sent(p, report(p)), lambda v: v.update(signatures=[]))),
    "one key twice": (
        "two signatures of one key",
        lambda p: altered(sent(p, report(p)), lambda v: v["signatures"].append(v["signatures"][0])),
    ),
    "five signatures": (
        "5 signatures",
        lambda p: altered(sent(p, report(p)), lambda v: v.update(signatures=v["signatures"] * 5)),
    ),
    "a key id of another form": (
        "key id",
        lambda p: altered(sent(p, report(p)), lambda v: v["signatures"][0].update(keyid="ABCDEF0123456789")),
    ),
    "another payload type": (
        "payload type",
        lambda p: raw(p, encode_statement(report(p)), kind="application/vnd.in-toto+json"),
    ),
    "an oversized envelope": ("at most", lambda p: b" " * MAX_ENVELOPE_BYTES + sent(p, report(p))),
    "no JSON": ("envelope", lambda p: b"report an attack"),
    "nothing": ("envelope", lambda p: b""),
    "half an envelope": ("envelope", lambda p: sent(p, report(p))[:-9]),
    "bytes that are no UTF-8": ("envelope", lambda p: b'{"payload":"\xff\xfe"}'),
    "an unknown member of the envelope": (
        "unknown field",
        lambda p: altered(sent(p, report(p)), lambda v: v.update(note="x")),
    ),
    "a repeated member of the envelope": (
        "repeated",
        lambda p: sent(p, report(p)).replace(b'"payloadType"', b'"payload":"","payloadType"', 1),
    ),
    "base64 written otherwise": (
        "base64",
        lambda p: altered(sent(p, report(p)), lambda v: v.update(payload=v["payload"] + "====")),
    ),
    "a payload that is no JSON": ("cannot be read", lambda p: raw(p, b"strait")),
    "a payload that is no object": ("cannot be read", lambda p: raw(p, b"[1]")),
    "a repeated member": (
        "twice",
        lambda p: raw(p, encode_statement(report(p)).replace(b'"seat":', b'"seat":"XTA/watch","seat":', 1)),
    ),
    "an unknown member": ("unknown field", lambda p: raw(p, statement_json(p, secretly="yes"))),
    "an unknown member of the body": (
        "unknown field",
        lambda p: raw(p, encode_statement(report(p)).replace(b'"kind":', b'"silently":1,"kind":', 1)),
    ),
    "an unknown act": ("Invalid value", lambda p: raw(p, statement_json(p, body={"act": "DeclareWar"}))),
    "an act that is not there": ("missing required", lambda p: raw(p, statement_json(p, body={"response": "R-1"}))),
    "another version": ("Invalid", lambda p: raw(p, statement_json(p, v=2))),
    "an id of another form": ("id", lambda p: raw(p, statement_json(p, id="ACT-1"))),
    "a time in another zone": (
        "UTC",
        lambda p: raw(p, statement_json(p, issued_at=p.at.isoformat().replace("+00:00", "+02:00"))),
    ),
    **{
        f"a time in the zone {hours:+} hours, as we would write it": (
            "UTC",
            in_zone(hours),
        )
        for hours in (-9.5, 2, 14)
    },
    "a time in another zone without a colon": (
        "UTC",
        lambda p: raw(p, statement_json(p, issued_at=p.at.isoformat().replace("+00:00", "+0200"))),
    ),
    "a time in no zone": ("issued_at", lambda p: raw(p, statement_json(p, issued_at="2031-03-01T08:00:00"))),
    "a number with a point": ("float", lambda p: raw(p, statement_json(p, v=1.0))),
    "half a character": ("surrogate", lambda p: raw(p, statement_json(p, origin="\ud800"))),
    "too many attachments": (
        "attachments",
        lambda p: raw(p, statement_json(p, attachments=[{"digest": "b" * 64, "size": 1, "kind": "text"}] * 65)),
    ),
    **{f"a key of small order, {key[:4]}…": ("Ed25519 public key", enrolment(key)) for key in SMALL_ORDER},
}


def unchanged(play: Play, envelope: bytes) -> FoedusError:
    """What is said to the bytes; the record is what it was."""
    state, size = play.state, play.depositary.store.size()
    with pytest.raises((Refused, Malformed)) as said:
        play.depositary.perform(envelope)
    assert play.state is state
    assert play.depositary.store.size() == size
    return said.value


@pytest.mark.parametrize("case", REFUSED)
def test_refused(play, case):
    rule, make = REFUSED[case]
    refusal = unchanged(play, make(play))
    assert isinstance(refusal, Refused)
    assert refusal.clause == rule
    assert "\n" not in str(refusal)
    assert refusal.because == refusal.sentence.format(**refusal.found)


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(play, case):
    part, make = MALFORMED[case]
    refusal = unchanged(play, make(play))
    assert isinstance(refusal, Malformed)
    assert part in str(refusal)
    assert "\n" not in str(refusal)


@pytest.mark.parametrize("case", [*REFUSED, *MALFORMED])
def test_what_waits_in_the_inbox_is_told_the_same_and_holds_nobody_up(play, case):
    make = (REFUSED | MALFORMED)[case][1]
    envelope = make(play)
    expected = unchanged(play, envelope)
    number = play.depositary.store.receive(envelope).id
    entered = play.do("XTA/watch", response.ReportIncident("threat", "strait", play.at - HOUR))
    told = json.loads(play.depositary.store.outcome(number) or b"")
    assert told == {"error": expected.code, "because": str(expected)}
    assert entered.entry == play.state.size - 1


def test_what_differs_from_these_by_little_enters(play):
    """Five minutes ahead, at the ceiling, in its own spelling, with an attachment that is held."""
    file = play.attach(b"radar plot", marking=marked("restricted"))
    body = evidence(play, file[0].digest)
    statement = play.statement("XOR/watch", body, [file], issued_at=play.at + 5 * MINUTE, marking=marked("restricted"))
    spaced = json.dumps(json.loads(encode_statement(statement)), indent=1).encode()
    receipt = play.depositary.perform(raw(play, spaced), [(file[1], file[2])])
    assert [type(event).__name__ for event in receipt.events] == ["EvidenceAdded"]


def test_an_act_enters_once(play):
    envelope = sent(play, report(play))
    entry = play.depositary.perform(envelope).entry
    refusal = unchanged(play, envelope)
    assert isinstance(refusal, Refused)
    assert refusal.clause == "record/replay"
    assert refusal.found["entry"] == entry
    again = play.depositary.perform_all([envelope, sent(play, report(play))])
    assert [getattr(one, "clause", "entered") for one in again] == ["record/replay", "entered"]


def test_an_act_too_long_for_an_entry_is_refused(play):
    """The envelope fits; with the events beside it the entry would not."""
    figures = tuple(response.Figure(f"{'figure':x<80}{number:04}", number) for number in range(270))
    body = response.ReportIncident("threat", "strait", play.at - HOUR, figures=figures)
    refusal = unchanged(play, sent(play, report(play, body=body)))
    assert isinstance(refusal, Refused)
    assert refusal.clause == "record/size"


def test_an_exercise_act_never_enters_a_live_record(tmp_path):
    play = opened(NAME, tmp_path / "live", exercise=False)
    body = parties.SignText(NAME, play.clauses.digest, "keepers")
    statement = play.statement("XOR/chancellor", body)
    keys = [SeedKey(play.seeds["XOR/chancellor"])]
    exercised = sign(statement, keys, exercise=True)
    refusal = unchanged(play, exercised)
    assert isinstance(refusal, Refused)
    assert refusal.clause == "record/exercise"
    assert isinstance(unchanged(play, altered(exercised, lambda value: value.update(payloadType=ACT_TYPE))), Malformed)
    play.depositary.perform(sign(statement, keys, exercise=False))


def test_no_two_seats_begin_with_one_key(tmp_path):
    key = public_of(seed_of("both")).hex()
    heads = {("XOR", "chancellor"): key, ("XTA", "chancellor"): key}
    with pytest.raises(Refused, match="record/key"):
        init_record(
            tmp_path / "record", compact_of(NAME), heads, seed_of("depositary"), origin="play.example", exercise=True
        )


def test_a_record_below_a_marking_holds_none_of_it(tmp_path):
    play = opened(NAME, tmp_path / "record", ceiling="unclassified")
    body = parties.SignText(NAME, play.clauses.digest, "keepers")
    statement = play.statement("XOR/chancellor", body, marking=marked("restricted"))
    refusal = unchanged(play, play.envelope(statement))
    assert isinstance(refusal, Refused)
    assert refusal.found == {"ceiling": "unclassified", "found": "restricted"}


def test_every_rule_of_admission_in_the_documentation_has_its_case():
    """Those cited `record/…` by admission and depositary; the others are met in scenarios."""
    told = (Path(__file__).parents[1] / "docs/record.md").read_text("utf-8")
    section = told[told.index("### Admission") : told.index("## Attachments")]
    named = {part.split("`")[0] for part in section.split("`record/")[1:]}
    tried = {rule.removeprefix("record/") for rule, _ in REFUSED.values() if rule.startswith("record/")}
    elsewhere = {"replay", "size", "vocabulary", "reference", "version", "quantity"}
    elsewhere |= {"succession", "late"}  # of an epoch that begins: test_succession.py, test_late.py
    not_of_acts = {line.split("`")[1] for line in section.splitlines() if "'s rule)" in line}
    assert named - {rule.removeprefix("record/") for rule in not_of_acts} == tried | elsewhere | {"…"}
