"""A form as it arrived: texts and files, the attachments made of them, and the body of the act they fill in.

Reads at most what the application lets through; keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from msgspec import Struct
from msgspec.structs import asdict

from foedus.acts import Attachment, Body, Marking
from foedus.response.acts import EnterTranscript, Evidence
from foedus.signing import Kind, attach
from foedus.web.answers import Problem, moment
from foedus.web.fields import Field
from foedus.web.page import Page

MOST_BYTES = 1_000_000
MOST_LETTERS = 20_000


class Filled(Struct, frozen=True):
    """Texts by field name, each as often as it was given, and one file at most."""

    texts: dict[str, list[str]]
    file: bytes = b""


class Attached(Struct, frozen=True):
    """An attachment with its salt and content; `evidence`: how it stands in the body, if it is evidence."""

    attachment: Attachment
    salt: bytes
    content: bytes
    evidence: Evidence | None = None


async def read(request: Request[Any, Any, Any]) -> Filled:
    """The form of a request, urlencoded or multipart."""
    texts: dict[str, list[str]] = {}
    file = b""
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            file = file or await value.read(MOST_BYTES + 1)
        else:
            texts.setdefault(name, []).append(str(value))
    return Filled(texts, file)


def attachments(page: Page, fields: Sequence[Field], given: Filled) -> tuple[list[Attached], tuple[Problem, ...]]:
    """What the form attaches: the text of a measure, evidence as a file or in words, and words beside the act."""
    found: list[Attached] = []
    problems: list[Problem] = []
    names = {field.name: field for field in fields}
    for name, kind in (
        ("proposal", "proposal"),
        ("words", "reason" if {"stance", "choice"} & names.keys() else "text"),
    ):
        words = _text(given, name)
        if len(words) > MOST_LETTERS:
            text = page.words.gettext("Words: at most %(num)s letters", num=page.number(MOST_LETTERS))
            problems.append(Problem(name, text))
        elif words and name in names:
            found.append(_attached(given, words.encode(), kind))  # type: ignore[arg-type]  # both are kinds of attachment
        elif name in names and names[name].required:
            text = page.words.gettext("%(label)s: an answer is needed", label=names[name].label)
            problems.append(Problem(name, text))
    if "source" in names:
        _source(page, given, found, problems)
    if "evidence" in names:
        _evidence(page, names["evidence"], given, found, problems)
    return found, tuple(problems)


def _source(page: Page, given: Filled, found: list[Attached], problems: list[Problem]) -> None:
    """The recording or scan of what somebody said, or a note of it."""
    _ = page.words.gettext
    content = given.file or _text(given, "source.words").encode()
    if len(content) > MOST_BYTES:
        problems.append(Problem("source", _("The file is larger than 1 MB")))
    elif content:
        found.append(_attached(given, content, "evidence"))
    else:
        problems.append(Problem("source", _("The recording or scan is needed, or a note of the call in words")))


def _evidence(page: Page, field: Field, given: Filled, found: list[Attached], problems: list[Problem]) -> None:
    """Evidence as a file, or in words; one of them where the act needs evidence."""
    _ = page.words.gettext
    content = given.file or _text(given, "evidence.words").encode()
    if len(content) > MOST_BYTES:
        problems.append(Problem("evidence", _("The file is larger than 1 MB")))
    elif content:
        evidence, problem = _obtained(page, given, content)
        found += [evidence] if evidence else []
        problems += [problem] if problem else []
    elif field.required:
        problems.append(Problem("evidence", _("Evidence is needed: a file, or words")))


def _text(given: Filled, name: str) -> str:
    return (given.texts.get(name) or [""])[-1].replace("\r\n", "\n").strip()


def _attached(given: Filled, content: bytes, kind: Kind) -> Attached:
    readers = tuple(dict.fromkeys(filter(None, given.texts.get("readers", ()))))  # as offered, or the form comes back
    attachment, salt, kept = attach(content, kind, Marking(release_to=readers))
    return Attached(attachment, salt, kept)


def _obtained(page: Page, given: Filled, content: bytes) -> tuple[Attached | None, Problem | None]:
    assert page.seat is not None, "only a seat fills in a form"
    try:
        text = _text(given, "evidence.at")
        obtained: datetime = moment(page, text) if text else page.clock_now
    except ValueError:
        words = page.words.gettext("When it was obtained: a date and time are expected, such as 2026-10-11 07:06")
        return None, Problem("evidence.at", words)
    made = _attached(given, content, "evidence")
    how = _text(given, "evidence.how") or "other"
    item = Evidence(made.attachment.digest, page.seat.id, min(obtained, page.clock_now), how)
    return msgspec.structs.replace(made, evidence=item), None


def body(
    page: Page, prefilled: Body, changes: dict[str, Any], attached: Sequence[Attached]
) -> tuple[Body | None, tuple[Problem, ...]]:
    """The body with its answers, checked as strictly as one that arrives from outside; or what does not fit."""
    if isinstance(prefilled, EnterTranscript):
        said, faults = body(page, prefilled.said, changes, ())
        if said is None:
            return None, faults
        source = next(item.attachment.digest for item in attached if item.attachment.kind == "evidence")
        changes = {"means": changes["means"], "said_at": changes["said_at"], "said": said, "source": source}
    values = asdict(prefilled) | {name: value for name, value in changes.items() if name in prefilled.__struct_fields__}
    evidence = tuple(item.evidence for item in attached if item.evidence)
    if "evidence" in values:
        values["evidence"] = evidence
    proposal = next((item.attachment.digest for item in attached if item.attachment.kind == "proposal"), None)
    if proposal is not None:
        values["text"] = proposal
    try:
        made = type(prefilled)(**values)
        return msgspec.json.decode(msgspec.json.encode(made), type=type(prefilled)), ()
    except (msgspec.ValidationError, TypeError) as problem:
        return None, (Problem("", page.words.gettext("What was filled in does not fit: %(problem)s", problem=problem)),)
