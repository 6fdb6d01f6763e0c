"""Characters that nobody sees, that turn the direction of writing, or that pass for another: what is signed must be
what was read.

Says where they are and writes them so that they are seen. Whether a text may hold them is for whoever takes it.
"""

from __future__ import annotations

import re

# What moves a terminal's cursor, ends a line for some readers only, or turns and reorders what stands beside it.
_MOVES = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
# What has no glyph: soft hyphens, joiners, fillers, selectors of variants, marks of direction, byte order marks, tags,
# halves of surrogate pairs, and what means something by private agreement or nothing at all. Unicode 15.1,
# Default_Ignorable_Code_Point and what is like it.
_BLANK = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ud800-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
UNSEEN = re.compile(f"[{_MOVES}{_BLANK}]")
_TURNS = re.compile(f"[{_MOVES}]")

_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LIKE_LATIN = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff\ua640-\ua69f]")  # Greek and Cyrillic
_WORD = re.compile(r"[^\W\d_]+")


def code(character: str) -> str:
    """How a character is named where it cannot be shown: U+202E."""
    return f"U+{ord(character):04X}"


def mixed(text: str) -> str | None:
    """The first word that mixes Latin letters with Greek or Cyrillic ones, of which many look alike (Unicode TS 39)."""
    if not (_LIKE_LATIN.search(text) and _LATIN.search(text)):
        return None
    return next((word for word in _WORD.findall(text) if _LATIN.search(word) and _LIKE_LATIN.search(word)), None)


def seen(text: str) -> str:
    """The text with what would move a terminal's cursor, or turn what stands beside it, written as <U+202E>."""
    return _TURNS.sub(lambda found: f"<{code(found.group())}>", text) if _TURNS.search(text) else text
