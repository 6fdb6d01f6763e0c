"""The report of a drill in its folder: report.json, report.html and report.pdf, in English and Ukrainian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from foedus.acts import decode_entry, decode_statement
from foedus.compact.clauses import Clauses
from foedus.depositary import Depositary
from foedus.documents import html, paper
from foedus.drills.report import Report, SeatTook, clocks_of, outcomes_of, parties_of
from foedus.drills.running import Drill
from foedus.drills.said import sheet
from foedus.errors import Malformed
from foedus.words import LANGUAGES, translator


def report_of(
    drill: Drill, depositary: Depositary, reached: Mapping[str, float | str], seats: tuple[SeatTook, ...] = ()
) -> Report:
    """What came of a drill that has ended. `seats`: how alerts reached them."""
    state, plan = depositary.state, drill.plan
    response = state.response.responses.get("R-1")
    stopped = drill.stopped
    return Report(
        plan.title.en, plan.title.uk, drill.origin, plan.seed, drill.speed, plan.starts, state.at or plan.starts,
        state.size, depositary.record.root(state.size).hex(),
        clocks_of(response) if response is not None else (),
        parties_of(state, response, reached, partial(_signer, depositary)) if response is not None else (),
        outcomes_of(response, state) if response is not None else (),
        stopped.because if stopped is not None else "", stopped.at if stopped is not None else None,
        tuple(drill.refused), response.place.at if response is not None else None, seats,
        depositary.checkpoint().decode(),
    )  # fmt: skip


def _signer(depositary: Depositary, entry: int) -> str:
    """Which seat signed an entry; empty for what no seat did."""
    for data in depositary.store.entries(entry, entry + 1):
        return decode_statement(decode_entry(data).act.payload).seat
    return ""


def read_reports(paths: Sequence[Path]) -> list[Report]:
    """Reports of earlier drills. Raises Malformed for what is none."""
    found = []
    for path in paths:
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=Report))
        except OSError as problem:
            raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
        except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
            raise Malformed("{path}: no report of a drill: {problem}", path=path, problem=problem) from None
    return found


def write(folder: Path, report: Report, before: Sequence[Report], clauses: Clauses) -> list[Path]:
    """Every form of it; the files written."""
    data = msgspec.json.encode(report)
    written = [folder / "report.json"]
    written[0].write_bytes(data)
    for language in LANGUAGES:
        made = sheet(report, before, translator(language), clauses)
        page, print_ = folder / f"report.{language}.html", folder / f"report.{language}.pdf"
        page.write_text(html.render(made), "utf-8")
        print_.write_bytes(paper.render(made, data))
        written += [page, print_]
    return written
