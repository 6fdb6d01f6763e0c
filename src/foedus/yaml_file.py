"""A YAML file that somebody wrote, as a value of the expected type. A compact is read elsewhere, with its places."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from foedus.errors import Malformed

T = TypeVar("T")


def read_yaml(path: Path, expected: type[T], most: int | None = None) -> T:
    """What the file holds, of no more than `most` of its characters. Raises Malformed with what is wrong."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return msgspec.convert(YAML(typ="safe", pure=True).load(path.read_text("utf-8")[:most]), expected)
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
    # Of a value that is none of its tag, as the day 2026-13-45 or `!!bool maybe`, ruamel lets Python's own errors out.
    except (YAMLError, ValueError, LookupError, RecursionError, msgspec.ValidationError) as problem:
        raise Malformed("{path}: {problem}", path=path, problem=" ".join(str(problem).split())) from None
