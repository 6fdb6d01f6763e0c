"""The part of the exercise about commitments: the real sums of the bilateral agreements, and a story of fictional
parties.

A sum is entered as its agreement's file has it, by the party that named it; what a source does not say is left out, and
what binds nobody is an intention. No state's delivery is played: tranches, packages, deliveries, a dispute and a
return are of fictional parties alone, and what is needed is invented. That is so of offers and of consent too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from foedus.acts import Attachment, Body
from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.compact.clauses import Clauses
from foedus.compact.model import Agreement, Sum
from foedus.depositary import Depositary
from foedus.response.acts import Evidence
from foedus.signing import attach
from foedus.vintages import keep_products

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS: dict[str, acts.Kind] = {
    "military": "military", "humanitarian": "humanitarian", "training": "training", "mixed": "mixed",
    "macro_financial": "financial", "air_defence": "air_missile_defence", "aircraft": "arms_transfers",
    "non_lethal": "mixed",
}  # fmt: skip
BASES: dict[str, acts.Basis] = {
    "fixed": "fixed", "at_least": "at_least", "up_to": "up_to", "envelope": "fixed", "percent_of_gdp": "share_of_gdp",
    "units": "units", "intention": "effort",
}  # fmt: skip
BINDINGS: dict[str, acts.Binding] = {"legal": "legal", "political": "political", "recommendation": "intention"}
# Sums that the notes of the agreements' own files call the same as another one of them, or a part of it, by place.
SAID_AGAIN: dict[str, tuple[tuple[int, acts.Link, int], ...]] = {
    "ukr-deu-2024": ((2, "repeats", 1),),
    "ukr-dnk-2024": ((3, "repeats", 2),),
    "ukr-ltu-2024": ((2, "repeats", 1),),
    "ukr-lva-2024": ((2, "repeats", 1),),
    "ukr-nor-2024": ((3, "repeats", 2), (1, "fulfils", 2)),
}
# What shares are measured by: real figures of the states that the Kyiv text names, to the dollar. Of population and of
# defence spending nothing with a source is at hand, and the pages say so.
GDP, WORLD_BANK = "gdp.csv", "World Bank, GDP in current US dollars (NY.GDP.MKTP.CD), 2021–2023, CC BY 4.0"


class Stage(Protocol):
    """What this part needs of the exercise that is being built."""

    depositary: Depositary
    clauses: Clauses
    named: list[str]
    fictional: list[str]
    protected: str
    at: Any

    def do(
        self, seat: str, body: Body, *also: str, attachments: tuple[tuple[Attachment, bytes, bytes], ...] = ()
    ) -> None:
        """Perform one act now."""

    def plan(self, at: Any, seat: str, body: Any, *also: str, **more: Any) -> None:
        """Perform an act at a later moment."""

    def play(self, until: Any, what: str) -> None:
        """Perform everything planned until a moment."""


def play(stage: Stage) -> None:
    """Sums of agreements, then the story of what is late, short, disputed, given back and said twice."""
    start = stage.at
    number = 0
    for agreement in stage.clauses.compact.agreements:
        for body, party in undertakings(agreement, stage.protected):
            if party in stage.named:
                stage.plan(start + number * HOUR / 4, f"{party}/foreign", body)
                number += 1
    stage.play(start + DAY, "sums of agreements")
    _linked(stage)
    _story(stage)
    _needs(stage)
    stage.play(start + 10 * DAY, "commitments")
    data = Path(__file__).with_name(GDP).read_bytes()
    keep_products(stage.depositary.store, stage.at, GDP, data, WORLD_BANK)


def _linked(stage: Stage) -> None:
    """What is said twice counts once."""
    known = {
        (one.terms.agreement, one.terms.clause): one
        for one in stage.depositary.state.commitments.obligations.values()
        if one.terms is not None
    }
    for agreement, links in SAID_AGAIN.items():
        for pledge, link, other in links:
            one = known[agreement, f"sums.{pledge}"]
            stage.do(f"{one.party}/foreign", acts.LinkPledge(one.id, link, known[agreement, f"sums.{other}"].id))


def undertakings(agreement: Agreement, protected: str) -> Iterator[tuple[acts.UndertakeObligation, str]]:
    """Each sum of a bilateral agreement as an obligation of the party that is not protected."""
    others = [one.party for one in agreement.parties if one.party != protected]
    if agreement.kind != "bilateral" or len(others) != 1:
        return
    for place, said in enumerate(agreement.sums):
        binding = "intention" if said.basis == "intention" else BINDINGS[agreement.force]
        starts = said.period_from or (agreement.signed if said.yearly else None)
        yield (
            acts.UndertakeObligation(
                agreement.id, f"sums.{place + 1}", KINDS[said.kind], BASES[said.basis], _quantity(said), binding,
                protected, starts, said.period_to, "year" if said.yearly else None,
            ),
            others[0],
        )  # fmt: skip


def _quantity(said: Sum) -> Quantity:
    """The sum in its unit; a thing's name as a code. Undisclosed where no amount was found."""
    if said.currency is not None:
        return Quantity(said.currency, said.amount)
    return Quantity(said.thing_code, said.amount)


def _story(stage: Stage) -> None:
    """One fictional party is late and short, the other disputed; a pledge is said twice, a cost taken over."""
    one, payer, other, second = stage.fictional[:4]
    start, first = stage.at, stage.depositary.state.commitments.undertaken + 1
    day, ukr = start.date(), stage.protected
    late, short, again = f"O-{first}", f"O-{first + 1}", f"O-{first + 2}"
    guns, soldiers = partial(Quantity, "howitzer"), partial(Quantity, "soldier")
    cost, price = Quantity("EUR", "24000000", valued="estimate"), Quantity("EUR", "900000")
    arms = _owed(stage, "P2.arms", "arms_transfers", guns("12"))
    package = acts.Allocate(f"{late}/T-1", guns("8"), "stock", one, one, one, cost)
    course = acts.Allocate(f"{short}/T-1", soldiers("300"), "third_party_funded", payer, second, other, price)
    steps: list[tuple[int, str, Any]] = [
        (1, f"{one}/defence", arms),
        (2, f"{second}/defence", _owed(stage, "P2.training", "training", soldiers("300"))),
        (3, f"{one}/defence", arms),
        (4, f"{one}/defence", acts.LinkPledge(again, "repeats", late)),
        (5, f"{one}/defence", acts.ScheduleTranche(late, guns("8"), day + DAY, 1)),
        (6, f"{one}/defence", acts.ScheduleTranche(late, guns("4"), day + 120 * DAY, 14)),
        (7, f"{second}/defence", acts.ScheduleTranche(short, soldiers("300"), day + 90 * DAY, 30)),
        (8, f"{one}/defence", package),
        (9, f"{second}/defence", course),
        (10, f"{payer}/foreign", acts.TransferFunding(one, Quantity("EUR", "6000000"), "refund", f"{late}/T-1/A-1")),
        (80, f"{one}/defence", acts.ReportDelivery(f"{late}/T-1/A-1", guns("8"), day + 3 * DAY)),
        (90, f"{ukr}/defence", acts.ConfirmReceipt(f"{late}/T-1/A-1/D-1")),
        (100, f"{other}/defence", acts.ReportDelivery(f"{short}/T-1/A-1", soldiers("120"), day + 4 * DAY)),
        (110, f"{ukr}/duty", acts.DisputeReceipt(f"{short}/T-1/A-1/D-1", "short", soldiers("90"))),
        (130, f"{ukr}/defence", acts.ReturnDelivery(f"{late}/T-1/A-1/D-1", guns("1"), "repair")),
    ]
    for hours, seat, body in steps:
        stage.plan(start + hours * HOUR, seat, body)
    report = attach(b"EXERCISE. Placeholder for a report of inspection; the content is invented.\n", "evidence")
    evidence = (Evidence(report[0].digest, "fictional-office", start + 119 * HOUR, "report"),)
    verified = acts.VerifyDelivery(f"{short}/T-1/A-1/D-1", "independent", evidence, Quantity("soldier", "100"))
    stage.plan(start + 120 * HOUR, f"{payer}/defence", verified, attachments=(report,))


def _owed(stage: Stage, clause: str, kind: acts.Kind, quantity: Quantity) -> acts.UndertakeObligation:
    return acts.UndertakeObligation(
        stage.clauses.compact.id, clause, kind, "units", quantity, "legal", stage.protected, stage.at.date()
    )


def _needs(stage: Stage) -> None:
    """What is needed, and an offer that waits for the consent of the fictional state that made it."""
    start, ukr = stage.at, stage.protected
    one, maker, other = stage.fictional[:3]
    day = start.date() + 180 * DAY
    stage.plan(start + 1 * HOUR, f"{ukr}/defence", acts.StateRequirement("artillery", "howitzer", "20", "40", day, 1))
    stage.plan(start + 2 * HOUR, f"{ukr}/defence", acts.StateRequirement("training", "soldier", "250", "400", day, 2))
    ready = start.date() + 60 * DAY
    offer = acts.OfferSupply("artillery", Quantity("howitzer", "10"), ready, ("rail", "road"), maker)
    stage.plan(start + 3 * HOUR, f"{other}/defence", offer)
    stage.plan(start + 4 * HOUR, f"{other}/defence", lambda: acts.RequestReexport("F-1", start + 60 * DAY))
    stage.plan(start + 5 * HOUR, f"{one}/defence", acts.OfferSupply(
        "artillery", Quantity("howitzer", "4"), ready, ("rail",)))  # fmt: skip
