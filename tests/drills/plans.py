"""Plans that tests play."""

from __future__ import annotations

from pathlib import Path

PLAN = """
title: {en: Night attack, uk: Нічний напад}
starts: 2027-02-24T03:00:00Z
hours: 90
seed: 7
by_party:
  XAD: {declines: 1.0}
injects:
  - at: PT0S
    seat: UKR/duty
    evidence: 1
    body:
      act: ReportIncident
      kind: armed_attack
      territory: UA
      occurred_from: "2027-02-24T02:10:00Z"
      attributed_to: RUS
  - at: PT30M
    seat: UKR/head
    also: [UKR/foreign]
    body: {act: Activate, incident: I-1}
  - at: PT2H
    seat: UKR/foreign
    body: {act: ProposeMeasure, response: R-1, menu: air-defence-systems}
"""


def written(folder: Path, text: str = PLAN) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, "utf-8")
    return path
