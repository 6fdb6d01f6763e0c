"""Handing a signed act in to a running server: the one place where a command sends anything."""

from __future__ import annotations

from foedus.cli.session import read_json, session
from foedus.cli.signed import Signed
from foedus.errors import Conflict, FoedusError, Malformed, Refused

TIMEOUT_SECONDS = 30


def hand_in(url: str, signed: Signed) -> dict[str, object]:
    """The server's receipt. Raises what the server says: Refused, Malformed, Conflict."""
    import httpx

    try:
        answer = httpx.post(
            f"{url.rstrip('/')}/api/acts",
            content=signed.to_json(),
            headers={"content-type": "application/json", "accept-language": session.language},
            timeout=TIMEOUT_SECONDS,
        )
    except httpx.HTTPError as problem:
        raise Conflict(
            "{url} could not be reached ({problem}): whether the act arrived is not known; submit it again",
            url=url,
            problem=problem,
        ) from None
    said = read_json(answer.content, url)
    if answer.status_code in (200, 201):
        return said
    raise _problem(url, answer.status_code, said)


def _problem(url: str, status: int, said: dict[str, object]) -> FoedusError:
    because = str(said.get("because") or said.get("detail") or said.get("message") or said)
    if status in (403, 422) and said.get("clause"):
        return Refused(str(said["clause"]), "{because}", because=because)
    if status in (409, 429, 503):
        return Conflict("{because}", because=because)
    return Malformed("{url} answers {found}: {because}", url=url, found=str(status), because=because)
