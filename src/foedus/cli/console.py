"""`demo`, `init` and `serve`: a record to begin with, and the console over it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import DepositaryKey, Json, Lang, PassphraseFiles, Record, in_folder
from foedus.cli.opening import Opened, open_record
from foedus.cli.passphrases import Passphrases
from foedus.cli.put_back import whole
from foedus.cli.session import _, session
from foedus.errors import Malformed, Refused
from foedus.tied import tie

if TYPE_CHECKING:
    from foedus.compact.model import Compact
    from foedus.depositary import Depositary
    from foedus.drills.runs import Drills
    from foedus.watermark import Watermark
    from foedus.web.alerted import Alerted

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=_("Port to serve on."))]
Host = Annotated[str, typer.Option("--host", help=_("Address to serve on; the loopback unless told otherwise."))]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help=_("Where readers reach the console, if not at that address."))
]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("demo", help=_("Build an EXERCISE of the bundled compact, with history, and serve it."), epilog=_DEMO)(
        demo
    )
    app.command("init", help=_("Open a new record in an empty folder or database."), epilog=_INIT)(init)
    app.command("serve", help=_("Serve the console and the API of a record, and keep its deadlines."), epilog=_SERVE)(
        serve
    )


_DEMO = "foedus demo demo --port 8000"
_INIT = "foedus init record --compact kyiv-2022 --origin example.org/kyiv --head UKR/head=ukr-head.key"
_SERVE = "foedus serve record --port 8000"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=_("Folder for the exercise."))] = Path("demo"),
    *,
    port: Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("Build it and end."))] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help=_("The seed by which lots are drawn."))] = 20221010,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Build the exercise unless it is there already, and serve it."""
    from foedus.exercise import build

    in_folder(folder)
    if not no_serve:
        have("127.0.0.1", port)
    if not (folder / "record.db").exists():
        with session.progress(_("Building the exercise")) as progress:
            build(folder, seed=seed, progress=lambda what, done, of: progress(done, of)).close()
    found = open_record(str(folder))
    if found.demo is None:
        found.depositary.close()
        raise Refused(
            "record/exercise",
            "{folder} holds a record that is no exercise: `foedus serve` serves it",
            folder=str(folder),
        )
    found.depositary.checkpoint()
    url = f"http://localhost:{port}"
    size = found.depositary.state.size
    session.answer(
        {"folder": str(folder), "entries": size, "exercise": True, "url": None if no_serve else url},
        _built(str(folder), size, None if no_serve else url),
    )
    if no_serve:
        found.depositary.close()
    else:
        run_console(found, "127.0.0.1", port, url, drills=drilling(found, str(folder)))


def _built(folder: str, size: int, url: str | None) -> list[str]:
    lines = [
        _(
            "EXERCISE in %(folder)s: %(size)s entries, every act signed with a demo key.",
            folder=folder,
            size=session.words.number(size),
        )
    ]
    if url:
        lines.append(_("Serving on %(url)s. Stop with Ctrl-C.", url=url))
    return lines


def init(
    record: Record,
    *,
    compact: Annotated[str, typer.Option("--compact", help=_("A bundled compact by name, or a folder or file."))],
    origin: Annotated[
        str | None, typer.Option("--origin", help=_("The record's name for ever, like example.org/kyiv."))
    ] = None,
    head: Annotated[
        list[str] | None,
        typer.Option(
            "--head",
            metavar="SEAT=KEY",
            help=_("A party's first seat: PARTY/ROLE=public key in hex, a key file, agent: or pkcs11:."),
        ),
    ] = None,
    ceiling: Annotated[str, typer.Option("--ceiling", help=_("Highest marking the record may hold."))] = "unclassified",
    exercise: Annotated[
        bool, typer.Option("--exercise", help=_("An exercise: demo keys for every party, nothing counts."))
    ] = False,
    depositary_key: DepositaryKey = None,
    passphrase_file: PassphraseFiles = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Open the record: entry 0."""
    from foedus.acts import LEVELS
    from foedus.cli.founding import found, heads_from
    from foedus.compact.loader import load

    if ceiling not in LEVELS:
        raise Malformed("--ceiling {found!r}: expected one of {expected}", found=ceiling, expected=", ".join(LEVELS))
    if exercise and head:
        raise Malformed("--exercise makes demo keys for every party; --head is for a live record")
    text = load(compact)
    founded = found(
        record,
        text,
        heads_from(head or ()),
        origin=origin,
        ceiling=ceiling,
        exercise=exercise,
        key=depositary_key,
        ask=Passphrases(passphrase_file),
    )
    session.answer(founded, _founded(founded.folder, founded.origin, founded.depositary_key, text))


def _founded(folder: str, origin: str, key: str, compact: Compact) -> list[str]:
    return [
        _("The record %(origin)s is open in %(folder)s.", origin=origin, folder=folder),
        _("Compact: %(title)s.", title=session.words.of(compact.short_title)),
        _("The depositary's key is %(key)s: publish it, so that anyone can verify the record.", key=key),
    ]


def serve(
    record: Record,
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    base_url: BaseUrl = None,
    depositary_key: DepositaryKey = None,
    passphrase_file: PassphraseFiles = None,
    watermark: Annotated[
        Path | None,
        typer.Option(
            "--watermark",
            metavar="FILE",
            help=_("Where the newest cosigned checkpoint is kept, outside DIR and its backups."),
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="URL", help=_("A witness to ask what it holds; may be repeated.")),
    ] = None,
    continued: Annotated[
        Path | None,
        typer.Option(
            "--continue",
            metavar="COPY",
            help=_("The server fell silent: continue its record in DIR, from this copy of a desk or a witness."),
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help=_("With --continue: the key of the seat that continues the record.")),
    ] = None,
    alerts: Annotated[
        Path | None,
        typer.Option(
            "--alerts", metavar="FILE", help=_("Settings of alerts: people confirm here, Home shows who is reached.")
        ),
    ] = None,
    drills: Annotated[
        Path | None,
        typer.Option("--drills", metavar="DIR", help=_("Plans and drills of this console; RECORD/drills unless told.")),
    ] = None,
    lang: Lang = None,
) -> None:
    """Serve until stopped, unless the record was put back to an older copy."""
    ask = Passphrases(passphrase_file)
    if continued is not None:
        from foedus.cli.continuing import begin

        have(host, port)  # before anything is begun that nobody would then serve
        begin(record, continued, key, depositary_key, ask)
    found = open_record(record, depositary_key, ask)
    try:
        mark = whole(found.depositary, record, watermark, witness or ())
        have(host, port)
    except BaseException:
        found.depositary.close()
        raise
    url = base_url or f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    said = _("Serving on %(url)s. Stop with Ctrl-C.", url=url)
    sys.stderr.write(f"{said}\n")
    run_console(found, host, port, url, mark, alerts, drilling(found, record, drills))


def run_console(
    found: Opened, host: str, port: int, url: str, mark: Watermark | None = None, alerts: Path | None = None,
    drills: Drills | None = None,
) -> None:  # fmt: skip
    """The clock in a thread and the server in this one, until stopped."""
    from foedus import clock
    from foedus.web.app import create_app
    from foedus.web.server import serve as answer

    depositary = found.depositary
    stop = threading.Event()
    failed: list[Exception] = []

    def keep() -> None:
        # A console that answers while nobody keeps its deadlines would be believed: it ends, and says why.
        try:
            clock.run(depositary, stop)
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is raised again where it ends the command
            failed.append(problem)
            os.kill(os.getpid(), signal.SIGTERM)

    keeper = threading.Thread(target=keep, name="clock", daemon=True)
    # Asked to stop in either way, it stops in the same way.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tie()
    try:
        told = alerted(depositary, alerts) if alerts is not None else None
        app = create_app(depositary, exercise_keys=found.demo, base_url=url, watermark=mark, alerts=told, drills=drills)
        if found.records:
            keeper.start()
        answer(app, host=host, port=port)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    finally:
        stop.set()
        if keeper.is_alive():
            keeper.join(timeout=5)
        depositary.close()
    if failed:
        raise failed[0]


def drilling(found: Opened, record: str, folder: Path | None = None) -> Drills | None:
    """The folder of drills: the one named, else `drills` in the record's; None for a database without one."""
    from foedus.drills.runs import Drills

    kept = found.depositary.state.parties.record
    if folder is None and "://" not in record:
        folder = Path(record) / "drills"
    live = record if kept is not None and not kept.exercise else None
    return Drills(folder, live) if folder is not None else None


def have(host: str, port: int) -> None:
    """Raises Malformed when somebody else has the port: before anything starts, and in one line."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Malformed(
                "port {port} on {host} cannot be had: {problem}; choose another",
                port=str(port),  # no thousands in it
                host=host,
                problem=problem.strerror,
            ) from None


def alerted(depositary: Depositary, config: Path) -> Alerted:
    """What the console has of alerts. Raises Refused when the settings or the contacts are another record's."""
    from foedus.alerts.contacts import Sealed
    from foedus.alerts.deliveries import Deliveries
    from foedus.alerts.settings import read_settings
    from foedus.web.alerted import Alerted

    record = depositary.state.parties.record
    assert record is not None, "an opened record says what it is"
    configured = read_settings(config).for_record(record.origin, record.exercise)
    settings = configured.settings
    sealed = Sealed.open(configured.path(settings.contacts), configured.path(settings.key))
    contacts = sealed.read(record.origin, record.exercise)
    return Alerted(contacts, Deliveries(configured.path(settings.state)))
