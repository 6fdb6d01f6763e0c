"""A chart as PNG, by the typesetter that sets documents: the same letters on every machine, none of the system's."""

from __future__ import annotations

import typst

from foedus.documents.paper import fonts

SOURCE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")\n'
PPI = 192.0  # twice the pixels that it has on a page, for screens with fine points


def png(svg: bytes) -> bytes:
    """The picture, at twice the pixels of the drawing."""
    made = typst.compile(
        SOURCE, font_paths=fonts(), ignore_system_fonts=True, format="png", ppi=PPI,
        sys_inputs={"svg": svg.decode()},
    )  # fmt: skip
    assert isinstance(made, bytes), "a picture is one page"
    return made
