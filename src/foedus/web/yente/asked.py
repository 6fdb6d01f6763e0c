"""A question to these addresses: parameters that may be there several times, and which lists are asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from foedus.errors import Malformed
from foedus.sanctions.lists import Target
from foedus.screening import Match
from foedus.searched import EVERY, Searched
from foedus.web.unanswered import NotHere, Unanswered
from foedus.web.yente.entities import countries_of, schemata, topics
from foedus.web.yente.schemata import known_schema

MOST_URL = 60_000  # bytes, as there
MOST_LEFT_OUT = 50


class Asked:
    """One request. Raises Malformed for a parameter that cannot be read, 414 for an address that is too long."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        if len(request.url.query) + len(request.url.path) > MOST_URL:
            raise Unanswered("the address is longer than {most} bytes", status=414, most=MOST_URL)
        self.query = parse_qs(request.url.query, keep_blank_values=True)
        self.searched: Searched = request.app.state.searched
        self.searched.begin()

    def one(self, name: str, default: str = "") -> str:
        """The value, the last where there are several."""
        return self.query.get(name, [default])[-1]

    def many(self, name: str) -> list[str]:
        """Every value that is not empty."""
        return [value for value in self.query.get(name, ()) if value]

    def yes(self, name: str) -> bool:
        """A flag."""
        return self.one(name).lower() in ("true", "1", "yes", "on")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0."""
        text = self.one(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            raise Malformed(
                "`{name}` is a whole number from {least} to {most}; found {text!r}",
                name=name, least=0, most=most, text=text[:40],
            )  # fmt: skip
        return int(text)

    def share(self, name: str, default: float) -> float:
        """A number from 0 to 1."""
        text = self.one(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0.0 <= value <= 1.0:
            raise Malformed("`{name}` is a number from 0 to 1; found {text!r}", name=name, text=text[:40])
        return value

    def lists(self, dataset: str) -> frozenset[str]:
        """The lists that are asked, each of them searched: 404 for one that there is not, 503 while one is missing."""
        standings = {one.list: one for one in self.searched.standings()}
        named = {dataset, *self.many("include_dataset"), *self.many("datasets")}
        for name in sorted({*named, *self.many("exclude_dataset")} - {*EVERY, *standings}):
            raise NotHere("there is no list {name!r}: /catalog names those that there are", name=name[:80])
        only = self.many("datasets") or ([] if dataset in EVERY else [*(named - {*EVERY})])
        wanted = (frozenset(only) or frozenset(standings)) - frozenset(self.many("exclude_dataset"))
        missing = sorted(name for name in wanted if standings[name].held is None)
        if missing or not standings:
            raise Unanswered(
                "not every list that is asked has been read: {lists}; an answer would miss it",
                status=503,
                lists=", ".join(missing) or "-",
            )
        return wanted

    def wanted(self, dataset: str) -> Callable[[Match, Target], bool]:
        """Whether what was found is among what the filters leave."""
        lists = self.lists(dataset)
        schemas, no_schemas = self._schemas("schema") - {"Thing"}, self._schemas("exclude_schema")
        of_topics, countries, since = set(self.many("topics")), set(self.many("countries")), self._since()
        left_out = self.many("exclude_entity_ids")
        if len(left_out) > MOST_LEFT_OUT:
            raise Malformed(
                "`exclude_entity_ids` names {found} entities; {most} at most", found=len(left_out), most=MOST_LEFT_OUT
            )

        def fits(match: Match, one: Target) -> bool:
            are = schemata(one)
            return (
                match.lists[0] in lists
                and match.id not in left_out
                and (not schemas or bool(are & schemas))
                and not are & no_schemas
                and (not of_topics or bool(topics(one) & of_topics))
                and (not countries or bool(countries_of(one) & countries))
                and (not since or (one.updated_on or one.listed_on or since) >= since)
            )

        return fits

    def _schemas(self, name: str) -> set[str]:
        return {known_schema(schema) for schema in self.many(name)}

    def _since(self) -> str:
        """The day of `changed_since`. What does not say when it changed stays in: to leave it out would hide it."""
        text = self.one("changed_since")
        try:
            return date.fromisoformat(text[:10]).isoformat() if text else ""
        except ValueError:
            raise Malformed("`changed_since` is a day such as 2026-10-11; found {text!r}", text=text[:40]) from None
