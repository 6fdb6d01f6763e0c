"""The agreement as data: its model, the loader of its files, its clauses for the rules, the bundled texts.

It knows no party, no hour and no rule that is not in a file, and nothing of acts, events or state.
"""
