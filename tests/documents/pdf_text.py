"""The words of a PDF, page by page, as far as Typst writes them: enough to say what a reader of the file finds."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj(.*?)\nendobj", re.DOTALL)
FONT = re.compile(rb"/(f\d+) [\d.]+ Tf")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


class Pdf:
    """A PDF that Typst wrote: its pages in order, their text, and the files attached to it."""

    def __init__(self, data: bytes) -> None:
        self.objects = {int(found[1]): found[2] for found in OBJECT.finditer(data)}
        kids = next(body for body in self.objects.values() if re.search(rb"/Type\s*/Pages\b", body))
        self.pages = [self.objects[int(n)] for n in re.findall(rb"(\d+) 0 R", _after(kids, b"/Kids"))]

    def stream(self, number: int) -> bytes:
        """The content of a stream object."""
        body = self.objects[number]
        found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
        assert found is not None
        return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]

    def text(self, page: int) -> str:
        """The words of a page, in the order in which they are set."""
        body = self.pages[page]
        fonts = self._fonts(_number(body, b"/Resources"))
        content = self.stream(_number(body, b"/Contents"))
        font, said, at, within = {}, [], 0, False
        while at < len(content):
            if named := FONT.match(content, at):
                font, at = fonts[named[1]], named.end()
            elif content[at : at + 1] == b"(":
                codes, at = _string(content, at + 1)
                if within or content[at : at + 2] == b"Tj":  # else a string of a property, such as a language
                    said.append("".join(font.get(codes[i : i + 2], "\ufffd") for i in range(0, len(codes), 2)))
            else:
                within = content[at : at + 1] == b"[" or (within and content[at : at + 1] != b"]")
                at += 1
        return "".join(said)

    def _fonts(self, resources: int) -> dict[bytes, dict[bytes, str]]:
        found = re.search(rb"/Font\s*<<(.*?)>>", self.objects[resources], re.DOTALL)
        assert found is not None
        fonts = re.findall(rb"/(f\d+) (\d+) 0 R", found[1])
        return {name: self._letters(_number(self.objects[int(n)], b"/ToUnicode")) for name, n in fonts}

    def _letters(self, number: int) -> dict[bytes, str]:
        pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", self.stream(number))
        return {
            bytes.fromhex(code.decode()): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs
        }

    def attached(self) -> dict[str, bytes]:
        """Files within the file, by name."""
        found = {}
        for body in self.objects.values():
            if b"/Filespec" in body:
                name = re.search(rb"/F\s*\(([^)]*)\)", body)
                assert name is not None
                found[name[1].decode()] = self.stream(_number(body, rb"/EF\s*<<.*?/F"))
        return found


def _after(body: bytes, name: bytes) -> bytes:
    found = re.search(name + rb"\s*\[(.*?)\]", body, re.DOTALL)
    assert found is not None
    return found[1]


def _number(body: bytes, name: bytes) -> int:
    found = re.search(name + rb"\s*(\d+) 0 R", body, re.DOTALL)
    assert found is not None, name
    return int(found[1])


def _string(content: bytes, start: int) -> tuple[bytes, int]:
    """The string that begins at `start`, after its parenthesis, and where it ends; balanced ones stand in it as they
    are.
    """
    at, depth = start, 1
    while depth:
        byte = content[at : at + 1]
        depth += (byte == b"(") - (byte == b")")
        at += 2 if byte == b"\\" else 1
    return ESCAPE.sub(_unescaped, content[start : at - 1]), at


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1].isdigit():
        return bytes([int(said, 8) & 255])
    return NAMED.get(said, said)
