"""A document set on paper: a sheet, with the data it was made from inside the file, as PDF/A-3a and PDF/UA-1.

The same sheet gives the same bytes on every machine: fonts come with Typst, the system's are not looked at, and
the file's time is the moment the document speaks of. Text is set as text; nothing in it can be a command.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import typst

from foedus.documents.sheet import Sheet

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]


@cache
def fonts() -> typst.Fonts:
    """Libertinus Serif and DejaVu Sans Mono, both with Cyrillic, from the Typst wheel."""
    return typst.Fonts(include_system_fonts=False)


def render(sheet: Sheet, data: bytes) -> bytes:
    """The sheet as a tagged PDF, A4. `data`: JSON that travels inside under the sheet's `file`."""
    made = typst.compile(
        TEMPLATES / "paper.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": msgspec.json.encode(sheet).decode(), "data": data.decode()},
        pdf_standards=STANDARDS,
        timestamp=int(sheet.dated.timestamp()),
    )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def pictures(sheet: Sheet, data: bytes, ppi: float = 96) -> list[bytes]:
    """The same pages as PNG, in order: for looking at them, and for counting them."""
    made = typst.Compiler(TEMPLATES / "paper.typ", TEMPLATES, fonts(), ignore_system_fonts=True).compile(
        format="png",
        ppi=ppi,
        sys_inputs={"sheet": msgspec.json.encode(sheet).decode(), "data": data.decode()},
    )
    return made if isinstance(made, list) else [made] if made else []
