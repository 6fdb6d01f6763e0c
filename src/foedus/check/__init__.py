"""What an agreement will do, before it is signed: who can block it, what each vote weighs, what its clauses guarantee.

It computes and explores, exactly and within stated limits; it never acts, records or decides, and it never says more
than was shown.
"""
