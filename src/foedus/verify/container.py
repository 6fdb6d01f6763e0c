"""One file that holds an exported record: a plain tar (POSIX.1-1988 ustar) of which every byte is determined.

Members are those of an exported folder, sorted by name, mode 0644, no owner, time 0; the file ends with two
blocks of zeros. `tar xf` reads it anywhere. Reading here is stricter: a header, a padding or an end that
differs by one byte from what writing gives is Tampered, because no signature covers those bytes.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from foedus.errors import Malformed, Tampered

SUFFIX = ".foedus"
BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
MAX_MEMBER_BYTES = 1 << 30


class Member(NamedTuple):
    """Where a member's bytes lie in the file."""

    offset: int
    size: int


def header(name: str, size: int) -> bytes:
    """The one header of a member. Raises Malformed for a name that ustar cannot hold."""
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o644
    try:
        return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")
    except ValueError as problem:
        raise Malformed(
            "export: a member cannot be named {name!r}: {problem}", name=name[:120], problem=problem
        ) from None


def padding(size: int) -> bytes:
    """Zeros up to the next block."""
    return bytes(-size % BLOCK)


def write_container(file: BinaryIO, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members, which must come sorted by name, and the end."""
    before = ""
    for name, data in members:
        assert before < name, f"{name} does not come after {before}"
        file.write(header(name, len(data)))
        file.write(data)
        file.write(padding(len(data)))
        before = name
    file.write(END)


class Container:
    """An opened container: its members by name. Close it after use."""

    def __init__(self, path: Path) -> None:
        """Reads the headers only.

        Raises Malformed when the file is no tar, Tampered when it is not one of ours.
        """
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as problem:
            raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
        try:
            self.members = self._scan()
            self._unread = dict.fromkeys(self.members)
        except BaseException:
            self._file.close()
            raise

    def _scan(self) -> dict[str, Member]:
        members: dict[str, Member] = {}
        before, at = "", 0
        while True:
            block = self._take(at, BLOCK)
            if block == END[:BLOCK]:
                break
            name, size = self._read_header(block, at)
            if name <= before:
                raise Tampered(
                    "{path}: byte {byte}: {name} does not come after {before}",
                    path=self.path,
                    byte=at,
                    name=name,
                    before=before,
                )
            members[name] = Member(at + BLOCK, size)
            before = name
            at += BLOCK + size
            filler = padding(size)
            if self._take(at, len(filler)) != filler:
                raise Tampered(
                    "{path}: byte {byte}: the filling after {name} is not zeros", path=self.path, byte=at, name=name
                )
            at += len(filler)
        if self._take(at, len(END) + 1) != END:
            raise Tampered(
                "{path}: byte {byte}: two blocks of zeros and nothing else were expected at the end",
                path=self.path,
                byte=at,
            )
        return members

    def _read_header(self, block: bytes, at: int) -> tuple[str, int]:
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
            expected = header(info.name, info.size)
        except (tarfile.HeaderError, ValueError, Malformed) as problem:
            if at == 0 and self.path.suffix != SUFFIX:
                raise Malformed("{path} is no exported record: {problem}", path=self.path, problem=problem) from None
            raise Tampered(
                "{path}: byte {byte}: no header of an exported record: {problem}",
                path=self.path,
                byte=at,
                problem=problem,
            ) from None
        if block != expected or not 0 <= info.size <= MAX_MEMBER_BYTES:
            raise Tampered(
                "{path}: byte {byte}: the header of {name!r} is not as it was written",
                path=self.path,
                byte=at,
                name=info.name[:120],
            )
        return info.name, info.size

    def _take(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        data = self._file.read(size)
        if len(data) < size <= BLOCK:
            raise Tampered("{path}: byte {byte}: the file ends in the middle", path=self.path, byte=at + len(data))
        return data

    def read(self, name: str) -> bytes | None:
        """A member's bytes, None when there is no such member."""
        member = self.members.get(name)
        if member is None:
            return None
        self._unread.pop(name, None)
        self._file.seek(member.offset)
        data = self._file.read(member.size)
        if len(data) != member.size:
            raise Tampered("{path}: {name} ends in the middle", path=self.path, name=name)
        return data

    def all_read(self) -> None:
        """Raises Tampered where there is more in it than was asked for: nothing speaks for those bytes."""
        for name in self._unread:
            raise Tampered("{path}: {name} is nothing that the record names", path=self.path, name=name)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
