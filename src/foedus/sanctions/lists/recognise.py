"""Which list a file is, by what stands in it: its root element, its header, its first cells. Names of files do not
count, but for OFAC's set of CSV files, which have no header.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from importlib import import_module

from foedus.errors import Malformed
from foedus.sanctions.lists.ofac_csv import is_part
from foedus.sanctions.lists.reading import Content, Files, Notes, check_encoding

# Each format and where it is read. Modules are imported when one is needed.
FORMATS = {
    "un": "un:read",
    "ofac-csv": "ofac_csv:read",
    "ofac-csv-parts": "ofac_csv:read_parts",
    "ofac-xml": "ofac_xml:read",
    "ofac-advanced": "ofac_advanced:read",
    "eu-fsf": "eu:read",
    "uk-csv": "uk_csv:read",
    "uk-xml": "uk_xml:read",
    "canada": "canada:read",
    "seco": "seco:read",
    "nsdc": "nsdc:read",
    "ftm": "ftm:read",
}
_ROOTS = {
    "CONSOLIDATED_LIST": "un",
    "sdnList": "ofac-xml",
    "Sanctions": "ofac-advanced",
    "export": "eu-fsf",
    "Designations": "uk-xml",
    "data-set": "canada",
    "swiss-sanctions-list": "seco",
}
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
HEAD = 4096


def importer(name: str) -> Callable[[Files, Notes], Content]:
    """What reads a format. Raises Malformed for a name that is none."""
    if name not in FORMATS:
        raise Malformed(
            "{found!r} is no format of lists; expected one of {expected}", found=name, expected=", ".join(FORMATS)
        )
    module, _, function = FORMATS[name].partition(":")
    found: Callable[[Files, Notes], Content] = getattr(import_module(f"foedus.sanctions.lists.{module}"), function)
    return found


def recognise(files: Files) -> str:
    """The format's name. Raises Malformed when it is none of ours."""
    if any(is_part(name) for name in files.data):
        return "ofac-csv"
    file, data = files.only()
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    root = _ROOT.search(head)
    found = ""
    if head.startswith(b"<") and root:
        found = _ROOTS.get(root[1].decode(), "")
    elif head[:1] in (b"{", b"["):
        found = "ftm" if b'"schema"' in head and b'"properties"' in head else "nsdc"
    elif b"Unique ID," in head or head.startswith(b"Report Date"):
        found = "uk-csv"
    if not found:
        if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
            check_encoding(file, data[:2])
        raise Malformed(
            "{file}: it begins with {found!r}, which is none of the lists known ({expected}): name its format, or"
            " fetch it again",
            file=file,
            found=str(head[:40], "utf-8", "replace"),
            expected=", ".join(FORMATS),
        )
    return found
