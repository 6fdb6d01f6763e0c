"""Real lists for measuring: OFAC 2021 with the aliases of 2025 and non-SDN, UN 2025, Canada 2020, as records; and
copies, changed.

Of what OFAC listed between 2021 and 2025 the aliases alone are at hand: they stand for their targets.

Read from the folder of published data beside the project; nothing is kept.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from foedus.screening import Record

LISTS = Path(__file__).parents[2] / "shared/data/lists"
_KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_BORN = re.compile(r"DOB (?:circa )?(?:(\d{2}) (\w{3}) )?(\d{4})")
_IMO = re.compile(r"IMO (\d{7})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


def real() -> list[Record]:
    """Every target of the real lists."""
    return [
        *_ofac(LISTS / "ofac/2021-07/sdn.csv", LISTS / "ofac/2021-07/alt.csv", "ofac-sdn"),
        *_aliases_alone(LISTS / "ofac/2025-02/alt.csv", LISTS / "ofac/2021-07/sdn.csv", "ofac-sdn"),
        *_ofac(LISTS / "ofac/nonsdn-2025-12/cons_prim.csv", LISTS / "ofac/nonsdn-2025-12/cons_alt.csv", "ofac-non-sdn"),
        *_un(LISTS / "un/un_2025-11.xml"),
        *_canada(LISTS / "canada/sema-lmes_2020-04.xml"),
    ]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.reader(file):
            if len(row) > 3:
                yield ["" if cell.strip() == "-0-" else cell.strip() for cell in row]


def _ofac(primary: Path, aliases: Path, name: str) -> Iterator[Record]:
    more: dict[str, list[str]] = {}
    for row in _rows(aliases):
        more.setdefault(row[0], []).append(row[3])
    for row in _rows(primary):
        kind, remarks = _KINDS.get(row[2], "organisation"), row[-1]
        born = [
            f"{year}-{_MONTHS[month]:02}-{day}" if month in _MONTHS else year
            for day, month, year in _BORN.findall(remarks)
        ]
        yield Record(
            f"{name}-{row[0]}", tuple(dict.fromkeys((row[1], *more.get(row[0], ())))), kind,
            dates=tuple(born), identifiers=tuple(("imo", number) for number in _IMO.findall(remarks)), lists=(name,),
        )  # fmt: skip


def _aliases_alone(aliases: Path, primary: Path, name: str) -> Iterator[Record]:
    """Targets of which only aliases are known: all that is not in the primary file."""
    known = {row[0] for row in _rows(primary)}
    found: dict[str, list[str]] = {}
    for row in _rows(aliases):
        if row[0] not in known:
            found.setdefault(row[0], []).append(row[3])
    for number, names in found.items():
        yield Record(f"{name}-{number}", tuple(dict.fromkeys(names)), lists=(name,))


def _texts(node: ElementTree.Element, path: str) -> list[str]:
    return [found.text.strip() for found in node.iterfind(path) if found.text and found.text.strip()]


def _un(path: Path) -> Iterator[Record]:
    root = ElementTree.parse(path).getroot()
    for group, kind in (("INDIVIDUAL", "person"), ("ENTITY", "organisation")):
        for node in root.iter(group):
            parts = [part for tag in ("FIRST", "SECOND", "THIRD", "FOURTH") for part in _texts(node, f"{tag}_NAME")]
            names, weak = [" ".join(parts)], list[str]()
            for alias in node.iterfind(f"{group}_ALIAS"):
                quality = (alias.findtext("QUALITY") or "").strip()
                for text in _texts(alias, "ALIAS_NAME"):
                    (weak if quality == "Low" else names).append(text)
            names += _texts(node, "NAME_ORIGINAL_SCRIPT")
            born = _texts(node, f"{group}_DATE_OF_BIRTH/DATE") or _texts(node, f"{group}_DATE_OF_BIRTH/YEAR")
            yield Record(
                f"un-{(node.findtext('DATAID') or '').strip()}", tuple(dict.fromkeys(names)), kind,
                weak_names=tuple(dict.fromkeys(weak)), dates=tuple(born), lists=("un",),
            )  # fmt: skip


def _canada(path: Path) -> Iterator[Record]:
    for number, node in enumerate(ElementTree.parse(path).getroot().iter("record")):
        entity = node.findtext("Entity")
        name = entity or f"{node.findtext('GivenName') or ''} {node.findtext('LastName') or ''}"
        aliases = [part.strip() for part in (node.findtext("Aliases") or "").split(",") if len(part.strip()) > 3]
        yield Record(
            f"canada-{number}", tuple(dict.fromkeys((name.strip(), *aliases))),
            "organisation" if entity else "person", lists=("canada",),
        )  # fmt: skip


def copies(records: list[Record], number: int, seed: int = 7) -> list[Record]:
    """`number` records: the real ones, and others whose names take words from two real names, one word mistyped in
    three.
    """
    draw = random.Random(seed)
    names = [record.names[0].split() for record in records if record.names]
    made = list(records)
    while len(made) < number:
        first, second = draw.choice(names), draw.choice(names)
        texts = []
        for _ in range(draw.choice((1, 1, 2, 2, 3))):
            words = [
                *draw.sample(first, min(len(first), draw.choice((1, 2)))),
                *draw.sample(second, min(len(second), 2)),
            ]
            texts.append(" ".join(mistyped(word, draw) if draw.random() < 1 / 3 else word for word in words))
        made.append(Record(f"copy-{len(made)}", tuple(texts), draw.choice(records).kind, lists=("copies",)))
    return made


def mistyped(word: str, draw: random.Random) -> str:
    """One letter dropped, doubled, exchanged with its neighbour or with another letter."""
    if len(word) < 3:
        return word
    at = draw.randrange(len(word) - 1)
    return draw.choice((
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
    ))  # fmt: skip
