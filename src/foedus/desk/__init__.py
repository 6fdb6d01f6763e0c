"""A seat's own machine: it follows a record, recomputes it, and signs and submits what its officer decides.

Nothing here trusts the server that it follows: what it shows was verified on this machine, and what a server
said that cannot be true is kept as evidence. A private key never leaves the machine.
"""
