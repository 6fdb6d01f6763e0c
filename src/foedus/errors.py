"""The four ways an intention can fail, chosen by what the reader must do next.

`Refused`: the compact does not allow it; read the clause. `Malformed`: mend the input. `Conflict`: try again.
`Tampered`: stop, the record is not what it claims to be. Our own mistakes are asserts, never one of these.
"""

from __future__ import annotations


class FoedusError(Exception):
    """Base of the four: a sentence, and apart from it what was found, so that it can be said in either language.

    `sentence`: a literal with {names} for what was found and what was expected; the catalogues have it. `found`:
    the values by name. What a library said stands among them as it was said; so does an error of ours that led
    to this one, which is then put in words with it (foedus.words.failures). `str()` is the sentence filled in,
    in English. Never raised itself; `code` is the word used in JSON answers and `exit_status` the command line's.
    """

    code = "error"
    exit_status = 1

    def __init__(self, sentence: str, /, **found: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.found = found

    @property
    def because(self) -> str:
        """The sentence with the names filled in, in English. Only made when asked for: most are caught unread."""
        return self.sentence.format(**self.found)

    def __str__(self) -> str:
        return self.because


class Refused(FoedusError):
    """The compact, or the record's own rules of admission, do not allow the act. Nothing was recorded.

    `clause`: the provision relied on, for example `P10.request`, or `record/replay` for a rule of
    docs/record.md.
    """

    code = "refused"
    exit_status = 1

    def __init__(self, clause: str, sentence: str, /, **found: object) -> None:
        super().__init__(sentence, **found)
        self.args = (clause, sentence)  # from which a copy in another process is made
        self.clause = clause

    def __str__(self) -> str:
        return f"{self.because} [{self.clause}]"


class Malformed(FoedusError):
    """The input cannot be read as what it claims to be.

    The message names what was found, what was expected, what to do.
    """

    code = "malformed"
    exit_status = 2


class Conflict(FoedusError):
    """Somebody else was first, or the store could not take it now.

    Nothing was recorded; trying again is right.
    """

    code = "conflict"
    exit_status = 1


class Waits(Conflict):
    """A Conflict of its own: what was sent was received, durably and with its time, and is recorded by itself later.

    Sending it again is harmless and not needed.
    """

    code = "waits"


class Tampered(FoedusError):
    """Bytes differ from what was signed, hashed or promised. Stop and keep what you hold: it is evidence."""

    code = "tampered"
    exit_status = 3
