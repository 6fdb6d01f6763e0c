"""Every test of the record may ask for a store."""

from tests.stores import clock, clocked, postgres_address, store, store_address

__all__ = ["clock", "clocked", "postgres_address", "store", "store_address"]
