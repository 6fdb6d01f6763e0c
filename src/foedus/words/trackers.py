"""What kinds, stages and groups of donors are called in what trackers say. Tables of words only."""

from __future__ import annotations

from foedus.words import mark

KINDS = {
    "military": mark("military"),
    "financial": mark("financial"),
    "humanitarian": mark("humanitarian"),
    "arms": mark("arms transfers"),
    "industry": mark("defence industry"),
    "intelligence": mark("intelligence support"),
    "training": mark("training missions"),
    "exercises": mark("joint exercises"),
    "air-defence": mark("air and missile defence"),
    "infrastructure": mark("infrastructure"),
    "technical": mark("technical support"),
    "informational": mark("informational support"),
    "reconstruction": mark("reconstruction"),
    "black-sea": mark("Black Sea security"),
    "unspecified": mark("kind not stated"),
}
STAGES = {
    "pledged": mark("pledged"),
    "committed": mark("committed"),
    "scheduled": mark("scheduled"),
    "allocated": mark("allocated"),
    "delivered": mark("delivered"),
    "returned": mark("returned"),
}
GROUPS = {
    "eu-members": mark("Members of the EU"),
    "eu-institutions": mark("EU institutions"),
    "others": mark("Other donors"),
}
INSTITUTIONS = {
    "EUE": mark("EU (Commission and Council)"),
    "EPF": mark("European Peace Facility"),
    "EIB": mark("European Investment Bank"),
}
# What a source printed itself, and its rows may contradict.
FIGURES = {"total": mark("the total"), **{kind: KINDS[kind] for kind in ("military", "financial", "humanitarian")}}
BASES = {
    "reported": mark("as the source reports it"),
    "price_list": mark("by a list of prices"),
    "estimate": mark("an estimate"),
    "none": mark("how it was found is not stated"),
}
STANDINGS = {
    "counted": mark("counted in totals"),
    "detail": mark("part of what another row counts"),
    "evidence": mark("somebody else’s word for the same thing; not counted"),
}
# Policies by which amounts become euros when they are read.
POLICIES = {
    "source": mark("as the source converted, else in the currency stated"),
    "ecb": mark("as the source converted, what it did not at the rate of the day"),
    "release_rate": mark("one rate for everything"),
    "event_date": mark("the European Central Bank’s rate of the day on which it happened"),
    "budget_rate": mark("the rate of each year’s budget"),
    "constant_prices": mark("the rate of the day, in the prices of one year"),
}
