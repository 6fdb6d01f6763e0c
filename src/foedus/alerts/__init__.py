"""Alerts: who is told what, over which channels, and how it is proven that they were reached.

The record is the outbox. What has to be said is a pure function of its entries (`messages`); kept here is only who was
reached how (`deliveries`), which decides nothing in the record. A seat's acknowledgement is its signed act.
"""
