"""`token new`, `token list` and `token revoke`: who may read a live record's console and API."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.arguments import Json, Lang, Record
from foedus.cli.opening import opened
from foedus.cli.session import _, session

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("What the token is called."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=_("Tokens for reading a live record's console and API."), no_args_is_help=True)
    group.command("new", help=_("Make a token for a reader of a party; it is shown once."), epilog=_NEW)(new)
    group.command("list", help=_("List the tokens, not their secrets."), epilog="foedus token list record")(list_)
    group.command("revoke", help=_("Let a token open nothing any more."), epilog=_REVOKE)(revoke)
    app.add_typer(group, name="token")


_NEW = "foedus token new record warsaw-desk --party POL"
_REVOKE = "foedus token revoke record warsaw-desk"


def new(
    record: Record,
    name: Name,
    party: Annotated[str, typer.Option("--party", metavar="CODE", help=_("The party whose reader it admits."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Make it and show it."""
    from foedus.errors import Malformed
    from foedus.web.tokens import issue

    with opened(record) as found:
        if found.depositary.clauses.party(party) is None:
            raise Malformed(
                "{found!r} is not a party named in {compact}", found=party, compact=found.depositary.clauses.compact.id
            )
        secret = issue(found.depositary.store, party, name, found.depositary.now())
    said = _("Keep it now: only its hash is kept here, and it is not shown again.")
    session.answer({"name": name, "party": party, "token": secret}, [secret, said])


def list_(record: Record, json: Json = False, lang: Lang = None) -> None:
    """List them."""
    from foedus.web.tokens import tokens

    with opened(record) as found:
        known = tokens(found.depositary.store)
    data = [{"name": token.name, "party": token.party, "made_at": token.made_at} for token in known]
    lines = [f"{token.name:32} {token.party:8} {session.words.moment(token.made_at)}" for token in known]
    session.answer(data, lines or [_("There are no tokens.")])


def revoke(record: Record, name: Name, json: Json = False, lang: Lang = None) -> None:
    """Revoke it."""
    from foedus.web.tokens import revoke as remove

    with opened(record) as found:
        remove(found.depositary.store, name)
    session.answer(
        {"name": name, "revoked": True},
        [_("%(name)s opens nothing any more.", name=name)],
    )
