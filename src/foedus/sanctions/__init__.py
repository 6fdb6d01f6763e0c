"""Sanctions: who lists whom under which instrument, what may be eased and when, and what comes back by itself.

Nothing here says whom to sanction, screens a name or reads a published list.
"""
