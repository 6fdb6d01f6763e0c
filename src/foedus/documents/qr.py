"""A text as a QR code (ISO/IEC 18004), as one path of squares that page and paper draw alike.

Level M: a sixth of the code may be lost to a fold or a stamp. Nothing is drawn or coloured here.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

import segno

from foedus.documents.sheet import Qr

LETTERS = 64  # of the text, in one line below the code
QUIET = 4  # the empty border that the standard asks for, in modules


def qr(caption: str, text: str) -> Qr:
    """The block that shows `text` as a QR code. The same text gives the same squares."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=QUIET)]
    return Qr(caption, text, len(rows), "".join(_strokes(line, row) for line, row in enumerate(rows)))


def drawing(caption: str, text: str) -> str:
    """A page in SVG that shows the text as a QR code and, below, in letters, to be typed where nothing can scan."""
    code = qr(caption, text)
    lines = [caption, *(text[at : at + LETTERS] for at in range(0, len(text), LETTERS))]
    side, step = code.size, code.size / 40
    letters = "".join(
        f'<text x="{QUIET}" y="{side + (number + 1) * step:.2f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side + (len(lines) + 2) * step:.2f}">'
        f'<path fill="#000" d="{code.path}"/>'
        f'<g font-family="monospace" font-size="{step * 0.7:.2f}">{letters}</g></svg>\n'
    )


def _strokes(line: int, row: list[int]) -> str:
    """The dark runs of one row, each a rectangle one module high, in SVG's path language."""
    found, at = "", 0
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            found += f"M{at} {line}h{width}v1h-{width}z"
        at += width
    return found
