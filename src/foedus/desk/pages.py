"""A desk's own pages: letting its officer in, the outbox, an act brought from another desk, and how the desk stands."""

from __future__ import annotations

import hmac
from typing import Any

import msgspec
from litestar import Response as Answer
from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from foedus.awaiting import Awaiting, read_awaiting
from foedus.desk import evidence
from foedus.desk.acting import AtDesk
from foedus.desk.outbox import Queued
from foedus.documents.qr import qr
from foedus.errors import Conflict, Malformed, Refused
from foedus.submission import Signed, leave, read_signed
from foedus.web import desk_words, filled
from foedus.web.access import desk_cookie, not_let_in
from foedus.web.drafts import Draft
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.act import receipt_of, require_seat
from foedus.web.unanswered import NotHere
from foedus.words import sentences
from foedus.words.failures import say_error, say_refusal

MOST_IN_QR = 2_331  # bytes in the largest code of level M (ISO/IEC 18004, table 7)


def at_desk(page: Page) -> AtDesk:
    """The desk of this console. These pages are served by a desk alone."""
    acting = page.console.acting
    assert isinstance(acting, AtDesk), "only a desk serves these pages"
    return acting


# --- letting in -------------------------------------------------------------------------------------------------------


@get("/enter/{secret:str}", include_in_schema=False, sync_to_thread=False)
def enter(page: NamedDependency[Page], secret: FromPath[str]) -> Redirect:
    """Lets in who has the address that was shown when the desk was opened; a cookie stands for it afterwards."""
    acting = at_desk(page)
    if acting.secret is None or not hmac.compare_digest(secret.encode(), acting.secret.encode()):
        raise not_let_in()
    let_in = Cookie(key=desk_cookie(page.console), value=secret, path="/", httponly=True, samesite="strict")
    return Redirect("/", status_code=303, cookies=[let_in])


# --- the outbox -------------------------------------------------------------------------------------------------------


@get("/outbox", include_in_schema=False, sync_to_thread=True)
def outbox(page: NamedDependency[Page]) -> Answer[Any]:
    """Every act that was signed here, newest first: where it is, and what is known of it."""
    desk = at_desk(page).desk
    acts = desk.outbox.acts()[::-1]
    waiting = sum(queued.open for queued in acts)
    title = desk_words.on_the_way(page, waiting) if waiting else page.words.gettext("Nothing is on its way")
    table = Table(
        ("id", "act", "signed_at", "stage", "entry", "said"),
        [
            (
                queued.id,
                type(queued.statement.body).__name__,
                queued.statement.issued_at,
                queued.standing.stage,
                queued.standing.entry,
                desk_words.answered(page, queued.standing),
            )
            for queued in acts
        ],
    )
    taken = page.console.drafts.waiting_for(page.seat, page.state.seen)
    held = [
        draft for draft in page.console.drafts.standing.values()
        if draft.signed and draft not in taken and bytes.fromhex(draft.id) not in page.state.seen
    ]  # fmt: skip
    ids = {draft.id for draft in taken}
    asked = [one for one in at_desk(page).asked() if one.statement.id not in ids]
    unreadable = [*desk.outbox.damaged(), *page.console.drafts.damaged]
    return render(
        page, "desk/outbox.html", title=title, active="outbox", tables={"acts": table},
        acts=[(queued, said(page, queued)) for queued in acts], held=held, taken=taken, asked=asked,
        damaged=[say_error(page.words, problem) for problem in unreadable],
    )  # fmt: skip


def said(page: Page, queued: Queued) -> str:
    """What the act says, in a sentence."""
    statement = queued.statement
    return sentences.say_act(page.words, page.clauses, statement.body, statement.seat.partition("/")[0], page.state)


def queued_of(page: Page, id_: str) -> Queued:
    """An act of the outbox. Raises NotHere."""
    queued = at_desk(page).desk.outbox.get(id_)
    if queued is None:
        raise NotHere("there is no such act in the outbox")
    return queued


@get("/outbox/{id_:str}", include_in_schema=False, sync_to_thread=True)
def outbox_act(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Where one act is: waiting, promised, in the record as it was signed, or refused and why."""
    queued = queued_of(page, id_)
    titles = {
        "waiting": page.words.gettext("Signed, and waiting to be handed in"),
        "promised": page.words.gettext("Handed in; being read back"),
        "recorded": page.words.gettext("Recorded as entry %(n)s", n=page.number(queued.standing.entry or 0)),
        "refused": page.words.gettext("The server refused it"),
        "displaced": page.words.gettext("Another act entered under its id"),
    }
    return render(
        page, "desk/act.html", title=titles[queued.standing.stage], active="outbox",
        data={"id": queued.id, "standing": queued.standing}, queued=queued, said=said(page, queued),
    )  # fmt: skip


@get("/outbox/{id_:str}/act.json", include_in_schema=False, sync_to_thread=True)
def outbox_file(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[bytes]:
    """The signed act as a file, to be carried where no network goes and submitted there."""
    return act_file(queued_of(page, id_).signed, id_)


def act_file(signed: Signed, id_: str) -> Answer[bytes]:
    """A signed act to be saved."""
    headers = {"content-disposition": f'attachment; filename="act-{id_}.json"'}
    return Answer(signed.to_json() + b"\n", media_type="application/json", headers=headers)


@post("/outbox/{id_:str}/drop", include_in_schema=False, status_code=303, sync_to_thread=True)
def outbox_drop(page: NamedDependency[Page], id_: FromPath[str]) -> Redirect:
    """Takes back an act that was never handed in, or was refused. Raises Refused for another."""
    at_desk(page).desk.outbox.drop(queued_of(page, id_).id)
    return Redirect(page.link("/outbox"), status_code=303)


# --- the second signatory's turn --------------------------------------------------------------------------------------


@get("/act/held/{id_:str}/act.json", include_in_schema=False, sync_to_thread=True)
def held_file(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[bytes]:
    """An act that still lacks a signature, for the other seat's desk."""
    draft = page.console.drafts.get(id_)
    if draft is None or not draft.signed:
        raise NotHere("there is no such act that waits for a signature")
    return act_file(Signed(draft.envelope, draft.blobs), id_)


@get("/act/held/{id_:str}/qr", include_in_schema=False, sync_to_thread=True)
def held_qr(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The same as a QR code, for a desk that no network and no stick reaches: its scanner types the act in."""
    draft = page.console.drafts.get(id_)
    if draft is None or not draft.signed:
        raise NotHere("there is no such act that waits for a signature")
    text = Signed(draft.envelope, draft.blobs).to_json().decode()
    code = qr("", text) if len(text) <= MOST_IN_QR else None
    return render(
        page, "desk/qr.html", title=page.words.gettext("Read this at the other seat’s desk"), active="outbox",
        data={"act": msgspec.Raw(text.encode())}, draft=draft, code=code, size=len(text), most=MOST_IN_QR,
    )  # fmt: skip


@post("/act/held/{id_:str}/leave", include_in_schema=False, status_code=303, sync_to_thread=True)
def leave_held(page: NamedDependency[Page], id_: FromPath[str]) -> Redirect:
    """Leaves an act that lacks a signature with the server, for the other seat's desk to find."""
    draft, remote = page.console.drafts.get(id_), at_desk(page).desk.remote
    if draft is None or not draft.signed:
        raise NotHere("there is no such act that waits for a signature")
    if remote is None:
        raise Conflict("this desk follows files that were carried to it: there is no server to leave the act with")
    leave(remote, Signed(draft.envelope, draft.blobs))
    return Redirect(page.link(f"/act/check/{id_}", left="1"), status_code=303)


@post("/act/asked/{id_:str}", include_in_schema=False, status_code=303, sync_to_thread=True)
def take_asked(page: NamedDependency[Page], id_: FromPath[str]) -> Redirect:
    """Takes in an act that another seat left with the server, to be read and signed here."""
    found = next((one for one in at_desk(page).asked() if one.statement.id == id_), None)
    if found is None:
        raise NotHere("no such act asks for this seat's signature (any more)")
    page.console.drafts.keep(draft_from(found))
    return Redirect(page.link(f"/act/check/{id_}"), status_code=303)


@get("/act/bring", include_in_schema=False, sync_to_thread=False)
def bring(page: NamedDependency[Page]) -> Answer[Any]:
    """The form by which an act comes in from another desk of the same party."""
    return _bring(page, None)


def _bring(page: Page, problem: Malformed | Refused | None) -> Answer[Any]:
    require_seat(page)
    because = say_error(page.words, problem, page.clauses) if problem is not None else ""
    if isinstance(problem, Refused):
        because = say_refusal(page.words, page.clauses, problem)
    return render(
        page, "desk/bring.html", title=page.words.gettext("Bring in an act from another desk"), active="outbox",
        status=422 if problem else 200, because=because,
    )  # fmt: skip


@post("/act/bring", include_in_schema=False, status_code=303)
async def brought(page: NamedDependency[Page]) -> Answer[Any]:
    """Takes the act in: to be checked and signed here, or, when nothing lacks, to be handed in."""
    given = await filled.read(page.request)
    data = given.file or (given.texts.get("act") or [""])[-1].encode()
    try:
        draft = from_elsewhere(page, data)
    except (Malformed, Refused) as problem:
        return _bring(page, problem)
    if receipt := receipt_of(page, draft.id):
        return receipt
    if len(draft.signed) >= draft.needed:
        at_desk(page).desk.submit(Signed(draft.envelope, draft.blobs))
        return Redirect(page.link(f"/outbox/{draft.id}"), status_code=303)
    page.console.drafts.keep(draft)
    return Redirect(page.link(f"/act/check/{draft.id}"), status_code=303)


def from_elsewhere(page: Page, data: bytes) -> Draft:
    """The draft in a file of another desk. Raises Malformed, or Refused when it is not for this record and party."""
    seat = page.state.parties.seats[require_seat(page)]
    if not data.strip():
        raise Malformed("nothing was brought in: choose the file of the act, or paste its text")
    found = read_awaiting(page.clauses, page.state, read_signed(data, page.words.gettext("what was brought in")))
    if found.party != seat.party:
        raise Refused(
            "record/seat", "the act speaks for {who}; this desk is of {party}", who=found.party, party=seat.party
        )
    return draft_from(found)


def draft_from(found: Awaiting) -> Draft:
    """The draft of an act that another seat began."""
    return Draft(
        found.statement.id, found.statement, found.signed.blobs, found.needed, found.provision, "", found.signers,
        found.signed.envelope,
    )  # fmt: skip


# --- how the desk stands ----------------------------------------------------------------------------------------------


@get("/desk", include_in_schema=False, sync_to_thread=True)
def standing(page: NamedDependency[Page]) -> Answer[Any]:
    """What this desk follows, what it verified, what it doubts, and what it holds as evidence."""
    acting = at_desk(page)
    copy = acting.desk.copy
    newest = copy.newest()
    found = evidence.kept(copy.folder)
    title = page.words.ngettext(
        "%(num)s entry held and recomputed on this machine",
        "%(num)s entries held and recomputed on this machine",
        copy.size,
    )
    return render(
        page, "desk/standing.html", title=title, active="desk",
        data={
            "server": acting.desk.follower.source.name, "entries": copy.size, "key": copy.known.log,
            "key_known_from_elsewhere": copy.known.trusted, "doubts": copy.known.doubts,
            "evidence": [path.name for path, _ in found], "missing_attachments": copy.known.wanted,
        },
        standing=acting.standing(), server=acting.desk.follower.source.name, copy=copy, evidence=found,
        covered=newest[1].checkpoint.size if newest else 0,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    enter, outbox, outbox_act, outbox_file, outbox_drop, held_file, held_qr, leave_held, take_asked, bring, brought,
    standing,
]  # fmt: skip
