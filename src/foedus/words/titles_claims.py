"""What codes of claims and distributions are called, and the fields of their acts. Tables of words only."""

from __future__ import annotations

from foedus.words import mark

MEASURES = {"damage": mark("damage"), "loss": mark("loss")}
STAGES = {
    "claimed": mark("claimed"),
    "recorded": mark("recorded"),
    "assessed": mark("assessed"),
    "awarded": mark("awarded"),
    "refused": mark("refused"),
    "withdrawn": mark("withdrawn"),
    "appealed": mark("appealed"),
    "paid": mark("paid"),
}
LABELS = {
    "register": mark("Register"),
    "first_cause": mark("Earliest cause"),
    "totals": mark("Totals"),
    "batch": mark("Batch"),
    "body": mark("Body that decides"),
    "corrects": mark("Corrects"),
    "rule": mark("Digest of the rule"),
    "up_to": mark("All awards up to"),
    "dry_run": mark("Digest of the dry run"),
    "result": mark("Digest of the result"),
    "fund": mark("Of the fund"),
    "paid": mark("To be paid"),
    "reserve": mark("In reserve"),
    "left": mark("Left over"),
    "distribution": mark("Distribution"),
}
