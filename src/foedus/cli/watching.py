"""`watchdog`: from outside, whether a record still answers and advances; it alerts by itself when not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Conflict, Malformed, Refused
from foedus.words import mark

if TYPE_CHECKING:
    from foedus.alerts.watchdog import Seen


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watchdog", help=_("Watch a record from outside, and alert when it falls silent."), epilog=_WATCHDOG)(
        watchdog
    )


_WATCHDOG = "foedus watchdog https://record.example --advances PT25H --tell https://pager.example/hook"
_SAID = {
    "answers": mark("%(url)s answers: %(size)s entries."),
    "unheard": mark("%(url)s has not answered yet: it is asked again."),
    "silent": mark(
        "%(url)s is SILENT for %(seconds)s s: call whoever runs it; any desk can take over (docs/trust.md)."
    ),
    "stalled": mark("%(url)s answers but has STOPPED at %(size)s entries for %(seconds)s s: call whoever runs it."),
    "back": mark("%(url)s shows FEWER entries than before (%(size)s): rely on nothing it says, ask a witness."),
}


def watchdog(
    url: Annotated[str, typer.Argument(metavar="URL", help=_("The address of the record."))], *,
    every: Annotated[str, typer.Option("--every", metavar="SPAN", help=_("How often to look (ISO 8601)."))] = "PT1M",
    silent: Annotated[
        str, typer.Option("--silent", metavar="SPAN", help=_("Silence of this length is alarming."))
    ] = "PT3M",
    advances: Annotated[
        str | None, typer.Option("--advances", metavar="SPAN", help=_("No new entry for so long is alarming."))
    ] = None,
    tell: Annotated[
        list[str] | None, typer.Option("--tell", metavar="URL", help=_("Call this address (POST); may be repeated."))
    ] = None,
    once: Annotated[bool, typer.Option("--once", help=_("Look once: exit status 1 when it is not well."))] = False,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Look until stopped."""
    from foedus.alerts.settings import seconds
    from foedus.alerts.watchdog import Watchdog
    from foedus.remote import Remote

    if once and advances:
        raise Malformed("one look cannot say whether {url} advances: leave out --once, or --advances", url=url)
    watch = Watchdog(Remote(url), 0.0 if once else seconds(silent), seconds(advances) if advances else None)
    before = ""
    while True:
        seen = watch.look()
        if seen.what != before:
            session.answer(seen, [_line(url, seen)])
            if before not in ("", "unheard") or seen.what not in ("unheard", "answers"):
                _tell(tell or (), url, seen)
            before = seen.what
        if once:
            break
        time.sleep(seconds(every))
    if seen.what != "answers":
        found = watch.problem or seen.detail or _line(url, seen)
        raise Refused("alerts/watchdog", "{url} is not well: {found}", url=url, found=found)


def _line(url: str, seen: Seen) -> str:
    number = session.words.number
    return _(_SAID[seen.what], url=url, size=number(seen.size), seconds=number(int(seen.for_seconds)))


def _tell(addresses: list[str] | tuple[str, ...], url: str, seen: Seen) -> None:
    """Call each address; one that cannot be reached keeps no other from being called."""
    import msgspec

    from foedus.remote import Remote

    body = msgspec.json.encode({"url": url, "said": _line(url, seen), **msgspec.structs.asdict(seen)})
    for address in addresses:
        base, _slash, path = address.rpartition("/")
        try:
            Remote(base).post(path, body)
        except Conflict as problem:
            session.fail(problem)
