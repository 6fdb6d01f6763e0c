"""The four ways an intention can fail, chosen by what the reader must do next.

`Refused`: the compact does not allow it; read the clause. `Malformed`: mend the input. `Conflict`: try again.
`Tampered`: stop, the record is not what it claims to be. Our own mistakes are asserts, never one of these.
"""

from __future__ import annotations


class FoedusError(Exception):
    """Base of the four.

    Never raised itself; `code` is the word used in JSON answers and `exit_status` the command line's.
    """

    code = "error"
    exit_status = 1


class Refused(FoedusError):
    """The compact, or the record's own rules of admission, do not allow the act. Nothing was recorded.

    `clause`: the provision relied on, for example `P10.request`, or `record/replay` for a rule of
    docs/record.md. `sentence`: a sentence with {names} for what was found and what was expected; kept apart
    from `found`, so that it can be said in either language. `because`: the sentence with the names filled in,
    in English.
    """

    code = "refused"
    exit_status = 1

    def __init__(self, clause: str, sentence: str, **found: object) -> None:
        self.clause = clause
        self.sentence = sentence
        self.found = found
        self.because = sentence.format(**found)
        super().__init__(f"{self.because} [{clause}]")


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


class Tampered(FoedusError):
    """Bytes differ from what was signed, hashed or promised. Stop and keep what you hold: it is evidence."""

    code = "tampered"
    exit_status = 3
