"""One run of the command line: its language, whether it answers in JSON, and how it answers and fails.

The language must be known before any command's help is written, so it is read from the arguments first.
Standard output has the answer and nothing else; progress and errors go to standard error.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from foedus.errors import FoedusError, Malformed, Refused
from foedus.unseen import seen
from foedus.words import LANGUAGES, Words, from_environment, mark, translator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from foedus.compact.clauses import Clauses
    from foedus.compact.findings import MalformedCompact

# As a path an address has lost a slash.
_WITH_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*:/{1,2})[^\s/@]*:[^\s/]*@", re.IGNORECASE)
# PostgreSQL takes one among the settings of an address, too.
_AS_SETTING = re.compile(r"([?&](?:ssl)?password=)[^&\s'\"]*", re.IGNORECASE)
Progress = Callable[[int, int], None]


class Session:
    """What holds for the whole run."""

    def __init__(self) -> None:
        self.json = False
        self.language = "en"
        self.clauses: Clauses | None = None

    def begin(self, arguments: Sequence[str]) -> None:
        """Take language and form of answer from the arguments, wherever among them they stand."""
        self.json = "--json" in arguments
        self.clauses = None
        self.language = _language(arguments) or from_environment()

    @property
    def words(self) -> Words:
        """The words of the chosen language."""
        return translator(self.language)

    def answer(self, data: object, lines: Iterable[str]) -> None:
        """The answer: as data when asked for in JSON, else line by line."""
        try:
            if self.json:
                sys.stdout.write(encoded(data) + "\n")
            else:
                sys.stdout.writelines(f"{seen(line)}\n" for line in lines)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read the answer has enough of it: that is no error, nor is it one again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as problem:
            raise Malformed("the answer cannot be written: {problem}", problem=problem.strerror) from None

    def found(self, problem: MalformedCompact) -> int:
        """Answer with everything wrong in a text, one finding on a line as compilers write them; the exit status."""
        from foedus.words.failures import finding_in, say_finding

        lines = [without_password(say_finding(self.words, one)) for one in problem.findings]
        said = [finding_in(self.words, one) for one in problem.findings]
        data = {"ok": False, "findings": msgspec.json.decode(without_password(encoded(said)))}
        self.answer(data, [*lines, self.words.gettext("Findings: %(count)s.", count=len(lines))])
        return problem.exit_status

    def fail(self, error: FoedusError) -> int:
        """Say what went wrong in one line, as data too when asked for; the exit status."""
        from foedus.words.failures import say_refusal

        if isinstance(error, Refused) and self.clauses is not None:
            said = say_refusal(self.words, self.clauses, error)
        else:
            said = one_line(self.words, error, self.clauses)
        said = seen(without_password(said.replace("\n", " ")))
        sys.stderr.write(f"foedus: {self.words.gettext(_KINDS[error.code])}: {said}\n")
        if self.json:
            with suppress(OSError):  # what was said of it above is all that can be
                sys.stdout.write(without_password(encoded(described(self.words, error))) + "\n")
                sys.stdout.flush()
        return error.exit_status

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """A bar on standard error while something long runs; nothing when nobody watches."""
        with self.stages(what) as (told,):
            yield told

    @contextmanager
    def stages(self, *what: str) -> Iterator[list[Progress]]:
        """A bar for each part of something long, one after the other; nothing when nobody watches."""
        if self.json or not sys.stderr.isatty():
            yield [lambda done, total: None for _ in what]
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            tasks = [bar.add_task(one, total=None, visible=not place) for place, one in enumerate(what)]
            yield [partial(_tell, bar, task) for task in tasks]


def _tell(bar: Bars, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total, visible=True)


_KINDS = {
    "refused": mark("refused"),
    "malformed": mark("malformed"),
    "conflict": mark("conflict"),
    "tampered": mark("tampered"),
}
session = Session()


def _(message: str, /, **values: object) -> str:
    """The message in the language of this run, also for help: commands are imported after it is known."""
    return session.words.gettext(message, **values)


def _language(arguments: Sequence[str]) -> str | None:
    """The value of --lang, when it is one of ours; what is not is refused where the option is read."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value is not None:
            return value if value in LANGUAGES else None
    return None


def without_password(text: str) -> str:
    """What went wrong, without user and password of any address in it: errors are kept in logs and sent to others."""
    return _AS_SETTING.sub(r"\1…", _WITH_PASSWORD.sub(r"\1…@", text))


def encoded(data: object) -> str:
    """JSON with indentation, for people and programs."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def described(words: Words, error: FoedusError) -> dict[str, object]:
    """An error as data: in the words of the language, and beside them what no language changes.

    `found` has the values of the sentence, those of an error that led to this one among them.
    """
    from foedus.compact.findings import MalformedCompact
    from foedus.words.failures import finding_in, found_in, say_because, say_error

    said: dict[str, object] = {"error": error.code, "message": say_error(words, error)}
    if isinstance(error, MalformedCompact):
        return said | {"findings": [finding_in(words, one) for one in error.findings]}
    if isinstance(error, Refused):
        said |= {"clause": error.clause, "because": say_because(words, error)}
    return said | {"found": found_in(error)} if error.found else said


def one_line(words: Words, error: FoedusError, clauses: Clauses | None = None) -> str:
    """What went wrong on one line; of several findings the first, and how many more there are."""
    from foedus.compact.findings import MalformedCompact
    from foedus.words.failures import say_error

    said = say_error(words, error, clauses)
    if not any(isinstance(one, MalformedCompact) for one in (error, *error.found.values())):
        return said
    first, *more = said.splitlines()
    if not more:
        return first
    return words.ngettext(
        "%(first)s (and %(num)s more: `foedus compact check` shows it)",
        "%(first)s (and %(num)s more: `foedus compact check` shows all)",
        len(more),
        first=first,
    )


def read_json(data: bytes, what: str) -> dict[str, object]:
    """A JSON object from a file or the standard input. Raises Malformed saying where it is broken."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise Malformed("{file}: no JSON: {problem}", file=what, problem=problem) from None
    if not isinstance(value, dict):
        raise Malformed("{file}: a JSON object was expected, found {found}", file=what, found=type(value).__name__)
    return value
