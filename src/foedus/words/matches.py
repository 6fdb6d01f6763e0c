"""Reasons of a match in words: one sentence for each feature of `screening.score.FEATURES`."""

from __future__ import annotations

from foedus.screening import Reason
from foedus.words import Words, mark
from foedus.words.titles import IN_LAW

SAID = {
    "words": mark("“%(query)s” and “%(name)s” agree so far"),
    "lineage": mark("father and child have changed places"),
    "order": mark("the words stand in another order"),
    "one_word": mark("only “%(word)s” agrees, and one of the names has more"),
    "initials": mark("an initial stands for a word: %(letter)s"),
    "form": mark("another legal form: %(query)s, %(name)s"),
    "number": mark("another number: %(query)s, %(name)s"),
    "script": mark("spelled in another way"),
    "common": mark("words that many names have say less"),
    "weak_name": mark("the publisher calls this name weak"),
    "kind": mark("another kind: %(query)s, %(record)s"),
    "date": mark("dates: %(query)s, %(record)s"),
    "country": mark("countries: %(query)s; %(record)s"),
    "gender": mark("gender: %(query)s, %(record)s"),
    "identifier": mark("one identifier is the same: %(kind)s %(value)s"),
    "identifier_differs": mark("the identifiers differ: %(kind)s %(query)s, %(record)s"),
}


def say_reason(words: Words, reason: Reason) -> str:
    """What moved a score, in the language of `words`."""
    code = "identifier_differs" if reason.code == "identifier" and "value" not in reason.found else reason.code
    return words.gettext(SAID[code], **reason.found)


def say_law(words: Words, in_law: str | None) -> str:
    """Whether what was found is in law, in words."""
    return words.gettext(IN_LAW[in_law]) if in_law else words.gettext("in law or not: not known")
