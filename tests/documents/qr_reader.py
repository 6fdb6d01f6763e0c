"""Reads a QR code back from its squares, by the standard (ISO/IEC 18004) and by nothing that drew it.

Versions 5 to 14 at level M, one segment of bytes: what a note verbale carries. No error is corrected; each block's
check bytes must be right as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STROKE = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")
# By version: centres of the alignment patterns; check bytes of a block; how many blocks of how many data bytes.
CENTRES = {
    5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46), 10: (6, 28, 50), 11: (6, 30, 54),
    12: (6, 32, 58), 13: (6, 34, 62), 14: (6, 26, 46, 66),
}  # fmt: skip
BLOCKS = {
    5: (24, [43] * 2), 6: (16, [27] * 4), 7: (18, [31] * 4), 8: (22, [38] * 2 + [39] * 2), 9: (22, [36] * 3 + [37] * 2),
    10: (26, [43] * 4 + [44]), 11: (30, [50] + [51] * 4), 12: (22, [36] * 6 + [37] * 2), 13: (22, [37] * 8 + [38]),
    14: (24, [40] * 4 + [41] * 5),
}  # fmt: skip
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read(path: str, size: int, quiet: int = 4) -> str:
    """The text of the code that a path of squares draws."""
    wide = squares(path, size)
    inner = [row[quiet:-quiet] for row in wide[quiet:-quiet]]
    assert sum(map(sum, wide)) == sum(map(sum, inner)), "the border is empty"
    version = (len(inner) - 17) // 4
    mask = MASKS[mask_of(inner)]
    taken = reserved(version, len(inner))
    bits = [inner[r][c] ^ mask(r, c) for r, c in way(len(inner)) if not taken[r][c]]
    whole = bytes(int("".join(map(str, map(int, bits[at : at + 8]))), 2) for at in range(0, len(bits) // 8 * 8, 8))
    return text_of(b"".join(blocks(whole, version)), version)


def squares(path: str, size: int) -> list[list[int]]:
    """The path as rows of 0 and 1. Nothing but rectangles one module high may stand in it."""
    assert STROKE.sub("", path) == ""
    rows = [[0] * size for _ in range(size)]
    for x, y, width, back in STROKE.findall(path):
        assert width == back
        rows[int(y)][int(x) : int(x) + int(width)] = [1] * int(width)
    return rows


def mask_of(rows: list[list[int]]) -> int:
    """The mask, from the format beside the first finder: level M, and its check bits right."""
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    said = int("".join(str(rows[r][c]) for r, c in places), 2) ^ 0b101010000010010
    rest = said
    for shift in range(4, -1, -1):
        rest ^= (0b10100110111 << shift) if rest >> (10 + shift) & 1 else 0
    assert rest == 0, "the format's own check bits"
    assert said >> 13 == 0b00, "level M"
    return said >> 10 & 0b111


def reserved(version: int, size: int) -> list[list[bool]]:
    """Where no data lies: finders with format, timing, alignment, version."""
    taken = [[r == 6 or c == 6 for c in range(size)] for r in range(size)]

    def fill(top: int, left: int, height: int, width: int) -> None:
        for row in taken[top : top + height]:
            row[left : left + width] = [True] * width

    fill(0, 0, 9, 9)
    fill(0, size - 8, 9, 8)
    fill(size - 8, 0, 8, 9)
    last = CENTRES[version][-1]
    for r in CENTRES[version]:
        for c in CENTRES[version]:
            if (r, c) not in ((6, 6), (6, last), (last, 6)):
                fill(r - 2, c - 2, 5, 5)
    if version >= 7:
        fill(0, size - 11, 6, 3)
        fill(size - 11, 0, 3, 6)
    return taken


def way(size: int) -> Iterator[tuple[int, int]]:
    """The order of the modules: two columns at a time from the right, up and down in turn, without column 6."""
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for r in reversed(range(size)) if upwards else range(size):
            yield from ((r, right), (r, right - 1))
        upwards = not upwards


def blocks(whole: bytes, version: int) -> Iterator[bytes]:
    """The data of each block, out of the order in which they are woven; its check bytes must be right."""
    checks, sizes = BLOCKS[version]
    found: list[list[int]] = [[] for _ in sizes]
    rest = iter(whole)
    for place in range(max(sizes)):
        for block, size in zip(found, sizes, strict=True):
            if place < size:
                block.append(next(rest))
    data = [bytes(block) for block in found]
    for _ in range(checks):
        for block in found:
            block.append(next(rest))
    for block in found:
        assert not any(syndrome(block, power) for power in range(checks)), "Reed-Solomon"
    yield from data


def syndrome(block: list[int], power: int) -> int:
    """The block as a polynomial over GF(256) at 2 to this power; 0 where it is a code word."""
    point, value = 1, 0
    for _ in range(power):
        point = times(point, 2)
    for byte in block:
        value = times(value, point) ^ byte
    return value


def times(a: int, b: int) -> int:
    """The product in GF(256) over 0x11d."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def text_of(data: bytes, version: int) -> str:
    """One segment of bytes."""
    bits = "".join(f"{byte:08b}" for byte in data)
    assert bits[:4] == "0100", "bytes"
    counted = 8 if version < 10 else 16
    length = int(bits[4 : 4 + counted], 2)
    start = 4 + counted
    return bytes(int(bits[start + 8 * n : start + 8 * n + 8], 2) for n in range(length)).decode("latin-1")
