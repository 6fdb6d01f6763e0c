"""The peer: nomenklatura's blocker and logic-v2 over the same records. Run by bench/screening.py with the peer's own
Python.

    python screening_peer.py TARGETS.jsonl QUERIES.jsonl

Both files are FollowTheMoney entities, one a line. Prints JSON: seconds to build, seconds to answer by the clock and of
the core, alerts. Imports nothing of ours.
"""

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from followthemoney import Dataset, Statement, StatementEntity  # type: ignore[import-not-found]  # of the peer's environment
from nomenklatura.blocker.index import Index  # type: ignore[import-not-found]  # of the peer's environment
from nomenklatura.matching import LogicV2  # type: ignore[import-not-found]  # of the peer's environment
from nomenklatura.resolver import Linker  # type: ignore[import-not-found]  # of the peer's environment
from nomenklatura.store.memory import MemoryStore  # type: ignore[import-not-found]  # of the peer's environment

THRESHOLD, CANDIDATES = 0.7, 50


def main(targets: Path, queries: Path) -> None:
    """Build, then answer every query: candidates of all at once, then each scored."""
    dataset = Dataset.make({"name": "targets", "title": "targets"})
    asked = [_entity(dataset, line) for line in queries.open(encoding="utf-8")]
    start = perf_counter()
    store = MemoryStore(dataset, Linker({}))
    with store.writer() as writer:
        for line in targets.open(encoding="utf-8"):
            writer.add_entity(_entity(dataset, line))
    view = store.view(dataset)
    with tempfile.TemporaryDirectory() as folder:
        index = Index(view, Path(folder), {"max_candidates": CANDIDATES})
        index.build()
        built = perf_counter() - start
        by_id = {entity.id: entity for entity in asked}
        config = LogicV2.default_config()
        start, core = perf_counter(), process_time()
        alerts, pairs = 0, 0
        for query, matches in index.match_entities(asked):
            for candidate, _ in matches[:CANDIDATES]:
                entity = view.get_entity(candidate.id)
                pairs += 1
                alerts += LogicV2.compare(by_id[query.id], entity, config).score >= THRESHOLD
        answered, core = perf_counter() - start, process_time() - core
    said = {"built": built, "answered": answered, "core": core, "queries": len(asked), "pairs": pairs, "alerts": alerts}
    print(json.dumps(said))


def _entity(dataset: Any, line: str) -> Any:
    """An entity of the peer's from a line of JSON."""
    data = json.loads(line)
    statements = [
        Statement(entity_id=data["id"], prop=name, schema=data["schema"], value=value, dataset="targets")
        for name, values in data["properties"].items()
        for value in values
    ]
    return StatementEntity.from_statements(dataset, statements)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
