"""A text as a QR code (ISO/IEC 18004), as one path of squares that page and paper draw alike.

Level M: a sixth of the code may be lost to a fold or a stamp. Nothing is drawn or coloured here.
"""

from __future__ import annotations

from itertools import groupby

import segno

from foedus.documents.sheet import Qr

QUIET = 4  # the empty border that the standard asks for, in modules


def qr(caption: str, text: str) -> Qr:
    """The block that shows `text` as a QR code. The same text gives the same squares."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=QUIET)]
    return Qr(caption, text, len(rows), "".join(_strokes(line, row) for line, row in enumerate(rows)))


def _strokes(line: int, row: list[int]) -> str:
    """The dark runs of one row, each a rectangle one module high, in SVG's path language."""
    found, at = "", 0
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            found += f"M{at} {line}h{width}v1h-{width}z"
        at += width
    return found
