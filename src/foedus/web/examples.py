"""Examples for the description of the API: invented, of an exercise, and of the shape that is really
answered.

None of them is signed by a key that anybody holds; a test reads each as the type it stands for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from foedus.parties.acts import StatusChanged, TextSigned
from foedus.web import api_checkpoints, api_types

_AT = datetime(2026, 10, 10, 8, 30, tzinfo=UTC)
_DIGEST = "4be712d06f3a99c5e81077ab03d2f4c61a5e88b920d76c4fb1e35a097df2c811"
_ROOT = "q2l8dW0hJxK8e2YQpm2eZC9o0qv2y7qfB9yD3nO0xXw="
_ORIGIN = "exercise.foedus.example/kyiv-2022/2026-10-10"

RECEIPT = api_types.Receipt(
    entry=1204,
    at=_AT,
    act_id="0f6e3c7d9a1b4c2e8d5f60718293a4b5",
    events=(TextSigned("POL", "kyiv-2022", _DIGEST), StatusChanged("POL", "kyiv-2022", "signed")),
    links=api_types.Links("/api/entries/1204", "/api/entries/1204/proof", "/api/checkpoint"),
)
PROBLEM = api_types.Problem(
    "refused",
    "POL/duty may not perform SignText: this clause names others",
    "Read the clause named; what a seat may do now is shown on its page of the console.",
    "P14.signing",
)
BATCH = api_types.Batch((api_types.BatchResult(receipt=RECEIPT), api_types.BatchResult(problem=PROBLEM)))
ENVELOPE: dict[str, Any] = {
    "payload": "eyJvcmlnaW4iOiJleGVyY2lzZS5mb2VkdXMuZXhhbXBsZSJ9",
    "payloadType": "application/vnd.foedus.exercise-act+json",
    "signatures": [{"keyid": "a91f03c75e20bb14", "sig": "A" * 86 + "=="}],
}
ACTS: dict[str, Any] = {"acts": [{"envelope": ENVELOPE}]}
STATE = api_types.StateView(
    record=api_types.RecordView(_ORIGIN, True, "unclassified", _DIGEST),
    compact=api_types.CompactView("kyiv-2022", _DIGEST, "The Kyiv Security Compact", "UKR"),
    size=1262,
    parties=38,
    seats=190,
    incidents=1,
    responses=1,
    at=_AT,
    known=_AT,
    open_responses=("R-1",),
)
CHECKPOINT = api_checkpoints.CheckpointView(
    _ORIGIN,
    1262,
    _ROOT,
    f"{_ORIGIN}\n1262\n{_ROOT}\n\n\u2014 {_ORIGIN} AAAAAA==\n",
    f"{_ORIGIN}+00000000+AQ==",
)
WITNESSED = api_checkpoints.WitnessedView(
    1262,
    "P14.witnesses",
    3,
    1,
    "protected",
    ("EST/witness", "POL/witness", "UKR/witness"),
    (
        api_checkpoints.CosignedView("POL/witness", "POL", _AT, True),
        api_checkpoints.CosignedView("UKR/witness", "UKR", _AT),
    ),
    False,
)
COSIGNED_NOTE = api_checkpoints.CosignedNote(f"{CHECKPOINT.note}\u2014 {_ORIGIN}/POL/witness AAAAAAAAAA==\n")
