"""`contacts import` and `contacts list`: who holds a seat and how they are reached, kept outside the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.alerting import Config, office
from foedus.cli.arguments import Json, Lang, Record, read_input
from foedus.cli.session import _, session


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help=_("Contacts of seats, encrypted, outside the record."))
    group.command("import", help=_("Take people from a CSV or vCard file, and test them all."), epilog=_IMPORT)(import_)
    group.command("list", help=_("Who can be told, seat by seat, without addresses."), epilog=_LIST)(list_)
    app.add_typer(group, name="contacts")


_IMPORT = "foedus contacts import people.csv record --config alerts.yaml"
_LIST = "foedus contacts list record --config alerts.yaml"


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A .csv or .vcf file."))], record: Record, *,
    config: Config, json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Take all of it or nothing."""
    from foedus.alerts.contact_files import read_contacts
    from foedus.alerts.contacts import merged
    from foedus.alerts.running import plan_test

    data = read_input(str(file))
    with office(record, config, create=True) as found:
        seats = {one.id for one in found.state.parties.seats.values() if one.revoked is None}
        people = read_contacts(file, data, seats)
        contacts = merged(found.contacts, people)
        found.sealed.write(contacts)
        test = plan_test(contacts, found.deliveries, found.sealed, found.now, tuple({one.seat for one in people}))
    channels = sum(len(one.channels) for one in people)
    session.answer(
        {"people": len(people), "channels": channels, "test": test},
        [_("%(people)s people with %(channels)s channels; %(test)s is sent to each by `foedus alerts run`.",
           people=session.words.number(len(people)), channels=session.words.number(channels), test=test)],
    )  # fmt: skip


def list_(record: Record, *, config: Config, json: Json = False, lang: Lang = None) -> None:
    """Names and kinds of channels; addresses stay sealed."""
    with office(record, config) as found:
        people = found.contacts.people
    rows = [
        {"seat": one.seat, "name": one.name, "language": one.language, "channels": [c.kind for c in one.channels]}
        for one in people
    ]
    lines = [f"{one.seat}  {one.name}  {' '.join(c.kind for c in one.channels)}" for one in people]
    session.answer({"people": rows}, lines or [_("Nobody can be told yet: `foedus contacts import` takes a list.")])
