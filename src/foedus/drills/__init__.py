"""Drills: an exercise from a plan, on a compressed clock, in a record of its own, and what came of it.

Nothing here touches a live record: a drill has its own keys, contacts and sender addresses, and refuses a folder that
holds anything. What it plays is a plan's or a lot's, never what a state would do.
"""

# So the process of a drill is told which live record to watch: the address may hold a password.
LIVE = "FOEDUS_DRILL_LIVE"
