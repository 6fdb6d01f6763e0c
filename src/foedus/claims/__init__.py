"""Claims by the million: tables checked, added up, searched for duplicates, and paid by a rule, exact to the cent.

Files in, files out. Nothing here knows a record, an agreement or a clock; nothing personal leaves the file it is in.
"""
