"""`mandates` and `call-back`: who could decide in time by its own law; the words to be read back, and whom to call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from foedus.cli.arguments import Json, Lang, Record, moment
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed, Refused

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses
    from foedus.mandated import Standing


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "mandates", help=_("Who could not decide in time by its own law, and which step to authorise now."),
        epilog=_MANDATES,
    )(mandates)  # fmt: skip
    app.command(
        "call-back", help=_("The words of a request to be read back by telephone, and whom to call."), epilog=_CALL
    )(call_back)


class _Office(NamedTuple):
    """Somebody of the register, with the numbers at which they are called."""

    seat: str
    name: str
    calls: tuple[str, ...]


_MANDATES = "foedus mandates record --as-of 2027-02-24T03:00Z"
_CALL = "foedus call-back record R-1 --config alerts.yaml"
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help=_("As it was at this time (UTC, ISO 8601)."))]


def mandates(record: Record, as_of: AsOf = None, json: Json = False, lang: Lang = None) -> None:
    """Show it: late parties first."""
    from foedus.history import as_of as seen
    from foedus.mandated import standings
    from foedus.parties.mandates import within
    from foedus.parties.state import Mandate

    with opened(record) as found:
        depositary = found.depositary
        at = moment(as_of, "--as-of") or depositary.now()

        def see(one: Mandate | None) -> Mandate | None:
            return seen(one, at, at) if one is not None and as_of is not None else one

        clauses = depositary.compacts.in_force(depositary.state)
        every, limit = standings(clauses, depositary.state, at, see), within(clauses)
    session.answer(
        {"at": at, "within": str(limit) if limit else None, "parties": [_data(one) for one in every]},
        _lines(clauses, every) if limit else [_("The compact has no time to decide.")],
    )


def _data(one: Standing) -> dict[str, object]:
    import msgspec

    return {**msgspec.to_builtins(one), "steps": [msgspec.to_builtins(step) for step in one.steps]}


def _lines(clauses: Clauses, every: list[Standing]) -> list[str]:
    from foedus.mandated import late_parties
    from foedus.parties.mandates import within
    from foedus.words.names import Names
    from foedus.words.titles import MEASURE_KINDS, NATIONAL_STEPS, title

    words, names, limit = session.words, Names(session.words, clauses), within(clauses)
    assert limit is not None, "asked only of a compact with a time to decide"
    lines = [
        _(
            "Could not decide within %(span)s: %(count)s parties.", span=words.span(limit),
            count=words.number(len(late_parties(every))),
        )
    ]  # fmt: skip
    for one in every:
        what = {"party": names.party(one.party), "kind": title(words, MEASURE_KINDS, one.kind), "hours": one.hours}
        if one.code == "late":
            steps = "; ".join(title(words, NATIONAL_STEPS, step) for step in one.authorise)
            lines.append(_("  %(party)s, %(kind)s: %(hours)s h. Authorise now: %(steps)s.", **what, steps=steps))
        elif one.code == "ending" and one.until is not None:
            until = words.moment(one.until)
            lines.append(_("  %(party)s, %(kind)s: in time for a request until %(until)s.", **what, until=until))
    unstated = {one.party for one in every if one.code == "unstated"}
    if unstated:
        lines.append(_("Nothing stated for some kinds: %(count)s parties.", count=words.number(len(unstated))))
    return lines


def call_back(
    record: Record, response: Annotated[str, typer.Argument(metavar="RESPONSE", help=_("Such as R-1."))], *,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help=_("Settings of alerts: whose register has the numbers.")),
    ] = None,
    called: Annotated[
        str | None, typer.Option("--called", metavar="PARTY/ROLE", help=_("Print the act: the office that was called."))
    ] = None,
    answer: Annotated[
        str, typer.Option("--answer", metavar="confirmed|denied|unanswered", help=_("What was said."))
    ] = "confirmed",
    heard: Annotated[
        str, typer.Option("--heard", metavar="WORDS", help=_("The words read back, if it confirmed."))
    ] = "",
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Show words and numbers; with --called, print the act to be signed (`foedus act`)."""
    from foedus.response.callbacks import words as numbers_read
    from foedus.words.read_back import spoken

    with opened(record) as found:
        it = found.depositary.state.response.responses.get(response)
        if it is None:
            raise Refused("record/reference", "there is no response {response}", response=response)
        numbers, party = numbers_read(found.depositary.state, response), it.party
    if called is not None:
        _act(response, called, answer, heard)
        return
    offices = _offices(record, config, party) if config is not None else []
    read = {language: spoken(numbers, language) for language in ("en", "uk")}
    named = [one._asdict() for one in offices]
    session.answer(
        {"response": response, "party": party, "numbers": numbers, "words": read, "offices": named},
        [
            _("Words of the request that opened %(response)s:", response=response),
            *(f"  {said}" for said in read.values()),
            *(f"{one.seat}  {one.name}  {' '.join(one.calls) or _('no number')}" for one in offices),
            _("Call a number that you had before, and have the words read to you. Record the call:"),
            f"  foedus call-back {record} {response} --called {party}/head --heard \"…\" | foedus act {record} -",
        ],
    )  # fmt: skip


def _act(response: str, called: str, answer: str, heard: str) -> None:
    import msgspec

    from foedus.response.acts import RecordCallBack
    from foedus.signing import encode_body
    from foedus.words.read_back import numbers_of

    numbers = numbers_of(heard)
    if numbers is None:
        raise Malformed("--heard {found!r}: one of them is no word of the list", found=heard[:80])
    try:
        body = msgspec.convert(
            {"act": "RecordCallBack", "response": response, "called": called, "answer": answer, "heard": numbers},
            RecordCallBack,
        )
    except msgspec.ValidationError as problem:
        raise Malformed("the body cannot be read: {problem}; see docs/record.md, The act", problem=problem) from None
    typer.echo(encode_body(body, pretty=True).decode())


def _offices(record: str, config: Path, party: str) -> list[_Office]:
    """The people of the party in the register, with the numbers at which they are called."""
    from foedus.cli.alerting import office

    with office(record, config) as found:
        people = [one for one in found.contacts.people if one.party == party]
    return [_Office(one.seat, one.name, one.calls) for one in people]
