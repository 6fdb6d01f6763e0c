"""Bad input is found by name, with file and line, and never as a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.check.findings import worth_a_look
from foedus.compact.clauses import Clauses
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import bundled, load

BUDAPEST, RIO = "budapest-1994", "rio-1947"


def written(name: str, folder: Path, was: str, instead: str) -> tuple[Path, int]:
    """The design with one passage otherwise, and the line where that begins."""
    text = (bundled()[name] / "compact.yaml").read_text("utf-8")
    assert text.count(was) >= 1, was
    file = folder / "compact.yaml"
    file.write_text(text.replace(was, instead, 1), "utf-8")
    return file, text[: text.index(was)].count("\n") + 1


WEIGHTS = "as_of: 2007-01-01, source: {kind: text, ref: [NICE, SEV]}, values"
REFUSED = {
    "an unknown party": (RIO, "protected: VEN", "protected: VENE", "'VENE', which names nothing"),
    "a fraction above 1": (RIO, "share: {at_least: 2/3}", "share: {at_least: 3/2}", "3/2"),
    "weights with no source": (
        "eu-council-nice",
        WEIGHTS,
        "as_of: 2007-01-01, values",
        "source",
    ),
    "an empty body": (BUDAPEST, "members: [CHN, FRA, RUS, GBR, USA]", "members: []", "an empty list"),
    "an unknown body": (BUDAPEST, "to: security-council", "to: general-assembly", "'general-assembly'"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_can_only_be_a_slip_is_refused_with_its_line(fault, tmp_path):
    name, was, instead, told = REFUSED[fault]
    file, line = written(name, tmp_path, was, instead)
    with pytest.raises(MalformedCompact) as caught:
        load(file)
    found = [one.one_line() for one in caught.value.findings]
    assert any(f"{file}:{line}:" in one and told in one for one in found), found


TWO_THIRDS = "decision, mode: vote, rule: {share: {at_least: 2/3}}"
ROLL = "groups: [guarantor-states]}\n          - {op: permit"
LOOKED_AT = {
    "a rule that nobody can satisfy": (RIO, TWO_THIRDS, "decision, mode: vote, rule: {count: {at_least: 22}}"),
    "a body whose votes are more than its members": (BUDAPEST, "    votes: 9\n", "    votes: 16\n"),
    "a procedure without an end": (
        "istanbul-2022", "starts_on: request, on_lapse: record", "starts_on: convened, on_lapse: record",
    ),
    "a roll of nobody": ("istanbul-2022", ROLL, ROLL.replace("guarantor-states", "others")),
    "weights whose source is nowhere": ("eu-council-nice", WEIGHTS, WEIGHTS.replace("[NICE, SEV]", "[]")),
    "a member without a weight": ("eu-council-nice", "LUX: 4, MLT: 3}", "LUX: 4}"),
    "a guarantee on an act that nobody may perform": (
        "istanbul-2022", "    given: [ReportIncident]\n", "    given: [NotifySnapback]\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", LOOKED_AT)
def test_what_may_be_meant_is_a_finding_with_its_line(fault, tmp_path):
    name, was, instead = LOOKED_AT[fault]
    before = {one.found for one in worth_a_look(name, Clauses.of(load(name)))}
    file, _ = written(name, tmp_path, was, instead)
    if fault == "a roll of nobody":
        text = file.read_text("utf-8")
        group = "  - {id: others, name: {en: Others, uk: Інші}, source: {kind: interpretation, ref: [IC]}}\n"
        file.write_text(text.replace("groups:\n", f"groups:\n{group}", 1), "utf-8")
    found = [one for one in worth_a_look(str(file), Clauses.of(load(file))) if one.found not in before]
    assert found
    lines = file.read_text("utf-8").split("\n")
    for one in found:
        assert one.file == str(file)
        assert one.line > 1
        assert lines[one.line - 1].strip()


def test_references_in_a_circle_are_a_finding(tmp_path):
    """Two unions, each a member of the other."""
    file, line = written(RIO, tmp_path, "zone: America/La_Paz,", "zone: America/La_Paz, heads: 0, part_of: [BRA],")
    zone = "zone: America/Sao_Paulo,"
    other = file.read_text("utf-8").replace(zone, f"{zone} heads: 0, part_of: [BOL],")
    file.write_text(other, "utf-8")
    found = worth_a_look(str(file), Clauses.of(load(file)))
    assert [(one.line, one.path) for one in found] == [(line, "parties[1].part_of"), (line + 1, "parties[2].part_of")]


def test_the_bundled_agreement_has_nothing_to_look_at():
    assert worth_a_look("kyiv-2022", Clauses.of(load("kyiv-2022"))) == ()
    assert [one.found for one in worth_a_look(BUDAPEST, Clauses.of(load(BUDAPEST)))] == ["a procedure without an end"]
