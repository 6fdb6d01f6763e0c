"""Every test of the record may ask for a store."""

from tests.stores import postgres_address, store, store_address

__all__ = ["postgres_address", "store", "store_address"]
