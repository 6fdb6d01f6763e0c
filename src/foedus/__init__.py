"""Foedus runs a multilateral security-guarantee agreement: text as data, signed acts, a record anyone can recompute."""

__version__ = "0.1.0"
