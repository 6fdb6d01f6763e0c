"""A list from its address. The one place of the lists that opens a connection, and only when it is given an address."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit, urlunsplit

from foedus.errors import Conflict, Malformed
from foedus.sanctions.lists.ofac_csv import is_part, set_of
from foedus.sanctions.lists.reading import MAX_BYTES, Progress

SECONDS = 60.0  # without a byte


def fetched(url: str, progress: Progress | None = None) -> dict[str, bytes]:
    """The file at an address, by its name; of OFAC's set, every file that lies beside the one named.

    Raises Conflict when it cannot be had now, Malformed when it is too large or the address is none.
    """
    try:
        parts = urlsplit(url)
    except ValueError as problem:
        raise _no_address(url, problem) from None
    path = PurePosixPath(parts.path)
    if not is_part(path.name):
        return {path.name or parts.netloc: _get(url, progress)}
    names = set_of(path.name)
    return {name: _get(urlunsplit(parts._replace(path=str(path.with_name(name)))), progress) for name in names}


def _get(url: str, progress: Progress | None) -> bytes:
    import httpx

    data = bytearray()
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=SECONDS) as answer:
            answer.raise_for_status()
            length = int(answer.headers.get("content-length", 0))
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > MAX_BYTES:
                    raise Malformed("{file}: more than {most} bytes were found", file=url, most=MAX_BYTES)
                if progress:
                    progress(len(data), max(length, len(data)))
    except (httpx.InvalidURL, UnicodeError) as problem:
        raise _no_address(url, problem) from None
    except httpx.HTTPError as problem:
        said = str(problem).partition("\n")[0]  # the second line of httpx points to a page about the status
        raise Conflict("{url} could not be fetched: {problem}; try again", url=url, problem=said) from None
    return bytes(data)


def _no_address(url: str, problem: Exception) -> Malformed:
    return Malformed(
        "{url} is no address: {problem}; one such as https://example.org/list.xml was expected",
        url=url, problem=problem,
    )  # fmt: skip
