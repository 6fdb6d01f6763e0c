"""What a table of claims is held against, and by which rule money is shared out: only data, read strictly.

The same values come from a file of their own or from the clauses of a compact. Money is a whole number of cents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from foedus.errors import Malformed

Code = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{0,2}(\.[0-9]{1,2}){0,2}\Z")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Money = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,12})(\.[0-9]{2})?\Z")]
Share = Annotated[str, Meta(pattern=r"^(0|1|0?\.[0-9]{1,9}|[1-9][0-9]{0,8}/[1-9][0-9]{0,8})\Z")]
Clause = Annotated[str, Meta(min_length=1, max_length=128)]
RATE_DECIMALS = 10
# No amount is above: ten million million. So shares of up to 4.6e18 cents are exact in 64 bits.
MOST_CENTS = 10**15


class _Data(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of what is read: no field may be misspelt into silence."""


class Category(_Data, frozen=True):
    """A category of the register. `confirmed`: whether its code was seen in a source."""

    code: Code
    confirmed: bool = True


class Eligibility(_Data, frozen=True):
    """Which claims may be taken in, by which clause: damage `since` a day, in one of `places`, of a known category.

    A place is a code of its own or lies in one: `UA-63` is that oblast, `UA` the whole country.
    """

    clause: Clause
    since: date
    places: tuple[str, ...]
    categories: tuple[Category, ...]


class Step(_Data, frozen=True):
    """One step of a distribution, for claims of these categories (`A` means A2.1 as well).

    `fixed`: this sum for each claim, whatever its amount. Otherwise each claim's amount, or up to `cap` of it, counted
    over every step. What an earlier step or run paid on it counts. Where the money is less than that, all get the same
    share of it. `at_most`: of the money, the share that this step may spend.
    """

    categories: Annotated[tuple[Code, ...], Meta(min_length=1)]
    fixed: Money | None = None
    cap: Money | None = None
    at_most: Share | None = None


class Distribution(_Data, frozen=True):
    """The rule by which a fund is shared out: steps in order of priority, and the share kept in `reserve`."""

    clause: Clause
    currency: Currency
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=16)]
    reserve: Share = "0"


class Rules(_Data, frozen=True):
    """What a file of rules holds."""

    eligibility: Eligibility
    distribution: Distribution


def cents(amount: str) -> int:
    """A sum as cents: `12.30` is 1230."""
    return int(Decimal(amount).scaleb(2))


def shown(amount_cents: int) -> str:
    """Cents as a sum: 1230 is `12.30`."""
    sign, whole = ("-" if amount_cents < 0 else ""), abs(amount_cents)
    return f"{sign}{whole // 100}.{whole % 100:02}"


def belongs(code: str, to: tuple[str, ...]) -> bool:
    """Whether a code is one of these or below one of them: A2.1 is below A2 and A, and A21 is not below A2."""
    return any(code == one or (code.startswith(one) and (len(one) == 1 or code[len(one)] == ".")) for one in to)


def checked(rules: Rules) -> Rules:
    """The rules, when every step can be taken. Raises Malformed."""
    rule = rules.distribution
    if Fraction(rule.reserve) > 1 or any(Fraction(step.at_most or 0) > 1 for step in rule.steps):
        raise Malformed("{clause}: a share above the whole was found", clause=rule.clause)
    for number, step in enumerate(rule.steps, 1):
        if step.fixed is not None and step.cap is not None:
            raise Malformed(
                "{clause}, step {step}: a fixed sum or a cap was expected, found both", clause=rule.clause, step=number
            )
    return rules


def read_rules(path: Path) -> Rules:
    """Rules from a YAML or JSON file. Raises Malformed."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return checked(msgspec.convert(YAML(typ="safe").load(path.read_text("utf-8")), Rules))
    # Of a value that is none of its tag, as the day 2026-13-45, ruamel lets Python's own errors out.
    except (YAMLError, ValueError, LookupError, RecursionError, msgspec.ValidationError) as problem:
        said = " ".join(str(problem).split())
        raise Malformed("{path}: no rules for claims: {problem}", path=path, problem=said) from None


class Rates(Struct, frozen=True):
    """Units of the fund's currency for one unit of each currency, in whole numbers of 10^-10; their file's digest."""

    scaled: Mapping[str, int]
    digest: str

    def known(self, currency: str) -> frozenset[str]:
        """Currencies that can be turned into this one."""
        return frozenset(self.scaled) | {currency}


NO_RATES = Rates({}, sha256(b"").hexdigest())
_RATE = re.compile(r"([A-Z]{3}),((?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,10})?)")


def read_rates(path: Path) -> Rates:
    """Rates from a CSV file `currency,rate` with decimal rates. Raises Malformed with the line."""
    data = path.read_bytes()
    scaled: dict[str, int] = {}
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if number == 1 and line == "currency,rate":
            continue
        fits = _RATE.fullmatch(line)
        if fits is None or fits[1] in scaled or not Decimal(fits[2]):
            raise Malformed(
                "{path}, line {line}: {found!r}: a currency and its rate such as UAH,0.0207 were expected, each once",
                path=path, line=number, found=line[:80],
            )  # fmt: skip
        scaled[fits[1]] = int(Decimal(fits[2]).scaleb(RATE_DECIMALS))
    return Rates(scaled, sha256(data).hexdigest())
