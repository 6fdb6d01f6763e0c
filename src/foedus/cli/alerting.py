"""`alerts run`, `status`, `test` and `confirm`: deliver what the record calls for, and see who is reached."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from foedus.cli.arguments import Json, Lang, Record
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.alerts.contacts import Contacts, Sealed
    from foedus.alerts.deliveries import Deliveries
    from foedus.alerts.running import Alerting
    from foedus.alerts.settings import Configured
    from foedus.record.store import Clock, Store
    from foedus.state import State

Config = Annotated[
    Path, typer.Option("--config", metavar="FILE", help=_("How alerts go out: channels, contacts, deliveries (YAML)."))
]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help=_("Alerts: who is told, over what, and who has answered."))
    group.command("run", help=_("Deliver until stopped, and lead further while nobody answers."), epilog=_RUN)(run)
    group.command("status", help=_("What was delivered, and which seats could be reached."), epilog=_STATUS)(status)
    group.command("test", help=_("Send a test over every channel, to be confirmed."), epilog=_TEST)(send_test)
    group.command("confirm", help=_("Confirm an alert by its code and one's PIN."), epilog=_CONFIRM)(confirm)
    app.add_typer(group, name="alerts")


_RUN = "foedus alerts run record --config alerts.yaml"
_STATUS = "foedus alerts status record --config alerts.yaml"
_TEST = "foedus alerts test record --config alerts.yaml --seat POL/duty"
_CONFIRM = "foedus alerts confirm record 4T7K9QXM --config alerts.yaml"


class Office(NamedTuple):
    """A record with what alerts keep beside it."""

    store: Store
    clock: Clock
    state: State
    configured: Configured
    sealed: Sealed
    contacts: Contacts
    deliveries: Deliveries

    @property
    def now(self) -> float:
        """The record's time in seconds."""
        return self.clock().timestamp()


@contextmanager
def office(record: str, config: Path, *, create: bool = False) -> Iterator[Office]:
    """Opened and closed again. Raises Refused when the settings or the contacts are another record's."""
    from datetime import UTC, datetime

    from foedus.alerts.contacts import Sealed
    from foedus.alerts.deliveries import Deliveries
    from foedus.alerts.settings import read_settings
    from foedus.depositary import Depositary, open_in_its_time

    configured = read_settings(config)
    depositary = Depositary.open(record)
    state = depositary.state
    depositary.close()
    opened = state.parties.record
    assert opened is not None, "an opened record says what it is"
    configured.for_record(opened.origin, opened.exercise)
    settings = configured.settings
    sealed = Sealed.open(configured.path(settings.contacts), configured.path(settings.key), create=create)
    contacts = sealed.read(opened.origin, opened.exercise)
    store, clock = open_in_its_time(record)
    deliveries = Deliveries(configured.path(settings.state))
    try:
        yield Office(store, clock or (lambda: datetime.now(UTC)), state, configured, sealed, contacts, deliveries)
    finally:
        deliveries.close()
        store.close()


def run(
    record: Record, *, config: Config,
    once: Annotated[bool, typer.Option("--once", help=_("Send what is due now, and end."))] = False,
    wait: Annotated[bool, typer.Option("--wait", help=_("While another process delivers, wait to take over."))] = False,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Deliver."""
    from foedus.alerts.channels.opening import open_ways
    from foedus.alerts.running import Alerting

    with office(record, config) as found:
        found.deliveries.hold(wait=wait)
        ways = open_ways(found.configured)
        alerting = Alerting(found.store, found.configured, found.sealed, found.deliveries, ways, found.clock)
        if not once:
            sys.stderr.write(_("Alerts of %(origin)s are delivered. Stop with Ctrl-C.", origin=alerting.origin) + "\n")
        asyncio.run(_until_stopped(alerting, once))
        counts = found.deliveries.counts()
    session.answer(counts, _counted(counts))


async def _until_stopped(alerting: Alerting, once: bool) -> None:
    from foedus.alerts.heartbeat import beat

    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    beating = asyncio.ensure_future(beat(alerting, stop)) if not once else None
    await alerting.run(stop, once=once)
    if beating is not None:
        stop.set()
        await beating


def _counted(counts: dict[str, int]) -> list[str]:
    number = session.words.number
    return [
        _(
            "Deliveries: %(sent)s sent, %(waiting)s waiting, %(stopped)s stopped, %(failed)s failed, %(expired)s"
            " expired.",
            **{name: number(counts.get(name, 0)) for name in ("sent", "waiting", "stopped", "failed", "expired")},
        )
    ]


def status(record: Record, *, config: Config, json: Json = False, lang: Lang = None) -> None:
    """Show it."""
    from foedus.alerts.readiness import rate, reach

    with office(record, config) as found:
        seats = sorted(one.id for one in found.state.parties.seats.values() if one.revoked is None)
        stand = reach(seats, found.contacts, found.deliveries, found.now)
        counts, rates = found.deliveries.counts(), rate(found.deliveries)
        problems = [one for one in found.deliveries.all() if one.problem and one.state in ("waiting", "failed")]
        names = {one.id: one.name for one in found.contacts.people}
    unready = [one for one in stand if not one.ready]
    session.answer(
        {
            "deliveries": counts, "seats": [{**_as_dict(one), "ready": one.ready} for one in stand],
            "tests": [{"test": test, "sent": sent, "confirmed": said} for test, (sent, said) in rates.items()],
            "problems": [
                {"message": one.message, "person": names.get(one.person, one.person), "state": one.state,
                 "attempts": one.attempts, "problem": one.problem} for one in problems
            ],
        },
        [
            *_counted(counts),
            _("%(ready)s of %(all)s seats have two channels that were tested within 30 days.",
              ready=session.words.number(len(stand) - len(unready)), all=session.words.number(len(stand))),
            *(f"  {one.seat}" for one in unready),
            *(_("%(test)s: %(said)s of %(sent)s people confirmed.", test=test, said=said, sent=sent)
              for test, (sent, said) in rates.items()),
            *(f"{one.message} {names.get(one.person, one.person)}: {_problem(one.problem)}" for one in problems),
        ],
    )  # fmt: skip


def _as_dict(one: object) -> dict[str, object]:
    import msgspec

    found: dict[str, object] = msgspec.structs.asdict(one)  # type: ignore[arg-type]  # a Struct
    return found


def _problem(said: str) -> str:
    """What an operator can do about a failed attempt, and what the other side said."""
    from foedus.alerts.channels import PROBLEMS

    code, _gap, detail = said.partition(" ")
    line = _(PROBLEMS[code]) if code in PROBLEMS else code
    return f"{line} ({detail})" if detail else line


def send_test(
    record: Record, *, config: Config,
    seat: Annotated[list[str] | None, typer.Option("--seat", help=_("Only this seat; may be repeated."))] = None,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Plan a test; `alerts run` sends it."""
    from foedus.alerts.running import plan_test

    with office(record, config) as found:
        id_ = plan_test(found.contacts, found.deliveries, found.sealed, found.now, tuple(seat or ()))
        count = len(found.deliveries.all(id_))
    session.answer(
        {"test": id_, "deliveries": count},
        [_("%(test)s: %(count)s channels, to be confirmed with code and PIN; `foedus alerts run` sends it.",
           test=id_, count=session.words.number(count))],
    )  # fmt: skip


def confirm(
    record: Record, code: Annotated[str, typer.Argument(metavar="CODE", help=_("The code that the alert names."))], *,
    config: Config,
    pin_file: Annotated[
        Path | None,
        typer.Option("--pin-file", metavar="FILE", help=_("Take the PIN from this file; else it is asked.")),
    ] = None,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Confirm for one person."""
    from foedus.alerts.confirming import confirm as confirmed
    from foedus.cli.passphrases import asked
    from foedus.errors import Malformed
    from foedus.record.key_file import read_private

    if pin_file is None:
        missing = Malformed("to confirm {code} takes a PIN", code=code)
        pin = asked(_("PIN of %(what)s: ", what=code), missing, "--pin-file FILE")
    else:
        pin = read_private(pin_file, 64).decode("utf-8", "replace")
    with office(record, config) as found:
        done = confirmed(found.deliveries, found.contacts, code, pin, found.now)
    session.answer(
        done,
        [_("%(name)s, %(seat)s: confirmed. You are reminded no more of %(message)s.",
           name=done.name, seat=done.seat, message=done.message)],
    )  # fmt: skip
