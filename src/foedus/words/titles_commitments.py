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
# Units and capabilities that parties name and a compact has no word for; the plural, before a number and a colon.
THINGS = {
    "aircraft": mark("aircraft"),
    "air-defence": mark("air defence"),
    "ammunition": mark("ammunition"),
    "apc": mark("armoured personnel carriers"),
    "armour": mark("armour"),
    "artillery": mark("artillery"),
    "battery": mark("batteries"),
    "effort": mark("an effort without a number"),
    "exercise": mark("exercises"),
    "hour": mark("hours"),
    "howitzer": mark("howitzers"),
    "howitzer-155": mark("howitzers of 155 mm"),
    "ifv": mark("infantry fighting vehicles"),
    "interceptor": mark("interceptor missiles"),
    "mine-clearer": mark("mine clearing machines"),
    "missile": mark("missiles"),
    "mlrs": mark("multiple rocket launchers"),
    "percent-of-gdp": mark("percent of GDP"),
    "person-trained": mark("persons trained"),
    "radar": mark("radars"),
    "report": mark("reports"),
    "round": mark("rounds"),
    "soldier": mark("soldiers trained"),
    "tank": mark("tanks"),
    "training": mark("training"),
    "vehicle": mark("vehicles"),
    "vessel": mark("vessels"),
}
STAGES = {
    "intended": mark("intended"),
    "committed": mark("committed"),
    "scheduled": mark("scheduled"),
    "allocated": mark("allocated"),
    "delivered": mark("delivered"),
    "received": mark("received"),
    "verified": mark("verified"),
    "funded": mark("funded"),
}
# Accounts of the ledger: the stages, and where the first of them take from.
ACCOUNTS = {**STAGES, "promised": mark("promised"), "given": mark("given")}
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
PERIODS = {"year": mark("once a year"), "quarter": mark("once a quarter"), "month": mark("once a month")}
TRANSPORTS = {"air": mark("by air"), "rail": mark("by rail"), "road": mark("by road"), "sea": mark("by sea")}
LINKS = {
    "fulfils": mark("fulfils it"),
    "repeats": mark("says it again"),
    "supersedes": mark("takes its place"),
}
# The fields of acts of commitments, as whoever checks one reads them.
LABELS = {
    "agreement": mark("Agreement"),
    "clause": mark("Clause"),
    "basis": mark("How it is meant"),
    "quantity": mark("Quantity"),
    "binding": mark("How it binds"),
    "owed_to": mark("Owed to"),
    "ends_on": mark("To the end of"),
    "every": mark("Recurs"),
    "within_hours": mark("Hours from a request"),
    "obligation": mark("Obligation"),
    "met": mark("Met"),
    "due_on": mark("Due on"),
    "grace_days": mark("Days of grace"),
    "pledge": mark("Pledge"),
    "link": mark("How they belong together"),
    "under": mark("For"),
    "drawn_from": mark("Where it comes from"),
    "funder": mark("Funded by"),
    "supplier": mark("Supplied by"),
    "deliverer": mark("Delivered by"),
    "value": mark("Value"),
    "allocation": mark("Package"),
    "delivered_on": mark("Delivered on"),
    "delivery": mark("Delivery"),
    "level": mark("How it was verified"),
    "relieved": mark("Who is relieved"),
    "subject": mark("What is corrected"),
    "capability": mark("Capability"),
    "unit": mark("Unit"),
    "minimum": mark("At least"),
    "needed_by": mark("Needed by"),
    "priority": mark("Priority"),
    "ready_on": mark("Ready on"),
    "transports": mark("How it can travel"),
    "maker": mark("Made by"),
    "offer": mark("Offer"),
    "answer_by": mark("To be answered by"),
    "request": mark("Request"),
    "consents": mark("Consents"),
}
