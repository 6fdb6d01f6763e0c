"""`witness`: follow a record, recompute every entry, and cosign the checkpoints that hold."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, OrElse, PassphraseFiles
from foedus.cli.passphrases import Passphrases
from foedus.cli.session import _, session
from foedus.errors import FoedusError, Malformed

if TYPE_CHECKING:
    from foedus.desk.rounds import Round, Rounds
    from foedus.desk.witness import Keys, Witness
    from foedus.record.note import VerifierKey
    from foedus.remote import Remote


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "witness", help=_("Follow a record, recompute every entry, and cosign its checkpoints."), epilog=_WITNESS
    )(witness)


_WITNESS = "foedus witness https://example.org --key pol-witness.key --dir witness --gossip https://witness.example"


def witness(
    url: Annotated[str, typer.Argument(metavar="URL", help=_("The server of the record."))],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="KEYFILE", help=_("The witness seat's key file."))],
    passphrase_file: PassphraseFiles = None,
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help=_("Folder for the copy of the record."))],
    mldsa44: Annotated[
        Path | None,
        typer.Option("--mldsa44", metavar="KEYFILE", help=_("Cosign with ML-DSA-44 too; made like any key file.")),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", metavar="FILE", help=_("The record's key, known from elsewhere."))
    ] = None,
    port: Annotated[
        int | None, typer.Option("--listen", metavar="PORT", min=1, max=65535, help=_("Answer logs and witnesses."))
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help=_("Address to answer on; the loopback unless told otherwise."))
    ] = "127.0.0.1",
    gossip: Annotated[
        list[str] | None,
        typer.Option("--gossip", metavar="URL", help=_("Another witness to compare with; may be repeated.")),
    ] = None,
    accept: Annotated[
        list[int] | None,
        typer.Option("--accept", metavar="ENTRY", help=_("Go on in spite of the doubt about this entry.")),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help=_("One round, then end."))] = False,
    others: OrElse = None,
    token: Annotated[
        str | None, typer.Option("--token", envvar="FOEDUS_TOKEN", help=_("Read token for a live server."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Witness it."""
    from foedus.desk.epochs import Continued
    from foedus.desk.late import go_over, hand_in_late, keep_left_out
    from foedus.desk.witness import alone
    from foedus.remote import Remote
    from foedus.words.failures import say_error

    secret = _keys(key, mldsa44, Passphrases(passphrase_file))
    with ExitStack() as held:
        held.enter_context(alone(folder))
        remotes = [Remote(address, None) for address in gossip or ()]
        server, hands_in = Remote(url, token, others=others or ()), Remote(url, token, others=others or ())
        for remote in (server, hands_in, *remotes):
            held.callback(remote.close)
        while True:
            found, rounds = _opened(folder, _log(keys), secret, (server, hands_in), remotes)
            try:
                if accept:
                    found.accept(accept)
                if once:
                    _once(found, rounds)
                else:
                    _work(rounds, url, host, port)
            except Continued as problem:
                _tell(say_error(session.words, problem))
                keep_left_out(found.copy, problem.entries)
                with suppress(FoedusError):  # what cannot be handed in now is handed in with the next round
                    hand_in_late(folder, server)
                go_over(found.copy, problem.entries)
                continue
            except BaseException:
                found.copy.close()
                raise
            found.copy.close()
            return


def _opened(
    folder: Path, log: VerifierKey | None, secret: Keys, server: tuple[Remote, Remote], others: Sequence[Remote]
) -> tuple[Witness, Rounds]:
    """The witness over the copy in its folder. `server`: the ways by which it follows, and hands in."""
    from foedus.desk.copy import Copy
    from foedus.desk.published import Server
    from foedus.desk.rounds import Rounds
    from foedus.desk.witness import Witness

    found = Witness(Copy.open(folder, log), Server(server[0]), secret, server[1])
    return found, Rounds(found, others)


def _once(found: Witness, rounds: Rounds) -> None:
    with session.progress(_("Recomputing")) as progress:
        found.follower.follow(progress=progress)
    done = rounds.once()
    session.answer(_data(found, done), _says(found, done))


def _keys(key: Path, mldsa44: Path | None, ask: Passphrases) -> Keys:
    from foedus.desk.witness import Keys
    from foedus.record.key_file import read_key_file

    def seed(path: Path) -> bytes:
        return read_key_file(path).seed(lambda: ask(str(path)))

    return Keys(seed(key), seed(mldsa44) if mldsa44 else None)


def _log(keys: Path | None) -> VerifierKey | None:
    """The record's key from a file of keys."""
    from foedus.logs import continued_from
    from foedus.record.note import ED25519
    from foedus.verify import read_keys

    if keys is None:
        return None
    # The keys of later epochs stand in entries; that of entry 0 must be known from elsewhere.
    found = [one for one in read_keys(keys) if one.algorithm == ED25519 and continued_from(one.name) is None]
    if len(found) != 1:
        raise Malformed("{path}: {count} keys of a record found, one expected", path=keys, count=len(found))
    return found[0]


def _data(found: Witness, done: Round) -> dict[str, object]:
    from foedus.record.note import format_vkey

    keys = [format_vkey(key) for key in found.verifier_keys(done.cosigned)]
    return {"cosigned": done.cosigned, "came": done.came, "handed_in": done.handed_in, "keys": keys}


def _says(found: Witness, done: Round) -> Sequence[str]:
    words = session.words
    keys = found.verifier_keys(done.cosigned)
    said = [_("Cosigned as %(name)s: the first %(size)s entries.", name=keys[0].name, size=words.number(done.cosigned))]
    if done.handed_in:
        said.append(_("The server has the cosignature."))
    return said


def _work(rounds: Rounds, url: str, host: str, port: int | None) -> None:
    """Round after round until stopped, in this thread, or beside it while this one answers. Raises Continued."""
    from foedus.cli.console import have
    from foedus.desk.epochs import Continued
    from foedus.words.failures import say_error

    if port is not None:
        have(host, port)
    stop = threading.Event()
    ended: list[Continued] = []
    told: list[str] = []

    def done(found: Round) -> None:
        told.clear()
        if found.handed_in:
            _tell(" ".join(_says(rounds.witness, found)))

    def failed(problem: FoedusError) -> None:
        said = say_error(session.words, problem)
        if told != [said]:  # the same again is no news
            _tell(said)
        told[:] = [said]

    _tell(_("Following %(url)s. Stop with Ctrl-C.", url=url))
    try:
        if port is None:
            rounds.run(stop, done, failed)
            return
        from foedus.desk.listening import listen

        def work() -> None:
            try:
                rounds.run(stop, done, failed)
            except Continued as problem:  # raised again where it ends the command
                ended.append(problem)
                os.kill(os.getpid(), signal.SIGTERM)

        signal.signal(signal.SIGTERM, signal.default_int_handler)
        beside = threading.Thread(target=work, name="witness", daemon=True)
        beside.start()
        _tell(_("Answering on port %(port)s.", port=str(port)))
        listen(rounds.witness, host, port)
    except KeyboardInterrupt:
        if ended:
            raise ended[0] from None
        sys.stderr.write("\n")
    finally:
        stop.set()


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()
