"""What one console process serves: a depositary, or a desk's copy, and who may act here.

Holds no key of a live record's party, unless it is that party's own desk, and no session: who looks is in the reader's
cookie, drafts of two-person acts are the exception and live in `drafts.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from foedus.commitments.sources.rates import last_known
from foedus.depositary import Depositary
from foedus.settling import Settling
from foedus.state import State
from foedus.watermark import Watermark
from foedus.web import checks_kept
from foedus.web.acting import Acting
from foedus.web.checks import Checks
from foedus.web.commitments_kept import Forecasts, Pasts, Vintages
from foedus.web.drafts import Drafts
from foedus.web.package import Packages
from foedus.web.plays import Plays
from foedus.web.texts import Texts
from foedus.web.workbooks_kept import Workbooks

if TYPE_CHECKING:
    from foedus.drills.runs import Drills
    from foedus.web.alerted import Alerted  # which shows pages, and they ask a console


class Console:
    """A depositary as the pages see it. `hosts`: names under which the console answers, against DNS rebinding.

    `acting` None: a live record's own console, where nobody acts.
    """

    def __init__(
        self,
        depositary: Depositary,
        acting: Acting | None,
        base_url: str,
        hosts: frozenset[str],
        watermark: Watermark | None = None,
        alerts: Alerted | None = None,
        drills: Drills | None = None,
    ) -> None:
        self.depositary = depositary
        self.acting = acting
        self.base_url = base_url
        self.hosts = hosts
        self.drafts = Drafts(acting.room if acting else None)
        self.settling = Settling(depositary)
        self.watermark = watermark
        self.alerts = alerts
        self.drills = drills
        self.packages = Packages()
        self.vintages = Vintages()
        self.forecasts = Forecasts()
        room = acting.room if acting else None
        self.checks = Checks(checks_kept.folder(), room / "checks" if room else None)
        self.plays = Plays()
        self.texts = Texts(room / "texts" if room else None)
        self.pasts = Pasts()
        self.workbooks = Workbooks()

    def begin(self) -> None:
        """Read what pages will ask of, before the first reader asks; rates beside it, which keep no start waiting."""
        Thread(target=last_known, name="rates", daemon=True).start()
        self.packages.begin(self.depositary.store, self.current().sanctions)

    def end(self) -> None:
        """End the processes that it began."""
        self.checks.forget()
        self.plays.forget()

    def current(self) -> State:
        """The state with every entry recorded so far."""
        return self.depositary.catch_up()

    def now(self) -> datetime:
        """The record's time: the exercise clock in an exercise."""
        return self.depositary.now()


STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
