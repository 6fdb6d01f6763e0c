"""One-line faults put into the source of the rules that run: a function is compiled anew with one line otherwise, and
stands in the place of the real one wherever that is kept.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import pytest

from foedus.commitments import rules as commitments
from foedus.parties import rules as parties
from foedus.response import rules as response
from foedus.response import state as response_state
from foedus.sanctions import rules as sanctions
from foedus.sanctions import state as sanctions_state

_TABLES: tuple[dict[Any, Any], ...] = (
    response.HANDLERS, sanctions.HANDLERS, sanctions.FOLLOWED, parties.HANDLERS, response_state._EVOLVE,
    sanctions_state._EVOLVE,
)  # fmt: skip
assert commitments.FOLLOWED is not None


def put(monkeypatch: pytest.MonkeyPatch, real: Callable[..., Any], line: str, instead: str) -> None:
    """Put the function with one line changed in the place of the real one. The line must stand in it once."""
    assert isinstance(real, FunctionType)
    source = textwrap.dedent(inspect.getsource(real))
    assert source.count(line) == 1, f"{line!r} stands {source.count(line)} times in {real.__name__}"
    module = sys.modules[real.__module__]
    code = compile(
        "from __future__ import annotations\n" + source.replace(line, instead), module.__file__ or "", "exec"
    )
    made: dict[str, Any] = {}
    exec(code, vars(module) | {"__builtins__": __builtins__}, made)  # the rules' own source, one line otherwise
    mutant = FunctionType(
        made[real.__name__].__code__, vars(module), real.__name__, made[real.__name__].__defaults__, real.__closure__
    )
    mutant.__kwdefaults__ = real.__kwdefaults__
    for name, holder in list(sys.modules.items()):
        if name.startswith("foedus") and isinstance(holder, ModuleType):
            for attribute, value in list(vars(holder).items()):
                if value is real:
                    monkeypatch.setattr(holder, attribute, mutant)
    for table in _TABLES:
        for key, value in list(table.items()):
            if value is real:
                monkeypatch.setitem(table, key, mutant)
