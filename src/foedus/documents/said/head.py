"""The whole of a record of decision in one language: its head, where it stands, and its sections in order."""

from __future__ import annotations

from foedus.documents.said import duties, incident, measures, meeting, proof
from foedus.documents.said.wording import Wording
from foedus.documents.sheet import Block, Runs, Section, Sheet, joined, text
from foedus.documents.values import DecisionRecord
from foedus.exercise import ExerciseNote
from foedus.words import Words
from foedus.words.titles import INCIDENT_KINDS, title


def sheet(record: DecisionRecord, words: Words) -> Sheet:
    """The record of decision as a document in the language of `words`."""
    say = Wording(record, words)
    _ = words.gettext
    parts: list[tuple[str, str, list[Block]]] = [
        ("incident", _("The incident"), incident.incident(say)),
        ("request", _("The request and its clocks"), incident.request(say)),
        ("attendance", _("Roll and attendance"), meeting.attendance(say)),
        ("convening", _("Convening"), meeting.convening(say)),
        ("measures", _("Measures and positions"), measures.measures(say)),
        ("questions", _("Questions put to the roll"), measures.questions(say)),
        ("owed", _("Immediate measures"), duties.owed(say)),
        ("others", _("Clauses of other instruments"), duties.others(say)),
        ("clauses", _("Clauses relied on"), proof.clauses(say)),
        ("proof", _("The record, and how to check it"), proof.proof(say)),
    ]
    sections = tuple(Section(id_, number, head, tuple(blocks)) for number, (id_, head, blocks) in enumerate(parts, 1))
    head = _("Record of decision")
    as_of = _("As of %(at)s", at=words.moment(record.at))
    return Sheet(
        language=words.language,
        name=f"{head} {record.response}",
        author=record.origin,
        dated=record.at,
        exercise=_("EXERCISE") if record.exercise else "",
        draft=_("DRAFT") if record.status == "draft" else "",
        running=(f"{head} · {record.response}", as_of),
        foot=record.origin,
        pages=_("Page {page} of {of}"),
        over=say.of(record.compact.short_title),
        title=head,
        under=_under(say),
        standing=_standing(say),
        brief=tuple(measures.brief(say)),
        notes=tuple(_nature(say)),
        sections=sections,
        signing_title=_("For the files of a party"),
        signing_note=_(
            "A signature here says that the paper was seen. It adds no legal effect: what binds a party is what"
            " its seats signed in the record."
        ),
        signing=(_("Office"), _("Signature"), _("Date")),
        file="decision.json",
    )


def _under(say: Wording) -> str:
    record = say.record
    kind = title(say.words, INCIDENT_KINDS, record.incident.kind)
    place = say.of(record.incident.territory)
    if record.mode == "consultation":
        return say.say(
            "Consultation %(response)s: %(kind)s, %(place)s", response=record.response, kind=kind, place=place
        )
    return say.say("Response %(response)s: %(kind)s, %(place)s", response=record.response, kind=kind, place=place)


def _standing(say: Wording) -> Runs:
    """Where the response stands, in one sentence, with its entry."""
    record = say.record
    clock = next((clock for clock in record.clocks if clock.step == "decide"), None)
    if record.status == "draft":
        if clock is None:
            return text(say.say("Nothing here is final. No clause sets a time to decide."))
        if say.open:
            due = say.moment(clock.due)
            return text(say.say("Nothing here is final: the time to decide runs until %(due)s.", due=due))
        return text(say.say("The time to decide is over; its end is not recorded yet."))
    place = record.decided or (record.closed.place if record.closed else None)
    assert place is not None, "what has ended was closed"
    ended = {
        "decided": say.say("The time to decide ended at %(at)s.", at=say.moment(place.at)),
        "withdrawn": say.say("The report was withdrawn at %(at)s. Nothing was decided.", at=say.moment(place.at)),
        "not_convened": say.say(
            "The meeting did not convene in time and the procedure ended at %(at)s. Nothing was decided.",
            at=say.moment(place.at),
        ),
        "ended": say.say("The procedure ended at %(at)s. Nothing was decided.", at=say.moment(place.at)),
    }
    return joined((text(ended[record.status]), say.entered(place)))


def _nature(say: Wording) -> list[Runs]:
    """What the reader must know before relying on it: an exercise is one, a text unsigned is one."""
    record, note = say.record, say.record.note
    found = []
    if record.exercise:
        said = [say.say("Everything that parties do in this record is invented.")]
        if note is not None and not note.guarantee:
            said.append(_lots(say, note))
            if record.incident.occurred_from.date() == note.attack_day:
                said.append(_figures_of(say, note))
        found.append(text(" ".join(said)))
    if not record.compact.signed_by_states:
        found.append(text(say.of(record.compact.nature)))
    return found


def _lots(say: Wording, note: ExerciseNote) -> str:
    return say.say(
        "What came before play began was drawn by lot (seed %(seed)s); what came after was played by those taking"
        " part. Nothing here is what any state did or said.",
        seed=str(note.seed),
    )


def _figures_of(say: Wording, note: ExerciseNote) -> str:
    return say.say(
        "Figures of the attack are those of %(day)s (%(source)s), moved to %(moved)s.",
        day=say.words.date(note.historical_day),
        source=note.source,
        moved=say.words.date(note.attack_day),
    )
