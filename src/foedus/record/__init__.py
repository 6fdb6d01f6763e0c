"""The record: signed entries in an append-only Merkle log, its byte formats, proofs and stores.

It refuses to know what an entry says: no party, act or rule is imported here, only foedus.errors. The formats
are written down for strangers in docs/record.md, with a worked example.
"""
