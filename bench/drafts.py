"""How long a drafter waits after saving: until the first guarantee was looked at, and until every one was.

    python -m bench.drafts              the Kyiv text with a later deadline, saved; nothing is written

A process waits that has read everything it needs, as at a console. The floor is reading the same text alone, in that
process. Wall time stands beside processor time: on a machine that does other work only the latter says much.
"""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path
from time import perf_counter, process_time, sleep

from foedus.compact.loader import checked
from foedus.web import check_runs, checks, texts

WANTED_SECONDS = 2.0
WARMING_SECONDS = 3.0
OLD, NEW = "step: decide, within: PT72H", "step: decide, within: PT80H"


def main() -> None:
    """Print the figures."""
    text = texts.copied("kyiv-2022")
    files = tuple((name, data.replace(OLD.encode(), NEW.encode())) for name, data in text.data)
    assert files != text.data, "the deadline stands in the text"
    floor = process_time()
    checked(files[0][1])
    floor = process_time() - floor
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        check_runs.put(room / "draft", files)
        console = checks.Checks()
        console.make_ready()
        sleep(WARMING_SECONDS)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        began = perf_counter()
        run = console.draft("bench", files)
        first = quick = 0.0
        while not (run.ended or run.verdicts):
            run.wait(0.02)
            first = first or (perf_counter() - began if run.quick else 0.0)
            if run.questions and len(run.quick) == run.questions:
                quick = quick or perf_counter() - began
        quick = quick or perf_counter() - began
        broken = sum(one["en"]["holds"] is False for one in run.quick.values())
        run.kill()
        run.wait_for_end(10)
        console.forget()
        sleep(0.2)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"first guarantee seen          {first:6.2f} s wall")
    print(f"every guarantee looked at     {quick:6.2f} s wall (wanted {WANTED_SECONDS:.0f}), {broken} broken")
    print(f"processor time until then     {spent:6.2f} s, of it the start of the process")
    print(f"reading the text alone        {floor:6.2f} s; ratio {spent / floor:.1f}")


if __name__ == "__main__":
    main()
