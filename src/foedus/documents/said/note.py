"""A note verbale in words: the letter in the third person, then the act field by field, then how to check it."""

from __future__ import annotations

import re

from foedus.admission import DEPOSITARY
from foedus.compact.clauses import Clauses
from foedus.documents.note import NoteVerbale
from foedus.documents.qr import qr
from foedus.documents.said.wording import Says, capital
from foedus.documents.sheet import (
    Block,
    Column,
    Exact,
    Facts,
    Grid,
    Para,
    Run,
    Runs,
    Section,
    Sheet,
    code,
    joined,
    line_break,
    strong,
    symbol,
    text,
)
from foedus.state import State
from foedus.words import Words, bodies, mark
from foedus.words.names import Names, within
from foedus.words.sentences import say_act
from foedus.words.titles import ACTS, ATTACHMENTS, LEVELS, title

# The office that by custom writes with compliments, by the code under which texts name it. A text that calls it
# otherwise has all its offices write in the neutral form, which is correct for anybody.
FOREIGN_MINISTRY = "foreign"
EFFECTS = {
    "evidence": mark("Evidence: it states a fact; nothing is promised."),
    "notification": mark("Notification: it gives the notice that the clause provides for."),
    "instrument": mark("Instrument: it binds whoever states it."),
}
DRAFTS = {
    "unsigned": mark("DRAFT, NOT SIGNED"),
    "part_signed": mark("DRAFT, NOT FULLY SIGNED"),
    "signed": mark("NOT RECORDED"),
}
_DIGEST = re.compile(r"([0-9a-f]{64})")


def sheet(note: NoteVerbale, words: Words, clauses: Clauses, state: State) -> Sheet:
    """The note as a document in the language of `words`; `clauses` and `state` give what the act only names."""
    return _Note(note, words, clauses, state).sheet()


class _Note:
    """One note in one language."""

    def __init__(self, note: NoteVerbale, words: Words, clauses: Clauses, state: State) -> None:
        self.note, self.words, self.clauses, self.state = note, words, clauses, state
        self.statement = note.statement
        self.names = Names(words, clauses)
        self.party, _, self.role = note.statement.seat.partition("/")
        home = clauses.party(self.party) or clauses.party(clauses.compact.protected)
        assert home is not None, "the protected state is named in its compact"
        self.says = Says(words, home.capital, home.zone, note.clauses)
        self.compact = words.of(clauses.compact.short_title)

    def sheet(self) -> Sheet:
        """The whole."""
        _, note = self.words.gettext, self.note
        head = _("Depositary notification") if self.party == DEPOSITARY else _("Note verbale")
        parts: list[tuple[str, str, list[Block]]] = [
            ("act", _("What is communicated"), [self.fields()]),
            ("ground", _("Ground and effect"), [self.ground()]),
            ("signed", _("Times and signatures"), self.signed()),
            ("attachments", _("Attachments"), self.attachments()),
            ("proof", _("The exact text, and how to check it"), self.proof()),
        ]
        return Sheet(
            language=self.words.language,
            name=f"{head} {self.statement.id}",
            author=self.statement.origin,
            dated=note.dated,
            exercise=_("EXERCISE") if note.exercise else "",
            draft=_(DRAFTS[note.status]) if note.status in DRAFTS else "",
            running=(f"{head} · {self.statement.id[:8]}", self.words.date(note.dated)),
            foot=self.statement.origin,
            pages=_("Page {page} of {of}"),
            over=self.compact,
            title=head,
            under=f"{capital(self.names.seat(self.statement.seat))} · {self.words.date(note.dated)}",
            standing=self.standing(),
            brief=tuple(self.letter()),
            notes=tuple(self.notes()),
            sections=tuple(Section(id_, n, name, tuple(blocks)) for n, (id_, name, blocks) in enumerate(parts, 1)),
            signing_title=_("By hand"),
            signing_note=_(
                "For the files of those who send and who receive this paper. What binds a party is what its seats"
                " signed in the record."
            ),
            signing=(_("Signature"), _("Seal"), _("Place and date")),
            file="act.json",
            marking=self.marking(),
        )

    # --- the letter -----------------------------------------------------------------------------------------

    def letter(self) -> list[Runs]:
        """Who writes to whom, what, and how such a note ends."""
        said = say_act(self.words, self.clauses, self.statement.body, self.party, self.state)
        body = strong(said)
        if self.party != DEPOSITARY and self.role == FOREIGN_MINISTRY:
            return [text(self.compliments()), body, text(self.renewed())]
        return [text(self.informs()), body]

    def compliments(self) -> str:
        """How a foreign ministry begins."""
        return capital(
            self.words.gettext(
                "the %(office)s of %(party)s presents its compliments to the depositary of the %(compact)s and has"
                " the honour to communicate the following:",
                office=self.names.role(self.role), party=self.names.who(self.party), compact=self.compact,
            )
        )  # fmt: skip

    def renewed(self) -> str:
        """How it ends."""
        return capital(
            self.words.gettext(
                "the %(office)s avails itself of this opportunity to renew to the depositary the assurances of its"
                " highest consideration.",
                office=self.names.role(self.role),
            )
        )

    def informs(self) -> str:
        """How any other office begins."""
        _ = self.words.gettext
        if self.party == DEPOSITARY:
            return _("The depositary of the %(compact)s informs the parties of the following:", compact=self.compact)
        return capital(
            _(
                "for %(party)s, the %(office)s informs the depositary of the %(compact)s of the following:",
                office=within(self.names.role(self.role)), party=self.names.who(self.party), compact=self.compact,
            )
        )  # fmt: skip

    def standing(self) -> Runs:
        """How far the act has come, in one sentence."""
        _, note = self.words.gettext, self.note
        if note.received is not None:
            said = _("Received by the depositary at %(at)s.", at=self.says.moment(note.received.at))
            return joined(
                (text(said), (Run(f"{capital(_('entry'))} "), *self.says.entry(note.received.entry), Run(".")))
            )
        if note.status == "unsigned":
            return text(_("Nobody has signed this: it has no effect."))
        if note.status == "part_signed":
            return text(
                _(
                    "Seats that have signed: %(num)s of %(needed)s. It has no effect until the depositary has received"
                    " it with all of them.",
                    num=self.words.number(len(note.signed)), needed=self.words.number(note.needed),
                )
            )  # fmt: skip
        return text(_("Signed, and not recorded yet: it has no effect until the depositary has received it."))

    def notes(self) -> list[Runs]:
        """What to know before relying on it."""
        found = []
        if self.note.exercise:
            found.append(text(self.words.gettext("Everything that parties do in this record is invented.")))
        if not self.clauses.compact.signed_by_states:
            found.append(text(self.words.of(self.clauses.compact.nature)))
        return found

    def marking(self) -> str:
        """The level, as it stands on every page."""
        return title(self.words, LEVELS, self.statement.marking.level).upper()

    # --- the act --------------------------------------------------------------------------------------------

    def fields(self) -> Facts:
        """Every field of the body."""
        kind = type(self.statement.body).__name__
        found: list[tuple[str, Runs]] = [(self.words.gettext("Act"), text(title(self.words, ACTS, kind)))]
        for label, items in bodies.rows(self.names, self.statement.body, self.state, self.says.moment):
            lines = [exact(item) for item in items]
            found.append((label, tuple(run for n, line in enumerate(lines) for run in (*line_break()[:n], *line))))
        return Facts(tuple(found))

    def ground(self) -> Facts:
        """The clause, the effect, what it rests on, the text in force, the marking."""
        _, statement, note = self.words.gettext, self.statement, self.note
        own = text(_("the record's own rules: the depositary alone may state this"))
        rows = [
            (_("Under"), self.says.clause(note.permitted.id, titled=True) if note.permitted else own),
            (_("Effect"), text(_(EFFECTS[statement.effect]))),
        ]
        if statement.rests_on:
            cited = {one.id for one in note.clauses}
            relied = [self.says.clause(id_, titled=True) if id_ in cited else text(id_) for id_ in statement.rests_on]
            rows.append((_("Rests on"), joined(relied, "; ")))
        rows += [
            (_("Compact"), (Run(self.words.of(self.clauses.compact.title)), *line_break(), *code(statement.compact))),
            (_("Marking"), text(bodies.marking(self.names, statement.marking))),
        ]
        return Facts(tuple(rows))

    def signed(self) -> list[Block]:
        """When it was stated and received, and who signed with which key."""
        _, note = self.words.gettext, self.note
        own = _("by the seat's own clock")
        rows = [(_("Stated at"), text(f"{self.says.moment(self.statement.issued_at)}, {own}"))]
        if note.received is None:
            rows.append((_("Received"), text(_("not yet"))))
        else:
            rows.append((_("Received"), text(self.says.moment(note.received.at))))
            if note.received.true_at is not None:
                rows.append((_("True since"), text(self.says.moment(note.received.true_at))))
            rows.append((_("Entry"), self.says.entry(note.received.entry)))
        if not note.signed:
            return [Facts(tuple(rows)), Para(text(_("Nobody has signed yet.")))]
        columns = (Column(_("Seat"), 4), Column(_("Key"), 3), Column(_("Signature"), 4))
        table = [
            (text(capital(self.names.seat(one.seat or ""))), code(one.keyid), self.fits(one.in_force))
            for one in note.signed
        ]
        return [Facts(tuple(rows)), Grid(_("Seats that signed"), columns, tuple(table))]

    def fits(self, in_force: bool) -> Runs:
        """A signature is printed only when it fits; its key may have been replaced since."""
        if in_force:
            return symbol("tick", self.words.gettext("Fits the text, by the key then in force"))
        return symbol("cross", self.words.gettext("Fits the text, by a key not in force"))

    def attachments(self) -> list[Block]:
        """Each by digest, kind, size and marking."""
        _ = self.words.gettext
        if not self.statement.attachments:
            return [Para(text(_("None.")))]
        columns = (
            Column(_("Digest"), 5),
            Column(_("Kind"), 2),
            Column(_("Bytes"), number=True),
            Column(_("Marking"), 3),
        )
        rows = tuple(
            (code(one.digest), text(title(self.words, ATTACHMENTS, one.kind)), text(self.words.number(one.size)),
             text(bodies.marking(self.names, one.marking)))
            for one in self.statement.attachments
        )  # fmt: skip
        return [
            Grid(_("By salted digest, SHA-256"), columns, rows),
            Para(text(_("What they hold is printed nowhere: it can be erased, and paper cannot.")), "note"),
        ]

    # --- how to check it ------------------------------------------------------------------------------------

    def proof(self) -> list[Block]:
        """The digest for eye and camera, and the one command."""
        _, note = self.words.gettext, self.note
        rows = (
            (_("Record"), text(self.statement.origin)),
            (_("Act"), code(self.statement.id)),
            ("SHA-256", code(note.sha256)),
        )
        how = _(
            "With a copy of the record from any party or witness in the folder DIR, run the command below: it finds the"
            " act, checks its signatures and shows its digest, which must be the one above. Given the text of the QR"
            " code in place of the id, it compares the digest itself."
        )
        if note.received is None:
            how = f"{how} {_('Until the act is recorded it finds nothing.')}"
        said = _("Paper proves nothing that the record does not. The exact text travels inside the PDF as act.json.")
        return [
            Facts(rows),
            qr(_("QR code: the record, the act, and the digest of its exact text"), note.link),
            Para(text(how)),
            Exact(_("The command"), f"foedus act show {self.statement.id} --record DIR"),
            Para(text(said), "note"),
        ]


def exact(said: str) -> Runs:
    """Words in which a digest is set as one."""
    return tuple(Run(part, "code" if _DIGEST.fullmatch(part) else "text") for part in _DIGEST.split(said) if part)
