"""How long a tracker's file takes from the disk to its totals, and how much memory, each in a process of its own.

    python bench/commitments_import.py [FOLDER] [--iati-mb 1024]      FOLDER: of the release 7 workbook, if at hand

Release 7 is the publisher's file. The workbook of 24 MB and the IATI file are made here, in a temporary folder: 5,580
rows of 90 columns of text that does not compress, in the later layout; activities of twenty transactions each. The
floor is the bare read of the same cells by calamine, of the same elements by lxml, and Python with its imports.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter

ROWS, COLUMNS = 5_580, 90
HEAD = (
    "ID", "donor", "announcement_date", "aid_type_general", "measure", "item", "item_type", "item_numb",
    "item_numb_deliv", "tot_activity_value_EUR", "tot_sub_activity_value_EUR", "tot_value_deliv_EUR",
)  # fmt: skip
DONORS = ("Germany", "France", "Latvia", "Poland", "United States", "Canada", "Japan", "Denmark")
TOTALS = """
import sys
from foedus.commitments.sources import open_source
from foedus.commitments.sources.totals import totals
source = open_source(sys.argv[1])
found = totals(source.rows, ("donor", "kind"))
print(sum(line.rows for line in found.lines), found.eur("committed"))
"""
CELLS = """
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
name = next(one for one in book.sheet_names if "MAIN DATA" in one)
print(len(book.get_sheet_by_name(name).to_python()))
"""
ELEMENTS = """
import sys
from lxml import etree
count = 0
for _, element in etree.iterparse(sys.argv[1], tag="iati-activity", huge_tree=True):
    count += len(element)
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
print(count)
"""
NOTHING = "import msgspec, decimal"


def run(program: str, *arguments: object) -> tuple[float, int, str]:
    """Seconds, the most memory in MB, and what a program wrote, in a fresh process."""
    start = perf_counter()
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None, "it was asked for"
    said = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    return perf_counter() - start, usage.ru_maxrss // 1024, said


def workbook(path: Path) -> None:
    """A workbook in the later layout, of about 24 MB."""
    import xlsxwriter

    chance = Random(7)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Bilateral Assistance, MAIN DATA")
        sheet.write_row(0, 0, [*HEAD, *(f"column {number}" for number in range(len(HEAD), COLUMNS))])
        for row in range(1, ROWS + 1):
            value = chance.randrange(10**9)
            cells: list[object] = [
                f"ID{row}", chance.choice(DONORS), f"202{chance.randrange(2, 6)}-0{chance.randrange(1, 10)}-11",
                chance.choice(("Military", "Financial ", "Humanitarian")), "Allocation", "howitzer", "artillery",
                chance.randrange(100), ".", value, value // 2, ".",
            ]  # fmt: skip
            cells += [f"{chance.getrandbits(330):x}" for _ in range(COLUMNS - len(HEAD))]
            sheet.write_row(row, 0, cells)


def iati(path: Path, megabytes: int) -> int:
    """Activities until the file is that large; how many transactions."""
    chance = Random(7)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("<iati-activities version='2.03' generated-datetime='2026-01-01T00:00:00Z'>\n")
        while file.tell() < megabytes * 2**20:
            for _ in range(200):
                file.write(activity(count, chance))
                count += 20
        file.write("</iati-activities>\n")
    return count


def activity(number: int, chance: Random) -> str:
    """One activity with twenty transactions and the descriptions that real ones have."""
    transactions = "".join(
        f"<transaction ref='T{number + at}'><transaction-type code='{chance.choice('23')}'/>"
        f"<transaction-date iso-date='202{chance.randrange(6)}-0{chance.randrange(1, 10)}-11'/>"
        f"<value currency='EUR' value-date='2024-01-11'>{chance.randrange(10**7)}</value>"
        f"<description><narrative>{chance.getrandbits(800):x}</narrative></description></transaction>\n"
        for at in range(20)
    )
    return (
        f"<iati-activity default-currency='EUR'><iati-identifier>XX-1-{number}</iati-identifier>"
        f"<reporting-org ref='{chance.choice(('DE', 'FR', 'LV', 'PL'))}-GOV-1' type='10'/>"
        f"<title><narrative>Activity {number}</narrative></title>"
        f"<sector vocabulary='1' code='72010'/>{transactions}</iati-activity>\n"
    )


def line(what: str, path: Path, bare: str, wanted: str) -> None:
    """One figure with its floor, measured in turn."""
    (least, _, _), (floor, floor_mb, _), (seconds, megabytes, said) = run(NOTHING), run(bare, path), run(TOTALS, path)
    print(
        f"{what} ({path.stat().st_size / 2**20:.1f} MB): {seconds:.2f} s, {megabytes} MB; bare read {floor:.2f} s,"
        f" {floor_mb} MB; Python {least:.2f} s; ratio {floor / seconds:.2f}; wanted {wanted}; rows and euros: {said}"
    )


def main() -> None:
    """Every figure in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--iati-mb", type=int, default=1024)
    asked = parser.parse_args()
    beside = Path(__file__).parents[2] / "shared/data/kiel"
    release = (asked.folder or beside) / "ukraine_support_tracker_release07.xlsx"
    if release.is_file():
        line("release 7 to totals, cold", release, CELLS, "1 s")
    else:
        print("release 7 is not at hand: name its folder")
    with tempfile.TemporaryDirectory() as folder:
        book, activities = Path(folder) / "release_28.xlsx", Path(folder) / "activities.xml"
        workbook(book)
        line("a large workbook to totals", book, CELLS, "3 s and 400 MB")
        print(f"transactions made: {iati(activities, asked.iati_mb):,}")
        line("IATI, streamed", activities, ELEMENTS, "500 MB")


if __name__ == "__main__":
    main()
