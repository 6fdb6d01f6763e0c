"""A workbook of acts of commitments: one row, one act; all of them looked at first, then signed and entered as one.

`template` writes one for a seat from the record as it stands, `reading` reads what people filled in and names each cell
that it does not take, `effects` says what every row would bring about. Nothing here signs, and nothing is entered here.
"""
