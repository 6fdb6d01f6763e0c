"""Acting as a seat, in an exercise or at a desk: options → form → check your answers → sign → receipt.

Only what `rules.options` offers can be begun here. What is signed is exactly the bytes shown. The demo keys of an
exercise lie on its server, a party's keys at its own desks; a live record's console shows none of these pages.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from litestar import Response as Answer
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from foedus import rules
from foedus.acts import Body, Statement, decode_entry, decode_statement, encode_statement
from foedus.errors import Conflict, Refused
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, pae
from foedus.record.keys import SigningKey
from foedus.signing import countersign, sign, statement_for
from foedus.submission import Signed
from foedus.web import answers, board, duties, filled, offered, questions, spoken
from foedus.web.about import about
from foedus.web.drafts import Draft
from foedus.web.fields import Field
from foedus.web.frame import Table, render
from foedus.web.moments import iso
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words import bodies, sentences
from foedus.words.failures import say_refusal

_is_id = re.compile(r"[0-9a-f]{32}").fullmatch


def require_seat(page: Page) -> str:
    """The reader's seat. Raises NotHere where nobody may act here, Refused without a chosen seat."""
    acting = page.console.acting
    if acting is None:
        raise NotHere("acts enter a live record signed from a desk or the command line")
    if page.seat is None and acting.chooses:
        raise Refused("record/seat", "no seat is chosen: choose the seat for which you act")
    if page.seat is None:
        raise Refused("record/seat", "the key of this desk speaks for no seat of this record, or was revoked")
    return page.seat.id


# --- what the seat may do ---------------------------------------------------------------------------------------------


@get("/act", include_in_schema=False, sync_to_thread=False)
def acting(page: NamedDependency[Page]) -> Answer[Any]:
    """Everything the seat may do now: what is asked first, then what is open to it, by kind."""
    require_seat(page)
    offers = duties.offers(page, page.query.get("about"))
    held = list(duties.held(page))
    asked = [*held, *(offer for offer in offers if offer.asked)]
    others: dict[str, list[duties.Offer]] = {}
    for offer in offers:
        if not offer.asked:
            others.setdefault(offer.words, []).append(offer)
    table = Table(
        ("act", "what", "asked", "due", "provision", "signatures", "address"),
        [
            (o.act, o.title, o.asked, o.due, o.provision, o.signatures, o.href)
            for o in [*asked, *offers]
            if o in asked or not o.asked
        ],
    )
    title = page.words.ngettext(
        "%(num)s act is open to this seat", "%(num)s acts are open to this seat", len(table.rows)
    )
    return render(
        page, "act/list.html", title=title, tables={"acts": table}, data={"seat": page.seat.id if page.seat else None},
        asked=asked, others=others,
    )  # fmt: skip


# --- the form ---------------------------------------------------------------------------------------------------------


def option(page: Page, name: str) -> tuple[rules.Option, dict[str, tuple[str, ...]]]:
    """The option an address names, with what its like offer in the fields in which they differ. Raises Refused."""
    seat = require_seat(page)
    found = [
        option
        for option in offered.offered(page, seat, about(page, name))
        if type(option.body).__name__ == name and _matches(option.body, page.query)
    ]
    if not found:
        raise Refused("record/option", "this act is not open to {seat} now; its page shows what is", seat=seat)
    differ: dict[str, tuple[str, ...]] = {}
    for field in ("stance", "choice", "level", "to", "part"):
        said = [getattr(option.body, "said", option.body) for option in found]
        if hasattr(said[0], field):
            differ[field] = tuple(dict.fromkeys(getattr(one, field) for one in said))
    return found[0], differ


def _matches(body: Body, query: dict[str, str]) -> bool:
    """Whether the address is this option's own: `response=R-1` is not `response=R-1&menu=repair`."""
    told = duties.told_by(body)
    return told == {name: value for name, value in query.items() if name in duties.TELLING}


@get("/act/{name:str}", include_in_schema=False, sync_to_thread=False)
def form(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """The form of an act, prefilled as `options` offers it; of another's words, first whose and about what."""
    if name == spoken.ACT and (asked := _asked_first(page)):
        return asked
    found, differ = option(page, name)
    return _form(page, found, questions.questions(page, found.body, differ), {}, ())


def _asked_first(page: Page) -> Answer[Any] | None:
    """The page on which is chosen whose words are entered; None once what was chosen may be."""
    require_seat(page)
    permitted = spoken.permitted(page)
    if permitted is None:
        return None  # refused as any act that is not open to the seat
    chosen = {"seat", "subject"} <= page.query.keys()
    problem = spoken.why_not(page) if chosen else ""
    if chosen and not problem:
        return None
    choosing = spoken.choosing(page, permitted[0].id, problem)
    title = page.words.gettext("Enter what a seat said by telephone or on paper")
    return render(
        page, "act/spoken.html", title=title, status=422 if problem else 200, data=choosing, choosing=choosing
    )  # fmt: skip


def _form(
    page: Page, found: rules.Option, fields: list[Field], given: dict[str, list[str]],
    problems: tuple[answers.Problem, ...],
) -> Answer[Any]:  # fmt: skip
    body = found.body
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.group or field.name, []).append(field)
    return render(
        page,
        "act/form.html",
        title=duties.what_is_asked(page, body),
        status=422 if problems else 200,
        data={"act": type(body).__name__, "prefilled": body, "problems": problems},
        option=found,
        groups=groups,
        given=given,
        problems=problems,
        faults={problem.field: problem.words for problem in problems},
        text=duties.why(page, body, page.state.response.responses.get(duties.response_of(page, body))),
        multipart=any(field.kind == "file" for field in fields),
    )


@post("/act/{name:str}", include_in_schema=False, status_code=303)
async def fill(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """Reads the form. With problems it comes back; without, the statement is made, to be checked and then signed."""
    found, differ = option(page, name)
    fields = questions.questions(page, found.body, differ)
    given = await filled.read(page.request)
    read = answers.read(page, fields, given.texts)
    attached, problems = filled.attachments(page, fields, given)
    problems = (*read.problems, *problems)
    if problems:
        return _form(page, found, fields, given.texts, problems)
    body, faults = filled.body(page, found.body, read.changes, attached)
    if body is None:
        return _form(page, found, fields, given.texts, faults)
    seat = require_seat(page)
    statement = statement_for(
        page.state, seat, body, page.clock_now, attachments=[item.attachment for item in attached]
    )
    draft = Draft(
        statement.id,
        statement,
        tuple((item.salt, item.content) for item in attached),
        found.signatures,
        found.provision,
        str(page.request.url.path) + (f"?{page.request.url.query}" if page.request.url.query else ""),
    )
    page.console.drafts.keep(draft)
    return Redirect(page.link(f"/act/check/{draft.id}"), status_code=303)


# --- check your answers, sign -----------------------------------------------------------------------------------------


def draft_of(page: Page, id_: str) -> Draft:
    """A draft of the reader's party. Raises NotHere."""
    require_seat(page)
    draft = page.console.drafts.get(id_)
    if draft is None or page.seat is None or draft.party != page.seat.party:
        raise NotHere("this draft is gone, or is not of your party; fill in the form again")
    return draft


@get("/act/check/{id_:str}", include_in_schema=False, sync_to_thread=False)
def check(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The exact text, its digest, what would follow, its effect, and what can be undone; below it the one button.

    Leads to the receipt once the act is in the record, whoever gave the last signature; to the outbox on its way there.
    """
    if signed_already := after_signing(page, id_):
        return signed_already
    return _check(page, draft_of(page, id_), None)


def receipt_of(page: Page, id_: str) -> Redirect | None:
    """The way to an act's receipt; None while it is not in the record."""
    entry = page.state.seen.get(bytes.fromhex(id_)) if _is_id(id_) else None
    return None if entry is None else Redirect(page.link(f"/act/receipt/{entry}"), status_code=303)


def after_signing(page: Page, id_: str) -> Redirect | None:
    """Where an act is told of that nobody here has to sign any more; None while it is a draft, or unknown."""
    acting = page.console.acting
    if receipt := receipt_of(page, id_):
        return receipt
    if page.console.drafts.get(id_) is None and acting is not None and acting.on_its_way(id_):
        return Redirect(page.link(f"/outbox/{id_}"), status_code=303)
    return None


def _check(page: Page, draft: Draft, refused: Refused | None) -> Answer[Any]:
    statement, seat = draft.statement, require_seat(page)
    payload = encode_statement(statement)
    events: tuple[Any, ...] = ()
    if refused is None:
        try:
            events = page.depositary.try_act(statement, signers(page, draft))
        except Refused as problem:
            refused = problem
    others = [
        s
        for s in page.state.parties.seats.values()
        if s.party == draft.party and s.id not in draft.signed and not s.revoked
    ]
    said = sentences.say_act(page.words, page.clauses, statement.body, draft.party, page.state)
    return render(
        page,
        "act/check.html",
        status=403 if refused else 200,
        title=page.words.gettext("Check before you sign"),
        data={
            "statement": msgspec.Raw(payload),
            "sha256": digest(payload),
            "signed": draft.signed,
            "needed": draft.needed,
        },
        draft=draft,
        said=said,
        statement=statement,
        rows=bodies.rows(board.names(page), statement.body, page.state, page.all_zones),
        payload=payload.decode(),
        sha256=digest(payload),
        size=len(payload),
        events=followed(page, events),
        refused=refused,
        because=say_refusal(page.words, page.clauses, refused) if refused else "",
        mine=seat in draft.signed,
        others=others,
        left=draft.needed - len(draft.signed),
        pae_sha256=digest(pae(EXERCISE_ACT_TYPE if page.exercise else ACT_TYPE, payload)),
        demo=page.console.acting is not None and page.console.acting.chooses,
    )


def digest(data: bytes) -> str:
    """SHA-256, lower-case hex."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


def signers(page: Page, draft: Draft) -> tuple[str, ...]:
    """Who would have signed once all needed signatures are there: the speaker first, then others of the party."""
    others = [s.id for s in page.state.parties.seats.values() if s.party == draft.party and s.revoked is None]
    mine = page.seat.id if page.seat else ""
    ordered = dict.fromkeys([draft.statement.seat, *draft.signed, mine, *others])
    return tuple(ordered)[: draft.needed]


def followed(page: Page, events: tuple[Any, ...]) -> list[tuple[str, str | None]]:
    """Events as sentences, each with the provision it cites."""
    return [
        (sentences.say_event(page.words, page.clauses, page.state, event), getattr(event, "provision", None))
        for event in events
    ]


@post("/act/check/{id_:str}", include_in_schema=False, status_code=303)
async def confirm(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Signs with the seat's key; the last signature needed sends the act to the depositary."""
    if signed_already := after_signing(page, id_):
        return signed_already
    draft = draft_of(page, id_)
    seat, acting = require_seat(page), page.console.acting
    assert acting is not None, "somebody acts here, or there is no seat"
    try:
        signed = signature(page, draft, acting.key_of(seat))
        if len(signed.signed) < signed.needed:
            page.console.drafts.keep(signed)
            return Redirect(page.link(f"/act/check/{draft.id}"), status_code=303)
        receipt = await asyncio.to_thread(acting.hand_in, Signed(signed.envelope, signed.blobs))
    except Refused as refused:
        return _check(page, draft, refused)
    page.console.drafts.drop(draft.id)
    following = f"/act/receipt/{receipt.entry}" if receipt else f"/outbox/{draft.id}"
    return Redirect(page.link(following), status_code=303)


def signature(page: Page, draft: Draft, key: SigningKey) -> Draft:
    """The draft with one more signature over the same bytes. Raises Conflict when the seat has signed already."""
    seat = require_seat(page)
    if seat in draft.signed:
        raise Conflict("this seat has signed already; another seat of its party must sign")
    if draft.signed:
        envelope = countersign(draft.envelope, key)
    else:
        envelope = sign(draft.statement, [key], exercise=page.exercise)
    return replace(draft, signed=(*draft.signed, seat), envelope=envelope)


@post("/act/drop/{id_:str}", include_in_schema=False, status_code=303, sync_to_thread=False)
def drop(page: NamedDependency[Page], id_: FromPath[str]) -> Redirect:
    """Gives up a draft. Nothing was recorded, and nothing is."""
    draft = draft_of(page, id_)
    page.console.drafts.drop(draft.id)
    return Redirect(page.link("/"), status_code=303)


# --- the receipt ------------------------------------------------------------------------------------------------------


def recorded(page: Page, number: int) -> tuple[Statement, Any]:
    """An entry and what was signed. Raises NotHere."""
    if not 0 <= number < page.state.size:
        raise NotHere("there is no entry {number}", number=number)
    entry = decode_entry(next(iter(page.depositary.record.entries(number, number + 1))))
    return decode_statement(entry.act.payload), entry


@get("/act/receipt/{number:int}", include_in_schema=False, sync_to_thread=False)
def receipt_page(page: NamedDependency[Page], number: FromPath[int]) -> Answer[Any]:
    """The entry an act became, what followed, and files to keep."""
    statement, entry = recorded(page, number)
    party = statement.seat.partition("/")[0]
    about = duties.response_of(page, statement.body) or _opened(entry.events)
    return render(
        page, "act/receipt.html", title=page.words.gettext("Recorded as entry %(n)s", n=page.number(number)),
        data=receipt_data(statement, entry, number), number=number, entry=entry, statement=statement,
        said=sentences.say_act(page.words, page.clauses, statement.body, party, page.state),
        events=followed(page, entry.events), about=about, board=board,
    )  # fmt: skip


def _opened(events: tuple[Any, ...]) -> str:
    """The response that these events opened or concern."""
    return next((str(event.response) for event in events if hasattr(event, "response")), "")


def receipt_data(statement: Statement, entry: Any, number: int) -> dict[str, Any]:
    """What the sender may rely on, as data."""
    return {
        "entry": number, "at": iso(entry.at), "act": statement.id, "seat": statement.seat,
        "payload_sha256": digest(entry.act.payload), "events": entry.events,
        "signed_by": [signature_.keyid for signature_ in entry.act.signatures],
    }  # fmt: skip


@get("/act/receipt/{number:int}/receipt.json", include_in_schema=False, sync_to_thread=True)
def receipt_file(page: NamedDependency[Page], number: FromPath[int]) -> Answer[Any]:
    """The receipt as a file: entry, time of receipt, digest, events, and the signed checkpoint that covers them."""
    statement, entry = recorded(page, number)
    record = page.state.parties.record
    data = {"record": record.origin if record else None, **receipt_data(statement, entry, number),
            "checkpoint": page.depositary.checkpoint().decode()}  # fmt: skip
    body = msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
    headers = {"content-disposition": f'attachment; filename="receipt-{number}.json"'}
    return Answer(body, media_type="application/json", headers=headers)


routes = [acting, form, fill, check, confirm, drop, receipt_page, receipt_file]
