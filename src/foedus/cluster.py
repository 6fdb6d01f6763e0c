"""Customers screened on many machines by Ray (`foedus[cluster]`): Arrow batches in, Arrow batches out, in their order.

The index lies in Ray's object store, once on each machine, and is mapped by every actor there. An answer depends on its
batch and the index alone, so a batch whose actor died is asked again of another: it is answered once, and the same.
Nothing here decides who is a hit: `customers.screened` does, as in one process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pyarrow as pa
import ray

from foedus.customers import HEADING, Bad, Lot, Part, Screens, screened
from foedus.errors import Malformed
from foedus.in_law import Law
from foedus.screened import COLUMNS, row_of
from foedus.screening import Index
from foedus.screening.certificate import Certificate
from foedus.screening.segment import Arrays
from foedus.screening.tables import engine_digest

AHEAD = 3  # batches for each actor that are asked and not yet taken: it never waits, and memory stays bounded
CUSTOMERS = pa.schema([("number", pa.int64()), *((name, pa.string()) for name in COLUMNS)])
HITS = pa.schema(
    list(zip(HEADING, (pa.string(), pa.int32(), pa.string(), pa.float64(), pa.bool_(), pa.string(), pa.string()),
             strict=True))
)  # fmt: skip
BAD = pa.schema([("row", pa.int64()), ("sentence", pa.string()), ("found", pa.string())])  # `found` as JSON


class Answered(msgspec.Struct, frozen=True):
    """What came of one batch. `last`: the number of its last row. `hits` as HITS, `bad` as BAD, both Arrow.

    `worker`: the process that answered.
    """

    last: int
    hits: pa.RecordBatch
    customers_hit: int
    bad: pa.RecordBatch
    worker: int


class _Screener:
    """One process with the index, loaded once."""

    def __init__(self, arrays: dict[str, Any], engine: str, certificate: bytes, limit: int) -> None:
        if engine != engine_digest():  # it would answer otherwise
            raise Malformed(
                "a worker has engine {found}, this is {expected}: install the same version on every machine",
                found=engine_digest()[:12], expected=engine[:12],
            )  # fmt: skip
        self._index = Index.of_arrays(Arrays(**arrays))
        self._certificate = msgspec.json.decode(certificate, type=Certificate)
        self._limit = limit

    def answer(self, batch: pa.RecordBatch) -> tuple[int, pa.RecordBatch, int, pa.RecordBatch, int]:
        """The members of `Answered`."""
        rows = [row_of({name: value or "" for name, value in row.items() if name != "number"}, row["number"])
                for row in batch.to_pylist()]  # fmt: skip
        part = screened(self._index, rows, self._certificate, self._limit)
        columns: list[Any] = list(
            zip(*((*hit[:3], float(str(hit[3])), hit[4] == "true", *hit[5:]) for hit in part.hits), strict=True)
        )
        hits = pa.record_batch(columns or [[] for _ in HITS], schema=HITS)
        problems = [(one.row, one.sentence, msgspec.json.encode(one.found).decode()) for one in part.bad]
        bad = pa.record_batch([list(cells) for cells in zip(*problems, strict=True)] or [[], [], []], schema=BAD)
        return part.last, hits, part.customers_hit, bad, os.getpid()


class Cluster:
    """Actors that hold one index, as a context. Ray is to be there before: `joined`, or `ray.init`."""

    def __init__(self, index: Index, certificate: Certificate, limit: int = 10, workers: int = 2) -> None:
        self._arrays = ray.put(index.arrays()._asdict())  # held, so that whoever is begun anew finds it
        made = ray.remote(max_restarts=-1, max_task_retries=-1)(_Screener)  # whoever dies is begun anew and asked again
        said = (engine_digest(), msgspec.json.encode(certificate), limit)
        self._actors = [made.remote(self._arrays, *said) for _ in range(workers)]

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for actor in self._actors:
            ray.kill(actor)

    def answers(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Answered]:
        """What came of each batch, in the order of the batches. A batch has the columns of CUSTOMERS, of which `name`
        must be there; without `number` its rows are counted on from those before.

        Raises Malformed for a batch without a column `name`, or an engine that differs.
        """
        waiting: deque[Any] = deque()
        free = deque(actor for _ in range(AHEAD) for actor in self._actors)
        asked: dict[Any, Any] = {}
        for batch in _numbered(batches):
            if not free:
                _free(asked, free)
            actor = free.popleft()
            reference = actor.answer.remote(batch)
            asked[reference] = actor
            waiting.append(reference)
            while waiting and (waiting[0] not in asked or len(waiting) > 2 * AHEAD * len(self._actors)):
                reference = waiting.popleft()
                answered = _taken(reference)
                if (actor := asked.pop(reference, None)) is not None:
                    free.append(actor)
                yield answered
        while waiting:
            yield _taken(waiting.popleft())

    def screens(self, law: Law | None = None) -> Screens:
        """As `customers.by_index`, for a file."""

        def screens(lots: Iterator[Lot]) -> Iterator[Part]:
            for one in self.answers(_batch(lot) for lot in lots):
                yield Part(one.last, [_hit(hit, law) for hit in one.hits.to_pylist()], one.customers_hit,
                           [_bad(row) for row in one.bad.to_pylist()])  # fmt: skip

        return screens


def _bad(row: dict[str, Any]) -> Bad:
    return Bad(row["row"], row["sentence"], msgspec.json.decode(row["found"]))


@contextmanager
def joined(address: str, workers: int) -> Iterator[None]:
    """Ray, joined at its address; `local` begins one on this machine for so many workers and ends it.

    Raises Malformed where none answers there.
    """
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # else it writes over the progress bar
    try:
        if address == "local":
            ray.init(address="local", num_cpus=workers, include_dashboard=False, _node_ip_address="127.0.0.1", **quiet)
        else:
            ray.init(address=address, **quiet)
    except (ConnectionError, ValueError, RuntimeError) as problem:
        raise Malformed("no cluster of Ray answers at {address}: {problem}", address=address, problem=problem) from None
    try:
        yield
    finally:
        ray.shutdown()


def _free(asked: dict[Any, Any], free: deque[Any]) -> None:
    """Wait until an answer is there."""
    ready, _ = ray.wait(list(asked), num_returns=1)
    for reference in ready:
        free.append(asked.pop(reference))


def _taken(reference: Any) -> Answered:
    try:
        return Answered(*ray.get(reference))
    except ray.exceptions.RayTaskError as problem:
        if isinstance(problem.cause, Malformed):
            raise problem.cause from None
        raise


def _numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    after = 1
    for batch in batches:
        names = batch.schema.names
        if "name" not in names:
            raise Malformed(
                "{file}: a column `name` was expected, found {found}", file="-", found=", ".join(names)[:200] or "-"
            )
        if not batch.num_rows:
            continue
        columns = [pa.array(range(after, after + batch.num_rows)) if field.name == "number" and "number" not in names
                   else batch.column(field.name).cast(field.type) if field.name in names
                   else pa.nulls(batch.num_rows, field.type) for field in CUSTOMERS]  # fmt: skip
        numbered = pa.record_batch(columns, schema=CUSTOMERS)
        after = numbered.column("number")[-1].as_py() + 1
        yield numbered


def _batch(lot: Lot) -> pa.RecordBatch:
    """Rows of a file as Arrow."""
    columns = [[row.get(name) or "" for row, _ in lot] for name in COLUMNS]
    return pa.record_batch([[number for _, number in lot], *columns], schema=CUSTOMERS)


def _hit(hit: dict[str, Any], law: Law | None) -> tuple[object, ...]:
    """As `customers.hit_of` writes it."""
    found = (law.word(hit["target_id"]) if law else None) or ""
    return (hit["query_id"], hit["rank"], hit["target_id"], f"{hit['score']:.4f}", str(hit["match"]).lower(),
            hit["reasons"], found)  # fmt: skip
