"""What a person is asked for an act: which fields of its body, in which words, with which choices.

The body that `options` prefilled is the frame: fields that name its subject stay as they are, the others are asked.
Nothing is asked that the body does not carry, but for words and files, which are attachments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from foedus.acts import Body
from foedus.compact.model import AdReferendum, OpenProposal, Trigger
from foedus.parties import acts as party_acts
from foedus.response import acts
from foedus.web.fields import Field, evidence, large, moment
from foedus.web.page import Page
from foedus.web.questions_calls import QUESTIONS as OF_CALLS
from foedus.web.questions_commitments import QUESTIONS as OF_COMMITMENTS
from foedus.web.questions_reparations import QUESTIONS as OF_REPARATIONS
from foedus.web.questions_sanctions import QUESTIONS as OF_SANCTIONS
from foedus.words.titles import CHOICES, COMMUNICATIONS, FIGURES, MEANS, MEASURE_KINDS, STANCES, STATUSES, title

ROWS_OF_CONTRIBUTIONS = 3


def questions(page: Page, body: Body, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    """The questions for an act. `choices`: for a field that several options differ in, the values they offer."""
    kind = type(body)
    tables = (_QUESTIONS, OF_CALLS, OF_SANCTIONS, OF_COMMITMENTS, OF_REPARATIONS)
    found = next((table[kind] for table in tables if kind in table), None)
    return [*(found(page, body, choices) if found else ()), _words(page, body), _readers(page)]


def _words(page: Page, body: Body) -> Field:
    _ = page.words.gettext
    said = getattr(body, "said", body)
    reasons = isinstance(said, acts.TakePosition | acts.CastVote | acts.DeclareBadFaith | acts.ReplyToObjection)
    label = _("Reasons, in words") if reasons else _("Words to attach")
    hint = _("Attached by digest and kept apart from the record: no rule reads them, and they can be erased.")
    return Field("words", "text", label, hint, required=False)


def _readers(page: Page) -> Field:
    """To whose readers what is attached is shown: any number of parties, and always the speaker's own."""
    _ = page.words.gettext
    own = page.seat.party if page.seat else ""
    others = [(party.id, page.name(party.id)) for party in page.compact.parties if party.id != own]
    others.sort(key=lambda one: page.sort_key(one[1]))
    choices = ((own, _("Readers of %(party)s alone", party=page.name(own))), *others)
    hint = _(
        "Tick nobody, and every reader of the record may. Tick parties, and only their readers and those of"
        " %(party)s may; whoever may not sees its size and digest. The act itself is for every reader of the record.",
        party=page.name(own),
    )
    label = _("Who may read what is attached")
    return Field("readers", "checkboxes", label, hint, choices, required=False, folded=_("Name the parties"))


# --- questions, act by act --------------------------------------------------------------------------------------------


def _report(page: Page, body: acts.ReportIncident, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    kinds = dict.fromkeys(kind for _, trigger in page.clauses.every(Trigger) for kind in trigger.kinds)
    outsiders = tuple((o.id, page.say(o.name)) for o in page.compact.outsiders)
    places = tuple((place.id, page.say(place.name)) for place in page.compact.places)
    fields = [
        Field(
            "kind",
            "radios",
            _("What happened"),
            choices=tuple((k, large(page.incident_kind(k))) for k in kinds),
            value=body.kind,
        ),
        Field("territory", "select", _("Where"), choices=places, value=body.territory),
        moment(
            page,
            "occurred_from",
            _("Observed from"),
            body.occurred_from,
            _("When it began, which is not when this report is received."),
        ),
        moment(page, "occurred_until", _("Observed until"), None, _("Leave empty while it goes on."), required=False),
        Field(
            "attributed_to",
            "select",
            _("Attributed to"),
            choices=(("", _("not said")), *outsiders),
            required=False,
            hint=_("What your government says; nothing here proves it."),
        ),
    ]
    return [*fields, *_figures(page, ()), *evidence(page)]


def _figures(page: Page, known: tuple[acts.Figure, ...]) -> list[Field]:
    counts = {figure.what: str(figure.count) for figure in known}
    codes = list(
        dict.fromkeys([*counts, "missiles_launched", "missiles_shot_down", "drones_launched", "drones_shot_down"])
    )
    legend = page.words.gettext("Figures, where known")
    return [
        Field(
            f"figure.{code}",
            "number",
            large(title(page.words, FIGURES, code)),
            value=counts.get(code, ""),
            required=False,
            group=legend,
        )
        for code in codes
    ]


def _add_evidence(page: Page, body: acts.AddEvidence, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [replace(field, required=field.name == "evidence") for field in evidence(page)]


def _proposal(page: Page, body: acts.ProposeMeasure, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    if body.menu is not None:
        return []
    _ = page.words.gettext
    clause = page.clauses.one(OpenProposal)
    kinds = tuple((kind, large(title(page.words, MEASURE_KINDS, kind))) for kind in (clause[1].kinds if clause else ()))
    return [Field("kind", "radios", _("Kind"), choices=kinds), _text_of_measure(page)]


def _revision(page: Page, body: acts.ReviseMeasure, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [_text_of_measure(page)]


def _text_of_measure(page: Page) -> Field:
    _ = page.words.gettext
    hint = _("Positions bind to this text by its digest. A new version needs new positions.")
    return Field("proposal", "text", _("Text of the measure"), hint)


def _correct(page: Page, body: acts.CorrectIncident, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    until = moment(
        page,
        "occurred_until",
        _("Observed until"),
        body.occurred_until,
        _("Leave empty while it goes on."),
        required=False,
    )
    return [*_figures(page, body.figures), until]


def _consultation(page: Page, body: acts.OpenConsultation, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    parties = tuple((p.id, page.say(p.name)) for p in page.compact.parties if p.id in page.state.parties.tiers)
    return [Field("addressed", "checkboxes", _("Asked to reply"), choices=parties, required=False,
                  hint=_("Leave all empty to address everyone on the roll."))]  # fmt: skip


def _delegation(page: Page, body: acts.RegisterDelegation, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    roles = tuple((role.id, page.say(role.name)) for role in page.compact.roles)
    default = "delegation" if any(role == "delegation" for role, _ in roles) else body.head
    return [
        Field("head", "select", _("Who heads the delegation"), choices=roles, value=default,
              hint=_("Offices are named, not persons.")),
        Field("alternate", "select", _("Alternate"), choices=(("", _("nobody")), *roles), required=False),
        _remote(page),
    ]  # fmt: skip


def _remote(page: Page) -> Field:
    _ = page.words.gettext
    return Field(
        "remote", "radios", _("How it attends"), choices=(("no", _("In the room")), ("yes", _("By video"))), value="no"
    )


def _presence(page: Page, body: acts.RecordPresence, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [_remote(page)]


def _adjourn(page: Page, body: acts.AdjournMeeting, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    return [moment(page, "until", _("Adjourned until"), body.until, _("The clocks run on."))]


def _position(page: Page, body: acts.TakePosition, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    stances = tuple((s, large(title(page.words, STANCES, s))) for s in choices.get("stance", (body.stance,)))
    caveats = tuple((c.id, page.say(c.name)) for c in page.compact.caveats)
    fields = [
        Field(
            "stance",
            "radios",
            _("Position"),
            choices=stances,
            value="",
            hint=_(
                "Joining binds your government; nobody can block those who join. You may replace it until the close."
            ),
        )
    ]
    kinds = (("", _("none")), *((c.id, page.say(c.name)) for c in page.compact.contributions))
    for row in range(1, ROWS_OF_CONTRIBUTIONS + 1):
        group = _("Contribution %(n)s", n=row)
        fields += [
            Field(f"contribution.{row}.kind", "select", _("What"), choices=kinds, required=False, group=group),
            Field(
                f"contribution.{row}.quantity",
                "number",
                _("How many, or how much"),
                required=False,
                group=group,
                hint=_("Leave empty if it is not disclosed."),
            ),
            Field(
                f"contribution.{row}.currency",
                "line",
                _("Currency, if it is money"),
                required=False,
                group=group,
                hint=_("Three letters, such as EUR."),
            ),
        ]
    fields += [
        Field(
            "starts_on",
            "day",
            _("From"),
            required=False,
            hint=_("The day the contribution begins, such as %(example)s.", example=page.clock_now.date().isoformat()),
        ),
        Field("caveats", "checkboxes", _("Caveats"), choices=caveats, required=False),
        Field("conditions", "checkboxes", _("Conditions"), choices=caveats, required=False),
    ]
    if "joins_ad_referendum" in choices.get("stance", ()):
        fields.append(
            moment(
                page,
                "confirm_by",
                _("The capital confirms by"),
                _confirm_by(page),
                _("Only when joining ad referendum. Without confirmation by then, your government has not joined."),
                required=False,
            )
        )
    return fields  # fmt: skip


def _confirm_by(page: Page) -> datetime:
    clause = page.clauses.one(AdReferendum)
    latest = clause[1].within.after(page.clock_now) if clause else page.clock_now
    return latest - timedelta(minutes=30)


def _vote(page: Page, body: acts.CastVote, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    offered = tuple((c, large(title(page.words, CHOICES, c))) for c in choices.get("choice", (body.choice,)))
    return [Field("choice", "radios", _("Vote"), choices=offered)]


def _transcript(page: Page, body: acts.EnterTranscript, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    means = tuple((code, large(title(page.words, MEANS, code))) for code in MEANS)
    note = _(
        "Kept and shown beside the time of entry. It decides nothing: what was said counts as received when entered."
    )
    group = _("The recording or scan")
    return [
        Field("means", "radios", _("How it came"), choices=means),
        moment(page, "said_at", _("When it was said"), body.said_at, note),
        Field("source", "file", _("A file"), group=group, required=False,
              hint=_("At most 1 MB here. It is kept apart from the record, by its digest, and can be erased.")),
        Field("source.words", "text", _("Or in words: a note of the call, and who took it down"),
              group=group, required=False),
        *_spoken(page, body.said, choices),
    ]  # fmt: skip


def _spoken(page: Page, said: acts.TakePosition | acts.CastVote, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    """The questions of the position or vote, about what another government said."""
    asked = _vote(page, said, choices) if isinstance(said, acts.CastVote) else _position(page, said, choices)
    hint = page.words.gettext("As it was said, and nothing besides: that seat countersigns these very words or none.")
    return [replace(field, hint=hint) if field.name in ("stance", "choice") else field for field in asked]


def _ratification(
    page: Page, body: party_acts.DepositRatification, choices: Mapping[str, tuple[str, ...]]
) -> list[Field]:
    _ = page.words.gettext
    codes = ("ratified", "provisionally_applied", "in_force")
    offered = tuple((code, large(title(page.words, STATUSES, code))) for code in codes)
    return [Field("status", "radios", _("What is deposited"), choices=offered, value=body.status)]


def _membership(page: Page, body: party_acts.RecordMembership, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [Field("on", "day", page.words.gettext("Member since"), value=body.on.isoformat())]


def _renewal(page: Page, body: party_acts.RenewTerm, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [Field("until", "day", page.words.gettext("Renewed until"), value=body.until.isoformat())]


def _communication(
    page: Page, body: party_acts.DepositCommunication, choices: Mapping[str, tuple[str, ...]]
) -> list[Field]:
    _ = page.words.gettext
    kinds = tuple((code, large(title(page.words, COMMUNICATIONS, code))) for code in COMMUNICATIONS)
    incidents = tuple((id_, id_) for id_ in list(page.state.response.incidents)[:50])
    return [
        Field("kind", "radios", _("What it is"), choices=kinds, value=body.kind,
              hint=_("It is held as evidence. Its sender has no seat and is never counted.")),
        Field("incident", "select", _("About"), choices=(("", _("no incident")), *incidents), required=False),
    ]  # fmt: skip


def _enrolment(page: Page, body: party_acts.EnrolSeat, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    return [Field("key", "key", page.words.gettext("Public key, 64 hexadecimal digits"))]


def _root_key(page: Page, body: party_acts.DepositRootKey, choices: Mapping[str, tuple[str, ...]]) -> list[Field]:
    _ = page.words.gettext
    hint = _("Made with `foedus key new --root` on a machine without a network. Only its public part belongs here.")
    return [Field("key", "key", _("Public key, 64 hexadecimal digits"), hint)]


_QUESTIONS: dict[type, Any] = {
    acts.ReportIncident: _report,
    acts.AddEvidence: _add_evidence,
    acts.CorrectIncident: _correct,
    acts.ProposeMeasure: _proposal,
    acts.ReviseMeasure: _revision,
    acts.OpenConsultation: _consultation,
    acts.RegisterDelegation: _delegation,
    acts.RecordPresence: _presence,
    acts.AdjournMeeting: _adjourn,
    acts.TakePosition: _position,
    acts.CastVote: _vote,
    acts.EnterTranscript: _transcript,
    party_acts.DepositRatification: _ratification,
    party_acts.RecordMembership: _membership,
    party_acts.RenewTerm: _renewal,
    party_acts.DepositCommunication: _communication,
    party_acts.EnrolSeat: _enrolment,
    party_acts.DepositRootKey: _root_key,
}
