"""The API's part by which signed acts come in, one or up to a hundred.

What enters the record does so through `Depositary.perform`, as everywhere; nothing is signed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody
from msgspec import Meta, Struct

from foedus import depositary as door
from foedus.acts import SALT_BYTES
from foedus.errors import FoedusError, Malformed
from foedus.record.envelope import Envelope
from foedus.web import api_types, asked, examples
from foedus.web.api_record import answer
from foedus.web.failures import described as problem_of
from foedus.web.openapi import says
from foedus.web.page import Page
from foedus.words import Words

MOST_IN_BATCH = 100


class Submission(Struct, frozen=True, forbid_unknown_fields=True):
    """An act with the attachments it names."""

    envelope: Envelope
    attachments: tuple[api_types.Blob, ...] = ()


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a batch: `envelope` as for a single act, and told alone what is wrong with it."""

    envelope: dict[str, Any]
    attachments: tuple[api_types.Blob, ...] = ()


class Acts(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to a hundred acts, performed in this order in one transaction, each refused alone."""

    acts: Annotated[tuple[Sent, ...], Meta(max_length=MOST_IN_BATCH)]


class _Submitted(Struct, frozen=True, forbid_unknown_fields=True):
    """The same as received: the envelope's bytes are read by nobody but the depositary."""

    envelope: msgspec.Raw
    attachments: tuple[api_types.Blob, ...] = ()


class _Batch(Struct, frozen=True, forbid_unknown_fields=True):
    acts: tuple[_Submitted, ...]


@post(
    "/api/acts",
    opt=says(
        "Submit one signed act",
        "acts",
        answer=api_types.Receipt,
        takes=(Envelope, Submission),
        errors=(400, 403, 409, 413),
        example=examples.RECEIPT,
        takes_example=examples.ENVELOPE,
    ),
    sync_to_thread=True,
)
def submit(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """The envelope itself, or `{envelope, attachments}`. Answers with the receipt when it is durable."""
    sent = submitted(body)
    receipt = page.depositary.perform(bytes(sent.envelope), blobs(sent.attachments))
    return answer(receipt_view(receipt), 201)


@post(
    "/api/acts/batch",
    status_code=200,
    opt=says(
        "Submit up to a hundred signed acts in one transaction, each refused alone",
        "acts",
        answer=api_types.Batch,
        takes=(Acts,),
        errors=(400, 403, 409, 413),
        example=examples.BATCH,
        takes_example=examples.ACTS,
    ),
    sync_to_thread=True,
)
def submit_batch(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """The results in the order of the acts."""
    asked.decoded(body, Acts)
    batch = asked.decoded(body, _Batch)
    files = [blob for act in batch.acts for blob in blobs(act.attachments)]
    done = page.depositary.perform_all([bytes(act.envelope) for act in batch.acts], files)
    return answer(api_types.Batch(tuple(batch_result(one, page.words) for one in done)))


def submitted(body: bytes) -> _Submitted:
    """The two forms of a submission as one. Raises Malformed."""
    members = asked.decoded(body, dict[str, msgspec.Raw])
    if "envelope" in members:
        return asked.decoded(body, _Submitted)
    return _Submitted(msgspec.Raw(body))


def blobs(sent: Sequence[api_types.Blob]) -> list[tuple[bytes, bytes]]:
    """Salt and content of each attachment. Raises Malformed for a salt that is none."""
    for blob in sent:
        if len(blob.salt) != SALT_BYTES:
            raise Malformed(
                "an attachment's salt has {found} bytes; {expected} expected", found=len(blob.salt), expected=SALT_BYTES
            )
    return [(blob.salt, blob.content) for blob in sent]


def receipt_view(receipt: door.Receipt) -> api_types.Receipt:
    """The receipt, with where to go on."""
    entry = f"/api/entries/{receipt.entry}"
    links = api_types.Links(entry, f"{entry}/proof", "/api/checkpoint")
    return api_types.Receipt(receipt.entry, receipt.at, receipt.act_id, receipt.events, links)


def batch_result(done: door.Receipt | FoedusError, words: Words) -> api_types.BatchResult:
    """A receipt, or why there is none."""
    if isinstance(done, FoedusError):
        return api_types.BatchResult(problem=problem_of(done, words)[1])
    return api_types.BatchResult(receipt=receipt_view(done))


handlers: list[HTTPRouteHandler] = [submit, submit_batch]
