"""What codes of commitments are called: kinds, bases, grounds, stages. Tables of words only."""

from __future__ import annotations

from foedus.words import mark

KINDS = {
    "arms_transfers": mark("transfers of weapons"),
    "defence_industry": mark("investment in the defence industry"),
    "intelligence": mark("intelligence support"),
    "training": mark("training"),
    "joint_exercises": mark("joint exercises"),
    "air_missile_defence": mark("air and missile defence"),
    "military": mark("military support"),
    "financial": mark("financial support"),
    "infrastructural": mark("infrastructure"),
    "technical": mark("technical support"),
    "informational": mark("informational support"),
    "reconstruction": mark("reconstruction"),
    "black_sea": mark("security in the Black Sea"),
    "humanitarian": mark("humanitarian aid"),
    "sanctions_kept": mark("keeping up sanctions"),
    "own_defence": mark("own defence"),
    "mixed": mark("support not divided by kind"),
    "measure": mark("a measure decided on"),
}
BASES = {
    "fixed": mark("exactly"),
    "at_least": mark("at least"),
    "up_to": mark("at most"),
    "share_of_gdp": mark("as a share of GDP"),
    "units": mark("in number"),
    "effort": mark("as an effort"),
    "per_request": mark("on request"),
}
BINDINGS = {
    "legal": mark("owed by law"),
    "political": mark("owed politically"),
    "intention": mark("an intention"),
}
ORIGINS = {
    "stock": mark("from stock"),
    "new_procurement": mark("newly procured"),
    "third_party_funded": mark("paid by a third party"),
    "swap": mark("in exchange"),
}
STAGES = {
    "committed": mark("committed"),
    "scheduled": mark("scheduled"),
    "allocated": mark("allocated"),
    "delivered": mark("delivered"),
    "received": mark("received"),
    "verified": mark("verified"),
}
DISPUTES = {
    "not_received": mark("nothing came"),
    "short": mark("less came"),
    "damaged": mark("it came damaged"),
    "other_item": mark("another item came"),
}
RETURNS = {
    "loan_ended": mark("the loan ended"),
    "repair": mark("for repair"),
    "surplus": mark("not needed"),
    "exchanged": mark("exchanged"),
    "wrong_item": mark("the wrong item"),
}
TRANSFERS = {
    "refund": mark("a refund"),
    "share": mark("a share in a common fund"),
    "joint_purchase": mark("a joint purchase"),
}
CHECKS = {"independent": mark("by independent evidence"), "audited": mark("by audit")}
PERIODS = {"year": mark("every year"), "quarter": mark("every quarter"), "month": mark("every month")}
TRANSPORTS = {"air": mark("by air"), "rail": mark("by rail"), "road": mark("by road"), "sea": mark("by sea")}
