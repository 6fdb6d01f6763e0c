"""Foedus runs a multilateral security-guarantee agreement: the text is data, acts are signed, anyone can recompute it."""

__version__ = "0.1.0"
