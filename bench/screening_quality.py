"""How many it finds, and how many it calls in vain: python -m bench.screening_quality [tuning | --write]

On the unseen part of the labelled set (bench/labelled.py), unless the tuning part is asked for: recall, precision and
alerts for each threshold (written for the product's own guide with --write), what each rule loses at the default
threshold, and F1 on the hard pairs.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

from bench.labelled import TUNING, UNSEEN, hard_pairs, queries, unrelated
from bench.screened_lists import real
from foedus.screening import THRESHOLD, Index, compare
from foedus.threshold_guide import COLUMNS, FILE, Level, svg

THRESHOLDS = (0.70, 0.72, 0.74, 0.76, 0.78, 0.80, 0.82, 0.84, 0.86, 0.88, 0.90, 0.92)


def main(part: str, shown: int) -> None:
    """Measure and print."""
    records = real()
    index = Index(records)
    asked = queries(records, part, 3_000)
    strangers = unrelated(3_000, seed=5 if part == UNSEEN else 6)
    scores, rules = [], defaultdict[str, list[float]](list)
    for query, wanted, rule in asked:
        names = set(index.record(wanted).names)
        found = [
            m.score
            for m in index.search(query, limit=None, cutoff=0.6)
            if m.id == wanted or names & set(index.record(m.id).names)
        ]
        scores.append(max(found, default=0.0))
        rules[rule].append(scores[-1])
        if scores[-1] < THRESHOLD and shown > 0:
            shown -= 1
            print("  lost", rule, scores[-1], query.names[0], "|", index.record(wanted).names[:4], file=sys.stderr)
    called = []
    for stranger in strangers:
        found_one = next(iter(index.search(stranger, limit=1, cutoff=0.6)), None)
        called.append(found_one.score if found_one else 0.0)
        if found_one and found_one.match and "show" in sys.argv:
            print(
                "  called", found_one.score, stranger.names[0], "|", found_one.reasons[0].found["name"], file=sys.stderr
            )
    print(
        f"screening quality, {part} part: {len(records):,} targets, {len(asked):,} queries, "
        f"{len(strangers):,} strangers"
    )
    print("threshold  recall  precision  alerts per 1,000 strangers")
    levels = [_level(threshold, scores, called) for threshold in sorted({*THRESHOLDS, THRESHOLD})]
    for one in levels:
        print(
            f"  {one.threshold:<7g}  {one.recall:.4f}  {one.precision:.4f}  {one.alerts_per_1000:5.1f}"
            f"{'  (default)' if one.threshold == THRESHOLD else ''}"
        )
    if "--write" in sys.argv:
        _write(levels)
    for rule, those in sorted(rules.items()):
        print(f"  {rule}: {sum(score >= THRESHOLD for score in those)} of {len(those)} found")
    pairs_of(records, part)


def _level(threshold: float, scores: list[float], called: list[float]) -> Level:
    found, vain = (sum(score >= threshold for score in some) for some in (scores, called))
    return Level(threshold, found / len(scores), found / (found + vain), 1000 * vain / len(called))


def _write(levels: list[Level]) -> None:
    """The table that the product shows, and the picture of it in the documentation."""
    with FILE.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            (f"{one.threshold:g}", f"{one.recall:.4f}", f"{one.precision:.4f}", f"{one.alerts_per_1000:.1f}")
            for one in levels
        )
    (Path(__file__).parents[1] / "docs/thresholds.svg").write_text(svg(THRESHOLD), "utf-8")


def pairs_of(records: list, part: str) -> None:  # type: ignore[type-arg]  # of Record
    """F1 on the hard pairs, and each rule's share that is right."""
    pairs = hard_pairs(records, part, 300)
    judged = [(pair, compare(pair.ours, pair.theirs).score) for pair in pairs]
    for threshold in (0.76, 0.78, THRESHOLD, 0.82, 0.84, 0.86):
        true = sum(pair.same and score >= threshold for pair, score in judged)
        called = sum(score >= threshold for _, score in judged)
        same = sum(pair.same for pair in pairs)
        precision, recall = true / max(1, called), true / same
        both = 2 * precision * recall / (precision + recall)
        print(f"hard pairs at {threshold:g}: precision {precision:.3f} recall {recall:.3f} F1 {both:.3f}")
    right: Counter[str] = Counter(pair.rule for pair, score in judged if (score >= THRESHOLD) == pair.same)
    total = Counter(pair.rule for pair in pairs)
    print("  right: " + ", ".join(f"{rule} {right[rule]}/{number}" for rule, number in sorted(total.items())))
    if "show" in sys.argv:
        for pair, score in judged:
            if (score >= THRESHOLD) != pair.same and hash(pair.ours.names[0]) % 5 == 0:
                print("  wrong", pair.rule, score, pair.ours.names[0], "|", pair.theirs.names[0], file=sys.stderr)


if __name__ == "__main__":
    main(TUNING if TUNING in sys.argv else UNSEEN, 40 if "show" in sys.argv else 0)
