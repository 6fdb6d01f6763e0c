"""How many it finds, and how many it calls in vain: python -m bench.screening_quality [tuning]

On the unseen part of the labelled set (bench/labelled.py), unless the tuning part is asked for: recall and alerts for
each threshold, what each rule loses at the default threshold, and F1 on the hard pairs.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

from bench.labelled import TUNING, UNSEEN, hard_pairs, queries, unrelated
from bench.screened_lists import real
from foedus.screening import THRESHOLD, Index, compare

THRESHOLDS = (0.70, 0.74, 0.76, 0.78, 0.80, 0.82, 0.84, 0.86, 0.88, 0.90, 0.92)


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
        if found_one and found_one.match and len(sys.argv) > 2:
            print(
                "  called", found_one.score, stranger.names[0], "|", found_one.reasons[0].found["name"], file=sys.stderr
            )
    print(
        f"screening quality, {part} part: {len(records):,} targets, {len(asked):,} queries, "
        f"{len(strangers):,} strangers"
    )
    print("threshold  recall  alerts per 1,000 strangers")
    for threshold in sorted({*THRESHOLDS, THRESHOLD}):
        recall = sum(score >= threshold for score in scores) / len(scores)
        alerts = 1000 * sum(score >= threshold for score in called) / len(called)
        print(f"  {threshold:.2f}     {recall:.4f}  {alerts:5.1f}{'  (default)' if threshold == THRESHOLD else ''}")
    for rule, those in sorted(rules.items()):
        print(f"  {rule}: {sum(score >= THRESHOLD for score in those)} of {len(those)} found")
    pairs_of(records, part)


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
        print(f"hard pairs at {threshold:.2f}: precision {precision:.3f} recall {recall:.3f} F1 {both:.3f}")
    right: Counter[str] = Counter(pair.rule for pair, score in judged if (score >= THRESHOLD) == pair.same)
    total = Counter(pair.rule for pair in pairs)
    print("  right: " + ", ".join(f"{rule} {right[rule]}/{number}" for rule, number in sorted(total.items())))
    if len(sys.argv) > 2:
        for pair, score in judged:
            if (score >= THRESHOLD) != pair.same and hash(pair.ours.names[0]) % 5 == 0:
                print("  wrong", pair.rule, score, pair.ours.names[0], "|", pair.theirs.names[0], file=sys.stderr)


if __name__ == "__main__":
    main(TUNING if TUNING in sys.argv else UNSEEN, 40 if len(sys.argv) > 2 else 0)
