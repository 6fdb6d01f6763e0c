"""Screening by Ray on a local cluster of two workers: the same as one process, also when a worker is killed midway."""

from __future__ import annotations

import csv
import os
import signal

import pytest

from foedus.customers import BATCH_ROWS, by_index, screen_file
from foedus.errors import Malformed
from foedus.screening import Index, Record
from foedus.screening.certificate import certify
from tests.screening.named import NAMES

pytestmark = pytest.mark.slow
ray = pytest.importorskip("ray", reason="foedus[cluster] is not installed: `make cluster` does it")

LISTED = [Record(f"l:{place}", (name, f"{name} {place}")) for place, name in enumerate(NAMES)]
CERTIFICATE = certify(LISTED, [], 0.8, 0.8)
ROWS = 6 * BATCH_ROWS


@pytest.fixture(scope="module")
def cluster():
    """Ray on this machine, with two workers over one index."""
    from foedus.cluster import Cluster

    ray.init(
        num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False,
        object_store_memory=200 * 2**20,
    )  # fmt: skip
    with Cluster(Index(LISTED), CERTIFICATE, limit=3) as made:
        yield made
    ray.shutdown()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Customers in plenty, some of whom are no rows that can be screened."""
    path = tmp_path_factory.mktemp("customers") / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("id", "name", "kind"))
        for number in range(ROWS):
            name = "" if number % 97 == 0 else f"{NAMES[number % len(NAMES)]} {number % 7}"
            writer.writerow((f"c{number}", name, "ghost" if number % 101 == 0 else ""))
    return path


def by_one_process(file, out):
    return screen_file(by_index(Index(LISTED), CERTIFICATE, 3), CERTIFICATE, file, out, 3)


def test_two_workers_say_what_one_process_says(cluster, file, tmp_path):
    alone = by_one_process(file, tmp_path / "alone.csv")
    both = screen_file(cluster.screens(), CERTIFICATE, file, tmp_path / "both.csv", 3)
    assert (tmp_path / "both.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
    assert both == alone
    assert alone.bad_rows
    assert alone.hits


def test_a_worker_killed_midway_loses_and_doubles_nothing(cluster, file, tmp_path):
    alone = by_one_process(file, tmp_path / "alone.csv")
    workers: list[int] = []
    screens = cluster.screens()

    def killing(lots):
        for number, part in enumerate(screens(lots)):
            if number == 1:
                (killed,) = {one.worker for one in cluster.answers([asked(ROWS + 1)])}
                workers.append(killed)
                os.kill(killed, signal.SIGKILL)
            yield part

    done = screen_file(killing, CERTIFICATE, file, tmp_path / "killed.csv", 3)
    assert (tmp_path / "killed.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
    assert done == alone
    later = {one.worker for one in cluster.answers(asked(ROWS + 1) for _ in range(12))}
    assert len(later) == 2, "another took its place"
    assert workers[0] not in later


def asked(number: int):
    """One customer as Arrow."""
    import pyarrow as pa

    return pa.record_batch({"name": [NAMES[0]], "number": [number]})


def test_batches_in_and_out_are_arrow_and_in_order(cluster):
    import pyarrow as pa

    from foedus.cluster import BAD, HITS

    batches = [pa.record_batch({"id": [f"{at}-{row}" for row in range(3)], "name": [NAMES[at], "?!", "Zyx Qwv"]})
               for at in range(8)]  # fmt: skip
    answered = list(cluster.answers(batches))
    assert [one.last for one in answered] == [3, 6, 9, 12, 15, 18, 21, 24]
    for at, one in enumerate(answered):
        assert (one.hits.schema, one.bad.schema) == (HITS, BAD)
        assert one.hits.column("query_id").to_pylist()[0] == f"{at}-0"
        assert one.bad.column("row").to_pylist() == [3 * at + 2]


def test_a_batch_without_names_is_named(cluster):
    import pyarrow as pa

    with pytest.raises(Malformed, match="a column `name`"):
        list(cluster.answers([pa.record_batch({"id": ["1"]})]))


def test_a_worker_of_another_engine_is_no_worker(cluster):
    from foedus.cluster import _Screener

    with pytest.raises(Malformed, match="install the same version"):
        _Screener(Index(LISTED).arrays()._asdict(), "0" * 64, b"{}", 3)
