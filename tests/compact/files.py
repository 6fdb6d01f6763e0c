"""Compact files for tests: the smallest that loads, and ways to write one compact in several layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import load
from foedus.compact.model import Compact, canonical

# Small enough to be read at a glance, and with one of nearly everything that can be wrong.
SMALL = """\
format: 1
id: small
title: {en: Small compact, uk: Малий договір}
short_title: {en: Small, uk: Малий}
nature: {en: A test., uk: Перевірка.}
dated: 2030-01-31
signed_by_states: true
protected: AAA
sources:
  S1: {url: "https://example.org/s1", consulted: 2030-02-01}
roles:
  - {id: head, name: {en: Head, uk: Глава}}
groups:
  - {id: core, tier: true, name: {en: Core, uk: Основа}, source: {kind: text, ref: [S1]}}
parties:
  - id: AAA
    name: {en: Aland, uk: Аланд}
    capital: {en: Acity, uk: Асіті}
    zone: Europe/Kyiv
    groups: []
    source: {kind: text}
  - id: BBB
    name: {en: Beland, uk: Беланд}
    capital: {en: Becity, uk: Бесіті}
    zone: Europe/Oslo
    groups: [core]
    source: {kind: text}
outsiders:
  - {id: OUT, name: {en: Outland, uk: Чужина}}
places:
  - {id: field, name: {en: Field, uk: Поле}}
organisations:
  - {id: club, name: {en: Club, uk: Клуб}}
weights:
  - {id: sizes, as_of: 2030-01-01, source: {kind: text}, values: {AAA: 1, BBB: 2}}
parts:
  - id: P
    title: {en: Part, uk: Частина}
    provisions:
      - id: P.words
        title: {en: Words, uk: Слова}
        text: {en: Words only., uk: Лише слова.}
        force: legal
        source: {kind: text, ref: [S1], verified: false}
      - id: P.runs
        title: {en: What runs, uk: Що діє}
        text: {en: All of it., uk: Усе.}
        force: political
        source: {kind: interpretation}
        operates:
          - {op: permit, act: Activate, by: [{group: core, roles: [head]}], signatures: 2}
          - {op: trigger, kinds: [threat], opens: consultation}
          - {op: territory, codes: [field]}
          - {op: exclusion, outsiders: [OUT]}
          - {op: clock, step: decide, within: PT48H, starts_on: convened, on_lapse: coalition}
          - {op: quorum, rule: {share: {more_than: 1/2}}}
          - {op: roll, groups: [core]}
          - {op: decision, mode: vote, rule: {weight: {by: sizes, at_least: 2/3}}}
          - {op: extension, by: PT12H, at_most: 1, rule: {consent: [BBB]}}
          - {op: precedence, roles: [head]}
          - {op: measure, id: m1, kind: military, mode: immediate, on: [threat], bearers: [AAA], within: PT6H}
          - {op: interim, organisation: club, lapse: [P.words]}
agreements:
  - id: pact
    kind: bilateral
    title: {en: Pact, uk: Пакт}
    force: legal
    source: {kind: text}
    parties:
      - {party: AAA, status: signed, source: {kind: text}}
    corresponds:
      - {provision: P.words, extent: covers, source: {kind: interpretation}}
    sums:
      - {kind: funds, basis: fixed, amount: "12.50", currency: EUR, source: {kind: text}}
"""


def plain(compact: Compact) -> dict[str, Any]:
    """The compact as JSON has it: durations, fractions and dates as text, defaults left out."""
    made: dict[str, Any] = msgspec.json.decode(canonical(compact))
    return made


def as_json(value: object) -> str:
    """JSON is YAML 1.2."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def loaded(folder: Path, text: str | bytes, name: str = "compact.yaml") -> Compact:
    """What one file of this text loads as."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def faults(folder: Path, text: str | bytes, name: str = "compact.yaml") -> MalformedCompact:
    """The findings in one file of this text, which must have some; their file is `name` alone."""
    try:
        loaded(folder, text, name)
    except MalformedCompact as malformed:
        renamed = [msgspec.structs.replace(one, file=Path(one.file).name) for one in malformed.findings]
        return MalformedCompact(renamed)
    raise AssertionError("the file loads")
