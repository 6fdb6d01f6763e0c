"""What must not drift: who imports whom, what a rule may touch, how long things are, what a file may say.

The directions are those of docs/design.md. `python tests/test_house.py` lists the longest files and
functions.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src/foedus"
VENDOR = "src/foedus/web/static/vendor/"

# The five that share one shape, and `parties`, which has it too.
DOMAIN = {"parties", "response", "commitments", "sanctions", "reparations"}

# Who may import whom. `*.acts`, `*.state` and `*.rules` are the modules of a domain package (`*.rules`:
# whatever there is neither acts nor state), plain names are packages or modules at the top. A module may
# always import its own group.
MAY_IMPORT = {
    "errors": "",
    "history": "errors",
    "seen": "",
    "collector": "",
    "unseen": "",
    "record": "errors history unseen",
    "archive": "errors history",
    "screening": "errors history",
    "claims": "errors",
    "compact": "errors history unseen",
    "*": "",  # the __init__ of a domain package says what it is for and imports nothing of ours
    "*.acts": "*",
    "*.state": "* *.acts history errors",  # never rules, never compact: that line keeps history safe
    "acts": "* *.acts record errors history",
    "state": "* *.acts *.state acts history seen errors",
    "*.rules": "* *.acts *.state acts state compact history errors",
    "rules": "* *.acts *.state *.rules acts state compact history errors",
}
BELOW = (
    "* *.acts *.state *.rules acts state rules compact record archive screening claims history seen errors collector"
    " unseen"
)
MAY_IMPORT |= {
    "admission": BELOW,
    "cache": BELOW,
    "checking": f"{BELOW} admission",
    "own_acts": f"{BELOW} admission",
    "receipt": BELOW,
    "replay": f"{BELOW} admission",
    "compacts": BELOW,
    "logs": BELOW,
    "succession": f"{BELOW} logs",
    "recording": f"{BELOW} admission checking compacts own_acts receipt succession",
    "depositary": f"{BELOW} cache checking compacts receipt recording replay",
    "clock": f"{BELOW} depositary",
}
# `other`: a module at the top without a line here, which serves several applications, like what builds the
# exercise.
APPLICATION = (
    f"{BELOW} admission cache checking compacts logs own_acts receipt recording replay succession depositary clock"
    " alerts check other"
)
MAY_IMPORT |= {
    "other": APPLICATION,
    "alerts": APPLICATION,
    "check": APPLICATION,
    "web": APPLICATION,
    "desk": f"{APPLICATION} web",
    "cli": f"{APPLICATION} web desk",
    "foedus": "",
    "__main__": "cli",
}

# What acts, states and rules may take from elsewhere: nothing here knows the time, a file, a socket or a
# setting.
PURE = {
    *(
        "__future__",
        "abc",
        "base64",
        "bisect",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
    ),
    *(
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
    ),
    *("types", "typing", "unicodedata", "msgspec", "rpds"),
}
PURE_GROUPS = {"*.acts", "*.state", "*.rules", "history", "acts", "state", "rules"}
# Importers of published lists read what they are given; they are called from the edge and no rule calls them.
IMPURE = ("foedus.sanctions.lists", "foedus.commitments.sources")

# Longer than the bounds, each with the reason why a reader would not look for two things there.
LONG_FILES: dict[str, str] = {
    "src/foedus/compact/model.py": "the language of an agreement: one Struct after another, read as one text",
    "src/foedus/response/acts.py": "the whole list of what can be said and become true in a response, only data",
    "src/foedus/sanctions/acts.py": "the same of sanctions",
    "src/foedus/commitments/acts.py": "the same of commitments",
    "src/foedus/reparations/acts.py": "the same of assets and claims",
    "src/foedus/commitments/state.py": "values and evolve, one small function for each event of the list",
    "src/foedus/sanctions/state.py": "values and evolve, one small function for each event of the list",
    "src/foedus/response/state.py": "values and evolve, one small function for each event of the list",
}
LONG_FUNCTIONS: dict[str, str] = {}
FILE_LINES, FUNCTION_LINES, ASK_LINES = 400, 70, 40

# Words that say nothing about what a thing does (docs/glossary.md has those that do).
EMPTY_WORDS = {
    "repository",
    "manager",
    "service",
    "utils",
    "util",
    "helper",
    "helpers",
    "projection",
    "aggregate",
    "saga",
}


def tracked() -> list[str]:
    """Every file of the project: what is committed, and what is new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted({name for name in listed if (ROOT / name).is_file()})


TRACKED = tracked()
PYTHON = [name for name in TRACKED if name.endswith(".py")]
OURS = [name for name in PYTHON if name.startswith("src/foedus/")]


def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text("utf-8"), name)


def module_of(name: str) -> str:
    """`src/foedus/record/__init__.py` is `foedus.record`."""
    return name.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module_of(name) for name in OURS}


def group_of(module: str) -> str:
    """The line of MAY_IMPORT that a module of ours falls under."""
    parts = module.split(".")
    if len(parts) == 1:
        return "foedus"
    if parts[1] not in DOMAIN:
        return parts[1] if parts[1] in MAY_IMPORT else "other"
    if len(parts) == 2:
        return "*"
    return f"*.{parts[2]}" if parts[2] in {"acts", "state"} else "*.rules"


def imports(name: str) -> Iterator[str]:
    """Every module that a file imports, wherever in the file: `from foedus import x` means `foedus.x`."""
    package = module_of(name).split(".")
    if not name.endswith("__init__.py"):
        package = package[:-1]
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (start, node.module) if part)
            inner = [f"{source}.{alias.name}" for alias in node.names]
            yield from (each if each in MODULES else source for each in inner)


@pytest.mark.parametrize("name", OURS)
def test_imports_go_one_way(name):
    group = group_of(module_of(name))
    allowed = {"foedus", group, *MAY_IMPORT[group].split()}
    for target in imports(name):
        to = group_of(target)
        assert not target.startswith("foedus") or to in allowed, f"{name} ({group}) may not import {target} ({to})"


@pytest.mark.parametrize("name", [name for name in OURS if group_of(module_of(name)) in PURE_GROUPS])
def test_acts_states_and_rules_touch_nothing_outside(name):
    if module_of(name).startswith(IMPURE):
        return
    for target in imports(name):
        assert target.split(".")[0] in PURE | {"foedus"}, f"{name} imports {target}"
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "utcnow", "today"}, f"{name}:{node.lineno} asks a clock"


@pytest.mark.parametrize("package", sorted(DOMAIN & {path.name for path in SRC.iterdir()}))
def test_a_domain_package_has_the_five_functions(package):
    wanted = {"rules.py": ("decide", "follow", "due", "options"), "state.py": ("evolve",)}
    for file, names in wanted.items():
        body = parsed(f"src/foedus/{package}/{file}").body
        there = {node.name for node in body if isinstance(node, ast.FunctionDef)}
        there |= {alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert set(names) <= there, f"{package}/{file}"


@pytest.mark.parametrize("name", [name for name in PYTHON if not name.startswith("tests/")])
def test_a_module_says_what_it_is_for(name):
    assert ast.get_docstring(parsed(name)), f"{name} has no docstring"


def functions(name: str) -> Iterator[tuple[str, int]]:
    """Every function of a file with its length in lines, from `def` to its end, without decorators."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("name", PYTHON)
def test_functions_are_short(name):
    long = {at: lines for at, lines in functions(name) if lines > FUNCTION_LINES and at not in LONG_FUNCTIONS}
    assert not long, f"more than {FUNCTION_LINES} lines, and no reason in LONG_FUNCTIONS: {long}"


def lines_of(name: str) -> int:
    return len((ROOT / name).read_text("utf-8").splitlines())


SIZED = [name for name in TRACKED if name.endswith((".py", ".js", ".html", ".css")) and not name.startswith(VENDOR)]


@pytest.mark.parametrize("name", SIZED)
def test_files_are_short(name):
    assert lines_of(name) <= FILE_LINES or LONG_FILES.get(name), f"{lines_of(name)} lines, no reason in LONG_FILES"


def test_every_exception_is_still_needed():
    assert {name for name in LONG_FILES if lines_of(name) <= FILE_LINES} == set()
    known = {at: lines for name in PYTHON for at, lines in functions(name)}
    assert {at for at in LONG_FUNCTIONS if known[at] <= FUNCTION_LINES} == set()


def words(identifier: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


@pytest.mark.parametrize("name", OURS)
def test_names_say_something(name):
    defined = [name.removeprefix("src/")]
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            defined.append(node.name)
    assert not [each for each in defined if words(each) & EMPTY_WORDS]


# What no file may say, and why it would be wrong to.
FORBIDDEN = {
    "a path of the machine it was written on": r"(?<![\w.*])/(?:work|root|home/\w+|Users/\w+|tmp|opt/pypi)/",
    "the address of a package index": r"pypi\.org|pythonhosted\.org|registry\.npmjs|(?:extra-)?index-url",
    "who or what typed it": r"(?i)\b(?:claude|anthropic|openai|chatgpt|copilot|llms?|co-authored-by)\b"
    r"|\blanguage model|\bAI[- ](?:generated|assist\w*|agents?)\b|\bsub-?agents?\b",
    "something left for later": r"\b(?:TODO|FIXME)\b",
}
# Data of others, quoted as published, and this file, which must name what it forbids.
QUOTED = ("tests/test_house.py", "tests/vectors/", "tests/data/", VENDOR)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says(what):
    found = []
    for name in TRACKED:
        text = "" if name.startswith(QUOTED) else (ROOT / name).read_bytes().decode("utf-8", "replace")
        if re.search(FORBIDDEN[what], text):
            lines = enumerate(text.splitlines(), 1)
            found += [f"{name}:{number}: {line[:100]}" for number, line in lines if re.search(FORBIDDEN[what], line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PYTHON)
def test_what_is_switched_off_has_its_reason_beside_it(name):
    """`# type: ignore[code]  # reason` and `# noqa: CODE  # reason`: never in silence."""
    for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1):
        mark = re.search(r"  # (?:type: ignore|noqa)\b(.*)$", line)
        assert not mark or re.fullmatch(r"(?:\[[^]]+\]|: [A-Z0-9, ]+) +\W*\w.*", mark[1]), f"{name}:{number}: {line}"


def longest() -> Iterator[str]:
    """The files and functions at which a reader would first ask whether there are two things."""
    for name in sorted(SIZED, key=lines_of, reverse=True)[:15]:
        yield f"{lines_of(name):5} lines  {name}"
    measured = sorted(((lines, at) for name in PYTHON for at, lines in functions(name)), reverse=True)
    for lines, at in measured:
        if lines > ASK_LINES:
            yield f"{lines:5} lines  {at}"


if __name__ == "__main__":
    print("\n".join(longest()))
