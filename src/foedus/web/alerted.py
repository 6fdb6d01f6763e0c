"""Alerts as the console shows them: the page on which a person confirms one, and which seats could not be reached.

Opening the link shows the page and confirms nothing: scanners of mail open links. Only code and PIN, sent by the form,
confirm, and that answers for nobody's government.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Response as Answer
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from foedus.alerts.confirming import Confirmed, confirm
from foedus.alerts.contacts import Contacts
from foedus.alerts.deliveries import Deliveries
from foedus.alerts.readiness import Reach, rate, reach
from foedus.errors import Refused
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.words.failures import say_because

SEATS = ("seat", "people", "channels", "tested", "last")
TESTS = ("at", "people", "confirmed")


class Alerted:
    """What the console has of alerts: the list of people, and what was delivered to them."""

    def __init__(self, contacts: Contacts, deliveries: Deliveries) -> None:
        self._contacts, self._deliveries = contacts, deliveries

    def reached(self, page: Page) -> list[Reach]:
        """How the seats of the reader's party could be reached today; all seats for an onlooker."""
        party = page.party.id if page.party else None
        seats = sorted(
            one.id for one in page.state.parties.seats.values() if one.revoked is None and party in (None, one.party)
        )
        return reach(seats, self._contacts, self._deliveries, page.clock_now.timestamp())

    def tests(self) -> list[tuple[datetime, int, int]]:
        """Of each test, the newest first: when it began, how many people it went to, and how many confirmed it."""
        began: dict[str, float] = {}
        for one in self._deliveries.all():
            began[one.message] = min(one.due, began.get(one.message, one.due))
        rates = rate(self._deliveries).items()
        return sorted(((datetime.fromtimestamp(began[test], UTC), *counts) for test, counts in rates), reverse=True)

    def confirm(self, page: Page, code: str, pin: str) -> Confirmed:
        """Confirm for one person. Raises Refused."""
        return confirm(self._deliveries, self._contacts, code, pin, page.clock_now.timestamp())


def unready(page: Page) -> list[Reach]:
    """For Home; nothing where no alerts are sent from here, or in the past."""
    alerts = page.console.alerts
    return [one for one in alerts.reached(page) if not one.ready] if alerts is not None and not page.past else []


@get("/alert/{code:str}", include_in_schema=False, sync_to_thread=False)
def ask(page: NamedDependency[Page], code: FromPath[str]) -> Answer[Any]:
    """The form. Nothing is looked up: whoever guesses codes learns nothing here."""
    return _shown(page, code[:12])


@post("/alert/{code:str}", include_in_schema=False, status_code=200)
async def told(page: NamedDependency[Page], code: FromPath[str]) -> Answer[Any]:
    """Confirms, or says why not."""
    form: Mapping[str, Any] = await page.request.form()
    alerts = page.console.alerts
    assert alerts is not None, "this page is served only with alerts"
    try:
        return _shown(page, code[:12], alerts.confirm(page, code[:12], str(form.get("pin", ""))[:20]))
    except Refused as problem:
        return _shown(page, code[:12], None, say_because(page.words, problem))


@get("/alerts", include_in_schema=False, sync_to_thread=True)
def reached(page: NamedDependency[Page]) -> Answer[Any]:
    """Which seats could be reached today, and how many people confirmed each test: no name, no address of anybody."""
    alerts = page.console.alerts
    assert alerts is not None, "this page is served only with alerts"
    seats, tests = alerts.reached(page), alerts.tests()
    ready = sum(one.ready for one in seats)
    title = page.words.gettext(
        "%(ready)s of %(all)s seats could be reached today", ready=page.number(ready), all=page.number(len(seats))
    )
    rows = [(one.seat, one.people, one.channels, one.tested, _moment(one.last)) for one in seats]
    return render(
        page, "alerts.html", title=title, active="home",
        data={"ready": ready, "seats": len(seats)},
        tables={"seats": Table(SEATS, rows), "tests": Table(TESTS, tests)},
        seats=seats, told=[one for one in seats if one.people], untold=_untold(page, seats), tests=tests,
        moment=_moment,
    )  # fmt: skip


def _untold(page: Page, seats: Sequence[Reach]) -> list[tuple[str, list[str]]]:
    """By party, in the order of names, the offices whose seats have nobody."""
    found: dict[str, list[str]] = {}
    for one in seats:
        party, _, role = one.seat.partition("/")
        if not one.people:
            found.setdefault(page.name(party), []).append(page.role(role))
    return sorted(found.items(), key=lambda pair: page.sort_key(pair[0]))


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _shown(page: Page, code: str, done: Confirmed | None = None, problem: str = "") -> Answer[Any]:
    title = page.words.gettext("Confirmed") if done else page.words.gettext("Confirm an alert")
    return render(
        page, "alert.html", title=title, active="home", data={"code": code, "confirmed": done is not None}, tables={},
        code=code, done=done, problem=problem,
    )  # fmt: skip


routes = [ask, told, reached]
