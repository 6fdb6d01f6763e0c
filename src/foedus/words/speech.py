"""How a sentence about an act or event is put together: words, names and the state they are read in.

A message may hold `{one|many}` for the verb that follows `%(who)s`: `%(who)s {joins|join}: %(measure)s`. Both
languages choose by the number of the subject's own name, so `Нідерланди приєднуються` comes out right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from foedus.compact.clauses import Clauses
from foedus.state import State
from foedus.words import Words
from foedus.words.names import Names
from foedus.words.titles import INCIDENT_KINDS, STEPS, title

_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


class Speech:
    """Says things in one language about one compact; `state` gives what an event only names by its id."""

    def __init__(self, words: Words, clauses: Clauses, state: State | None = None) -> None:
        self.words = words
        self.names = Names(words, clauses)
        self.state = state

    def say(self, message: str, who: str | Iterable[str] = (), /, **values: object) -> str:
        """The message as a sentence: its subject filled in, its verbs agreeing, its first letter large."""
        return self._finish(self.words.gettext(message), who, values)

    def say_number(
        self, singular: str, plural: str, number: int, who: str | Iterable[str] = (), /, **values: object
    ) -> str:
        """The same with a number: `%(num)s`. The form follows the number, the verb the subject."""
        values = {"num": self.words.number(number), **values}
        return self._finish(self.words.form(singular, plural, number), who, values)

    def _finish(self, said: str, who: str | Iterable[str], values: dict[str, object]) -> str:
        who = who if isinstance(who, str) else tuple(who)
        pick = 2 if self.names.several(who) else 1
        said = _CHOICE.sub(lambda found: found[pick], said)
        said %= {"who": self.names.who(who), **values}
        return said[:1].upper() + said[1:]

    def measure(self, code: str) -> str:
        """A measure by what it is."""
        return self.names.measure(code, self.state)

    def kind(self, code: str) -> str:
        """A kind of incident."""
        return title(self.words, INCIDENT_KINDS, code)

    def step(self, code: str) -> str:
        """A step of the procedure."""
        return title(self.words, STEPS, code)
