"""Every act and every event can be said, in both languages, and Ukrainian says it in Ukrainian."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest

from foedus.acts import Body, Event
from foedus.commitments.acts import CommitmentAct, CommitmentEvent, Quantity
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.errors import Refused
from foedus.parties import acts as parties
from foedus.reparations import acts as reparations
from foedus.reparations.acts import ReparationsAct, ReparationsEvent
from foedus.response import acts as response
from foedus.sanctions import acts as sanctions
from foedus.sanctions.acts import SanctionsAct, SanctionsEvent
from foedus.words import LANGUAGES, translator
from foedus.words.failures import say_refusal
from foedus.words.names import PLURAL, Names
from foedus.words.sentences import say_act, say_event
from foedus.words.titles import ACTS

CLAUSES = Clauses.of(load("kyiv-2022"))
# Whose instruments are acts of a party's own law, and no text of the compact.
OF_LAW = SanctionsAct | SanctionsEvent | ReparationsAct | ReparationsEvent
AT = datetime(2026, 10, 10, 5, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
# Codes that a sentence may show as they are: ids, provisions, digests, units that every language writes so.
CODES = re.compile(
    r"\b(?:(?:[IRCESTOFXP]|SB|AS|CB|CD|DS)-\d+(?:/[MBTAD]-\d+)*|UTC(?:[+-]\d+)?|[A-Z]+\d+(?:\.[\w-]+)+|[0-9a-f]{16}|EUR|UN|(?:un-consolidated|eu-fsf)(?::[\w.]+)?"
    r"|example/\w+)\b"
)

EXAMPLES: dict[str, object] = {
    "origin": "example/record",
    "party": "NLD",
    "parties": ("NLD", "POL"),
    "applicant": "POL",
    "by": ("POL", "EST"),
    "seat": "POL/duty",
    "said": response.CastVote("R-1/B-1", "yes"),
    "source": DIGEST,
    "transcript": "T-1",
    "outcome": response.Outcome("early-warning", True, ("NLD",)),
    "revoked": ("POL/duty", "POL/foreign"),
    "role": "duty",
    "head": "delegation",
    "alternate": "alternate",
    "key": DIGEST,
    "scope": ("ReportIncident",),
    "full_powers": DIGEST,
    "depositary_key": DIGEST,
    "settled": "example.org/kyiv\n9\n…",
    "checkpoint": "example.org/kyiv\n12\n…",
    "proof": ("…",),
    "log": "example.org/kyiv/from-12/POL",
    "entry": 12,
    "compact": DIGEST,
    "text": DIGEST,
    "instrument": "kyiv-2022",
    "agreement": "kyiv-2022",
    "licence": "2026/14",
    "reference": "2026-2/17",
    "tier": "core",
    "organisation": "NATO",
    "provision": CLAUSES.compact.parts[0].provisions[0].id,
    "measure": "early-warning",
    "menu": "preventive-funds",
    "territory": "UA-30",
    "sender": "RUS",
    "attributed_to": "RUS",
    "incident": "I-1",
    "into": "I-2",
    "response": "R-1",
    "ballot": "R-1/B-1",
    "subject": "R-1",
    "obligation": "R-1/M-1",
    "deadline": "R-1/step/convene",
    "id": "C-1",
    "step": "convene",
    "mode": "response",
    "on_lapse": "coalition",
    "fallback": "written_procedure",
    "absent": ("NLD",),
    "silent": ("NLD", "POL"),
    "missing": ("NLD",),
    "roll": ("NLD", "POL", "EST"),
    "addressed": ("NLD",),
    "lapsed": (),
    "caveats": ("transit-only",),
    "conditions": ("parliament",),
    "status": "ratified",
    "starts_on": date(2026, 11, 1),
    "contributions": (
        response.Contribution("air-defence-battery", quantity="2"),
        response.Contribution("funds", amount="1500000", currency="EUR"),
        response.Contribution("drone", disclosed=False),
    ),
    "figures": (response.Figure("missiles_launched", 84), response.Figure("drones_launched", 24)),
    "evidence": (response.Evidence(DIGEST, "UKR/duty", AT, "radar"),),
    "outcomes": (
        response.Outcome("early-warning", True, ("NLD",), ("POL",), ("EST",), ("LVA",), ("NLD",)),
        response.Outcome("statement", False),
    ),
    "heads": (),
    "issuer": "EUE",
    "issuers": ("POL", "NLD"),
    "target": "T-7",
    "regime": "eu-individual",
    "table": DIGEST,
    "rows": 21,
    "publisher": "UN",
    "list": "un-consolidated",
    "file": DIGEST,
    "targets": 21,
    "skipped": 2,
    "as_of": date(2026, 8, 3),
    "legal_basis": "S/RES/2253",
    "one": "un-consolidated:QDi.006",
    "other": "eu-fsf:EU.27.28",
    "judgment": "same",
    "restriction": "travel_ban",
    "listing": "NLD/asset_freeze/T-7",
    "listings": 3,
    "schedule": "S-2",
    "easing": "E-1",
    "snapback": "SB-1",
    "condition": "repairs-the-damage",
    "asset": "AS-1",
    "loan": "L1.2",
    "amount": "4400.50",
    "currency": "EUR",
    "holder": "H1.2",
    "owner": "RUS-LISTED",
    "figure": reparations.Value("180", "193.50", "EUR", AT.date(), "statement", "H1.2", "high"),
    "case": "T-72.24",
    "exemption": "2022.7",
    "digest": DIGEST,
    "exceptions": DIGEST,
    "returned": 5,
    "kept": 2,
    "returning": ("relief",),
    "refused_by": ("NLD",),
    "unmet": ("repairs-the-damage",),
    "called": "UKR/head",
    "answer": "confirmed",
    "heard": (1, 2, 3, 4, 5),
    "steps": (
        sanctions.Step("asset_freeze", "suspended", "national", AT, AT + timedelta(days=30)),
        sanctions.Step("trade", "lifted"),
    ),
    "kind": "armed_attack",
    "clause": "P2.arms",
    "owed_to": "UKR",
    "quantity": Quantity("EUR", "1500000"),
    "value": Quantity("EUR", low="10", high="20"),
    "within_hours": 24,
    "grace_days": 30,
    "tranche": "O-1/T-1",
    "under": "O-1/T-1",
    "allocation": "O-1/T-1/A-1",
    "delivery": "O-1/T-1/A-1/D-1",
    "pledge": "O-2",
    "funder": "NLD",
    "supplier": "POL",
    "deliverer": "EST",
    "relieved": "POL",
    "transfer": "P-1",
    "requirement": "Q-1",
    "capability": "air-defence-battery",
    "unit": "drone",
    "minimum": "2",
    "priority": 1,
    "offer": "F-1",
    "request": "X-1",
    "maker": "NLD",
    "register": "register-of-damage",
    "body": "claims-commission",
    "totals": (reparations.Total("A2.1", "EUR", 21, "4400.50"),),
    "batch": "CB-1",
    "decision": "CD-3",
    "corrects": "CD-2",
    "rule": DIGEST,
    "up_to": "CD-3",
    "dry_run": DIGEST,
    "result": DIGEST,
    "fund": "1000.00",
    "paid": "900.00",
    "reserve": "50.00",
    "left": "50.00",
    "distribution": "DS-1",
    "account": (reparations.Account("EUR", "4400.50", "0.00", "900.00"),),
    "transports": ("rail", "sea"),
}
# Of commitments: fields that mean something else there.
OWED: dict[str, object] = {
    "obligation": "O-1", "subject": "O-1", "conditions": ("parliament",), "condition": "parliament", "target": "4",
}  # fmt: skip
OF_COMMITMENTS = get_args(CommitmentAct | CommitmentEvent)
# The steps of national law, and measures by their kind.
MANDATES = (parties.StateMandate, parties.MandateStated)
NATIONAL: dict[str, object] = {
    "party": "NLD", "kind": "military",
    "steps": (parties.NationalStep("cabinet", 12), parties.NationalStep("parliament", 96, AT)),
}  # fmt: skip
CHOICES = {
    "measure": {"MeasureProposed": "R-1/M-1", "*": "early-warning"},
    "kind": {"MeasureProposed": "military", "ProposeMeasure": "military", "*": "armed_attack"},
    "status": {"StatusChanged": "in_force", "*": "ratified"},
    "instrument": {**{kind.__name__: "2014.145" for kind in get_args(OF_LAW)}, "*": "kyiv-2022"},
    "deadline": {
        "RecordSanctionsLapse": "regime/EUE/eu-individual",
        "RecordOverdue": "tranche/O-1/T-1",
        "*": "R-1/step/convene",
    },
}


def example(kind: type[Any], variant: int) -> Any:
    """One body of this kind; `variant` walks through literals and leaves out what may be absent."""
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(kind):
        literals = literal_values(field.type)
        if not field.required and variant % 3 == 2:
            continue
        if literals:
            word = literals[variant % len(literals)]
            values[field.name] = (word,) if "tuple" in str(field.type) else word
        elif field.type is bool or field.type == (bool | None):
            values[field.name] = variant % 2 == 0
        elif "datetime.datetime" in str(field.type):
            values[field.name] = AT + timedelta(hours=variant)
        elif "date" in str(field.type):
            values[field.name] = AT.date()
        elif kind in OF_COMMITMENTS and field.name in OWED:
            values[field.name] = OWED[field.name]
        elif kind in MANDATES and field.name in NATIONAL:
            values[field.name] = NATIONAL[field.name]
        elif field.name in CHOICES:
            table = CHOICES[field.name]
            values[field.name] = table.get(kind.__name__, table["*"])
        else:
            values[field.name] = EXAMPLES[field.name]
    return kind(**values)


def literal_values(kind: object) -> tuple[str, ...]:
    found = get_args(kind)
    if found and all(isinstance(item, str) for item in found):
        return found
    return next((literal_values(item) for item in found if literal_values(item)), ())


def latin(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]+", CODES.sub("", text))


BODIES, EVENTS = get_args(Body), get_args(Event)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_every_act_has_a_sentence(kind, language):
    for variant in range(12):
        body = example(kind, variant)
        said = say_act(translator(language), CLAUSES, body, "NLD")
        assert said.endswith(".")
        assert not said[0].islower()
        assert not re.search(r"[{}|%]", said), said
        if language == "uk":
            assert not latin(said), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_has_a_sentence(kind, language):
    for variant in range(12):
        event = example(kind, variant)
        said = say_event(translator(language), CLAUSES, None, event)
        assert said.endswith(".")
        assert not said[0].islower()
        assert not re.search(r"[{}|%]", said), said
        if language == "uk":
            assert not latin(said), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_a_title(language):
    assert set(ACTS) == {kind.__name__ for kind in BODIES}


def test_verbs_agree_with_the_name_of_the_party():
    body = response.ConfirmPosition("early-warning")
    title = CLAUSES.measure("early-warning")
    assert title is not None
    name = title[0].title
    assert say_act(translator("en"), CLAUSES, body, "NLD") == f"The Netherlands confirms joining: {name.en}."
    assert say_act(translator("uk"), CLAUSES, body, "NLD").startswith("Нідерланди надають підтвердження")
    assert say_act(translator("uk"), CLAUSES, body, "POL").startswith("Польща надає підтвердження")
    owed = response.MeasureOwed("R-1", "early-warning", "X", ("POL", "EST"), AT)
    assert say_event(translator("en"), CLAUSES, None, owed).startswith("Poland and Estonia owe at once")
    assert say_act(translator("en"), CLAUSES, parties.RecordExpiry("term/kyiv-2022/POL", AT), "depositary").startswith(
        "The depositary records the end of the term"
    )


def test_the_plural_names_are_plural():
    names = Names(translator("uk"), CLAUSES)
    known = {party.id for party in CLAUSES.compact.parties}
    for code in known:
        assert names.several(code) == (code in PLURAL)
        assert (names.party(code).split()[0][-1] in "иі") == (code in PLURAL), names.party(code)


DEADLINES = (
    "R-1/step/decide",
    "R-1/owed/early-warning",
    "R-1/clause/kyiv-2022",
    "R-1/M-1/confirm/POL",
    "R-1/B-1/close",
    "term/kyiv-2022/POL",
    "notice/kyiv-2022/POL",
)


@pytest.mark.parametrize("deadline", DEADLINES)
def test_every_kind_of_deadline_has_words(deadline):
    assert deadline not in say_act(translator("en"), CLAUSES, response.RecordLapse(deadline, AT), "depositary")
    assert not latin(say_act(translator("uk"), CLAUSES, response.RecordLapse(deadline, AT), "depositary"))


def test_an_unknown_code_is_shown_as_it_is():
    names = Names(translator("en"), CLAUSES)
    for said in (
        names.party("XYZ"),
        names.role("XYZ"),
        names.measure("XYZ"),
        names.provision("XYZ"),
        names.deadline("XYZ"),
    ):
        assert said == "XYZ"


def test_a_refusal_names_the_clause_in_both_languages():
    provision = CLAUSES.compact.parts[0].provisions[0]
    refused = Refused(provision.id, "{party} has already acknowledged", party="POL")
    assert say_refusal(translator("en"), CLAUSES, refused) == (
        f"Poland has already acknowledged [{provision.id}, {provision.title.en}]"
    )
    assert provision.title.uk in say_refusal(translator("uk"), CLAUSES, refused)
    unlocked = Refused("record/key-file", "{path}: the passphrase does not open it, or it was changed", path="duty.key")
    assert say_refusal(translator("en"), CLAUSES, unlocked).startswith("duty.key: ")
