"""The schema for editors never marks what the loader accepts, and marks the commonest faults."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema_rs  # comes with schemathesis
import pytest

from foedus.compact.loader import bundled, load
from foedus.compact.model import canonical
from foedus.compact.schema import schema
from tests.compact.files import SMALL, loaded, plain

COMPACT = jsonschema_rs.Draft202012Validator(schema())
AGREEMENT = jsonschema_rs.Draft202012Validator(schema("agreement"))
EVERY = [*sorted(bundled()), "tests/compacts/mare-2030"]


@pytest.mark.parametrize("of", ["compact", "agreement"])
def test_the_schema_is_one_of_json_schema_2020_12(of):
    made = schema(of)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(made)
    json.dumps(made)


@pytest.mark.parametrize("name", EVERY)
def test_every_text_that_loads_is_valid(name):
    compact = json.loads(canonical(load(name)))
    assert [error.message for error in COMPACT.iter_errors(compact)] == []
    for agreement in compact.get("agreements", ()):
        assert [error.message for error in AGREEMENT.iter_errors(agreement)] == []


def damage(whole: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The small compact with one fault each."""
    runs = 1
    faults = {
        "an unknown key": lambda one: one.update(tittle="x"),
        "a missing key": lambda one: one.pop("protected"),
        "one language": lambda one: one["title"].pop("uk"),
        "an unknown operator": lambda one: one["parts"][0]["provisions"][runs]["operates"][0].update(op="permits"),
        "no operator": lambda one: one["parts"][0]["provisions"][runs]["operates"][0].pop("op"),
        "a word outside a closed set": lambda one: one["parts"][0]["provisions"][0].update(force="strong"),
        "a number for text": lambda one: one["parts"][0]["provisions"][0].update(id=7),
        "a duration in words": lambda one: one["parts"][0]["provisions"][runs]["operates"][4].update(within="2 days"),
        "a decimal fraction": lambda one: one["parts"][0]["provisions"][runs]["operates"][5]["rule"]["share"].update(
            more_than="0.5"
        ),
        "nothing for an option": lambda one: one["sources"]["S1"].update(consulted=None),
        "a value for a list": lambda one: one["parties"][0].update(groups="core"),
        "an id with a blank": lambda one: one["roles"][0].update(id="the head"),
    }
    damaged = []
    for what, spoil in faults.items():
        spoilt = copy.deepcopy(whole)
        spoil(spoilt)
        damaged.append((what, spoilt))
    return damaged


def test_the_commonest_faults_are_marked(tmp_path):
    whole = plain(loaded(tmp_path, SMALL))
    assert COMPACT.is_valid(whole)
    for what, spoilt in damage(whole):
        assert not COMPACT.is_valid(spoilt), what


@pytest.mark.parametrize("duration", ["PT24H", "P6M", "P10Y", "P1Y2M3DT4H5M6S", "PT30M"])
def test_durations_that_load_are_valid(tmp_path, duration):
    assert COMPACT.is_valid(plain(loaded(tmp_path, SMALL.replace("PT48H", duration))))


@pytest.mark.parametrize("duration", ["P", "PT", "P1W", "1D", "P1H", "PT1D", "-PT1H", "PT1.5H", "P1DT"])
def test_durations_that_do_not_load_are_marked(tmp_path, duration):
    whole = plain(loaded(tmp_path, SMALL))
    whole["parts"][0]["provisions"][1]["operates"][4]["within"] = duration
    assert not COMPACT.is_valid(whole)
