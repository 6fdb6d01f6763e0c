"""Makes the browser files under src/foedus/web/static/vendor anew from the packages that vendor.toml names.

It asks npm for each package by name and version, checks what npm gave against the digest in vendor.toml,
makes the alterations below and checks the result. It writes nothing that has another digest than vendor.toml
says, and it never moves to another version by itself: change `version` there, run this, read what it printed,
then change the digests. Licence texts that a package does not carry are kept by hand and only checked.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "src/foedus/web/static/vendor"

# What docs and pictures of the console use: every system has one of these, so no font is shipped or fetched.
FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif'

# (what is found, what takes its place, how often). The typeface and the royal arms are not ours to use: the
# MIT licence covers the code alone.
ALTERATIONS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "without GOV.UK's typeface and arms": (
        (r"/\*[^*]*\*/\s*(?=@font-face)", "", 1),
        (r"@font-face\{[^}]*\}", "", 2),
        (r"font-family:GDS Transport,arial,sans-serif", f"font-family:{FONTS}", 58),
        (r"\.govuk-footer__copyright-logo:before\{[^}]*\}", "", 3),
        (r"\.govuk-footer__crown\{[^}]*\}", "", 1),
        (r"\n/\*# sourceMappingURL=[^*]*\*/\n?", "\n", 1),
    ),
}


class MismatchError(Exception):
    """A file is not what vendor.toml says; the message gives both digests."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def listed() -> list[dict[str, Any]]:
    """The packages of vendor.toml: name, version, licence, and the files taken from each."""
    packages: list[dict[str, Any]] = tomllib.loads((FOLDER / "vendor.toml").read_text("utf-8"))["package"]
    return packages


def altered(data: bytes, alteration: str) -> bytes:
    """`data` after one named set of replacements.

    Raises MismatchError when a pattern is not found as often as meant.
    """
    text = data.decode("utf-8")
    for pattern, instead, times in ALTERATIONS[alteration]:
        text, found = re.subn(pattern, instead.replace("\\", r"\\"), text)
        if found != times:
            raise MismatchError(f"{pattern}: found {found} times, expected {times}")
    return text.encode("utf-8")


def expect(digest: str, data: bytes, what: str) -> None:
    if sha256(data) != digest:
        raise MismatchError(f"{what}: sha256 is {sha256(data)}, vendor.toml says {digest}")


def fetched(name: str, version: str, folder: Path) -> tarfile.TarFile:
    """The package's archive, as npm gives it after checking it against its registry's digest."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return tarfile.open(folder / printed.split()[-1])


def make(package: dict[str, Any], folder: Path) -> None:
    """Write the files of one package, each only when it is what vendor.toml says."""
    with fetched(package["name"], package["version"], folder) as archive:
        for file in package["file"]:
            target = FOLDER / file["name"]
            if "from" not in file:
                expect(file["sha256"], target.read_bytes(), f"{file['name']}, kept by hand")
                continue
            member = archive.extractfile(f"package/{file['from']}")
            assert member is not None, f"{file['from']} is a folder"
            data = member.read()
            if "altered" in file:
                expect(file["sha256_before"], data, f"{file['from']} of {package['name']}")
                data = altered(data, file["altered"])
            expect(file["sha256"], data, file["name"])
            target.write_bytes(data)
            print(f"{file['name']}: {len(data)} bytes from {package['name']} {package['version']}")


def main() -> int:
    with tempfile.TemporaryDirectory() as room:
        try:
            for package in listed():
                make(package, Path(room))
        except MismatchError as mismatch:
            print(f"vendor: {mismatch}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
