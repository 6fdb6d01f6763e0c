"""Drills as the console has them, and who may begin or stop one. Deny by default.

A drill is a process on the machine of whoever runs this console, so only they begin one: over the loopback address, at
a console that is for this machine alone, or at their own desk. No seat and no read token gives that right. To stop one
may whoever may begin it, and whoever speaks for a party: something real may have happened.
"""

from __future__ import annotations

from foedus.drills.runs import Drills
from foedus.web.access import asked_on_loopback, reader_of
from foedus.web.page import Page
from foedus.web.unanswered import NotHere, Unanswered


def drills_of(page: Page) -> Drills:
    """The folder of this console. Raises NotHere where it has none."""
    drills = page.console.drills
    if drills is None:
        raise NotHere("this console has no folder of drills: `foedus serve RECORD --drills FOLDER` gives it one")
    return drills


def may_begin(page: Page) -> bool:
    """Whether the reader is whoever runs this console."""
    acting = page.console.acting
    if acting is not None and acting.secret is not None:
        return True  # a desk lets in nobody else
    return asked_on_loopback(page.request) and reader_of(page.request).token is None


def may_stop(page: Page) -> bool:
    """Whether the reader may say NO PLAY."""
    return may_begin(page) or page.party is not None


def begins(page: Page) -> Drills:
    """The folder, for whoever may begin a drill. Raises Unanswered (403) for anybody else."""
    if not may_begin(page):
        raise Unanswered(
            "only whoever runs this console begins a drill, on the machine itself; on the command line: `foedus drill`",
            status=403,
        )
    return drills_of(page)


def stops(page: Page) -> Drills:
    """The folder, for whoever may stop a drill. Raises Unanswered (403) for an onlooker."""
    if not may_stop(page):
        raise Unanswered("an onlooker stops no drill: choose a seat first", status=403)
    return drills_of(page)
