"""Whether a record may be served: not when it was put back to an older copy of itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.cli.session import _, session
from foedus.errors import Conflict, Malformed

if TYPE_CHECKING:
    from foedus.depositary import Depositary
    from foedus.watermark import Watermark


def whole(depositary: Depositary, record: str, path: Path | None, witnesses: Sequence[str]) -> Watermark | None:
    """The record's high-water mark, once the record has everything under it and under what its witnesses hold.

    `path` None: in its usual place, and none for an exercise. Raises Tampered when something is missing, Malformed when
    the mark would lie with the record. A witness that cannot be asked now is named on standard error.
    """
    from foedus.compact.findings import Phrase
    from foedus.logs import log_key
    from foedus.remote import Remote
    from foedus.watermark import Watermark, held_by, not_put_back, usual_place
    from foedus.words.failures import say_error

    log = log_key(depositary.state)
    info = depositary.state.parties.record
    mark = None
    if path is not None:
        if "://" not in record and path.resolve().is_relative_to(Path(record).resolve()):
            raise Malformed(
                "--watermark {path}: it would be restored together with {record}; name a place outside it",
                path=path,
                record=record,
            )
        mark = Watermark(path, log)
    elif info is not None and not info.exercise:
        mark = Watermark(usual_place(log), log)
    mark = _kept(mark, asked_for=path is not None)
    if mark is not None:
        mark.check(depositary.record)
    for url in witnesses:
        remote = Remote(url)
        try:
            known = held_by(remote, depositary.state)
            if known is not None:
                not_put_back(depositary.record, known, Phrase("the witness {address}", address=url))
        except Conflict as problem:
            sys.stderr.write(_("Not asked: %(problem)s", problem=say_error(session.words, problem)) + "\n")
        finally:
            remote.close()
    return mark


def _kept(mark: Watermark | None, *, asked_for: bool) -> Watermark | None:
    """The mark, where it can be kept; without one in its usual place the record is served, and that is said."""
    if mark is None:
        return None
    try:
        mark.path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        if asked_for:
            raise Malformed(
                "--watermark {path}: it cannot be kept there: {problem}", path=mark.path, problem=problem.strerror
            ) from None
        said = _(
            "No mark against a restored backup can be kept in %(path)s: name a place with --watermark.", path=mark.path
        )
        sys.stderr.write(f"{said}\n")
        return None
    return mark
