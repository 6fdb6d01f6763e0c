"""Drills: an exercise from a plan, on a compressed clock, in a record of its own, and what came of it.

Nothing here touches a live record: a drill has its own keys, contacts and sender addresses, and refuses a folder that
holds anything. What it plays is a plan's or a lot's, never what a state would do.
"""
