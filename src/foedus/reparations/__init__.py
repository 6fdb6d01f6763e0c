"""Property of the aggressor that is held, and what becomes of it, from its report to its transfer.

Here: assets, with every figure that anyone discloses kept beside the others.
"""
