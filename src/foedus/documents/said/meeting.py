"""Who was invited and who came; whether the meeting convened. Nobody is absent before the record says so."""

from __future__ import annotations

from foedus.documents.said.wording import Wording, capital
from foedus.documents.sheet import Block, Column, Facts, Grid, Para, Run, Runs, code, joined, small, symbol, text
from foedus.documents.values import Attendance
from foedus.words.titles import ON_LAPSE, title

_STANDINGS = {"present": "tick", "remote": "tick", "absent": "cross", "none": "empty"}


def attendance(say: Wording) -> list[Block]:
    """Every party of the roll, once, in order of the alphabet."""
    record, _ = say.record, say.say
    count = {code_: sum(1 for one in record.roll if one.standing == code_) for code_ in _STANDINGS}
    heads = sum(one.heads for one in record.roll)
    said = [
        say.words.ngettext(
            "The roll was fixed at T0: %(num)s party, %(heads)s heads.",
            "The roll was fixed at T0: %(num)s parties, %(heads)s heads.",
            len(record.roll),
            heads=say.words.number(heads),
        ),
        _(
            "Present: %(present)s, of whom remotely %(remote)s.",
            present=say.words.number(count["present"] + count["remote"]),
            remote=say.words.number(count["remote"]),
        ),
    ]
    if count["absent"]:
        said.append(_("Absent: %(absent)s.", absent=say.words.number(count["absent"])))
    if count["none"]:
        said.append(f"{_came_not(say)}: {say.words.number(count['none'])}.")
    columns = (
        Column(_("Party"), 3),
        Column(_("Group")),
        Column(_("Attendance")),
        Column(_("Since, UTC")),
        Column(_("Acknowledged")),
        Column(_("Delegation, by offices"), 4),
        Column(_("Entries"), 0, True),
    )
    rows = sorted(record.roll, key=lambda one: say.sort_key(say.of(one.party)))
    return [
        Para(text(" ".join(said)), "lead"),
        Grid(_("Attendance of every party of the roll"), columns, tuple(_present(say, one) for one in rows)),
        Para(text(_by_right(say)), "note"),
    ]


def _came_not(say: Wording) -> str:
    return say.say("No entry yet") if say.record.status == "draft" else say.say("No entry")


def _present(say: Wording, one: Attendance) -> tuple[Runs, ...]:
    _ = say.say
    words = {
        "present": _("In the room"),
        "remote": _("Remotely"),
        "absent": _("Absent"),
        "none": _came_not(say),
    }
    delegation = text("–")
    if one.delegation:
        offices = [one.delegation.head, *([one.delegation.alternate] if one.delegation.alternate else [])]
        delegation = text(", ".join(say.of(office) for office in offices))
        if one.delegation.full_powers:
            delegation = (*delegation, *small(_("full powers")), Run(" "), *code(one.delegation.full_powers))
    places = [one.acknowledged, one.delegation.place if one.delegation else None, one.present]
    entries = joined([say.entry(place) for place in places if place], ", ")
    return (
        text(say.of(one.party)),
        text(say.of(one.group) if one.group else "–"),
        symbol(_STANDINGS[one.standing], words[one.standing]),
        text(say.when(one.present.at if one.present else None)),
        text(say.when(one.acknowledged.at if one.acknowledged else None)),
        delegation,
        entries or text("–"),
    )


def _by_right(say: Wording) -> str:
    record, _ = say.record, say.say
    said = [_("%(party)s attends by right and is not counted.", party=say.of(record.protected.party))]
    if record.protected.present:
        said.append(_("Present since %(at)s.", at=say.when(record.protected.present.at)))
    said += [
        _("%(party)s attends as itself and counts no head.", party=say.of(one.party))
        for one in record.roll
        if one.heads == 0
    ]
    return " ".join(said)


def convening(say: Wording) -> list[Block]:
    """Whether the meeting convened, under which clause, and what followed if it did not."""
    it, _ = say.record.convening, say.say
    heads = _("%(heads)s of %(of)s heads", heads=say.words.number(it.heads), of=say.words.number(it.of))
    rows: list[tuple[str, Runs]] = []
    if it.addressed:
        rows.append((_("Addressed to"), text(say.names(it.addressed))))
    if it.replied:
        replied = text(f"{say.of(it.replied.value)}, {say.moment(it.replied.place.at)},")
        rows.append((_("Reply"), joined((replied, say.in_entry(it.replied.place)))))
    if it.called:
        called = text(f"{say.of(it.called.value)}, {say.moment(it.called.place.at)},")
        rows.append((_("Meeting called by"), joined((called, say.in_entry(it.called.place)))))
    rows.append((_("Convened"), _convened(say)))
    if it.failed:
        failed = text(_("The time to convene passed at %(at)s,", at=say.moment(it.failed.at)))
        rows.append((_("Failed to convene in time"), joined((failed, say.in_entry(it.failed)))))
        rows.append((_("Absent then"), text(say.names(it.absent) or "–")))
        rows.append((_("What follows"), text(capital(title(say.words, ON_LAPSE, it.fallback or "record")))))
    rows.append((_("Present then") if it.convened else _("Present"), text(heads)))
    rows.append((_("Clause"), say.clause(it.clause, titled=True) if it.clause else text(_("No clause sets a quorum."))))
    for pause in it.adjournments:
        until = _("from %(at)s until %(until)s", at=say.when(pause.place.at), until=say.when(pause.until))
        if pause.resumed:
            until = f"{until}; {_('resumed %(at)s', at=say.when(pause.resumed.at))}"
        rows.append((_("Adjourned"), joined((text(f"{until},"), say.in_entry(pause.place)))))
    return [Facts(tuple(rows))]


def _convened(say: Wording) -> Runs:
    it, _ = say.record.convening, say.say
    if it.convened:
        at = _("Yes, at %(at)s,", at=say.moment(it.convened.place.at))
        return joined((text(at), say.in_entry(it.convened.place)))
    if say.record.status == "draft" and not it.failed:
        return text(_("Not yet."))
    return text(_("No."))
