"""Who is party, by which instrument, through which seats: signed, adopted, amended, ratified, lapsed,
withdrawn.
"""
