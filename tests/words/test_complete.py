"""Both languages are complete: every message has its Ukrainian, every Ukrainian entry a message.

`python tests/words/test_complete.py` lists what is missing as entries to copy, and what nothing uses.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from foedus.words.catalogue import LOCALE, messages, read_area

SRC = Path(__file__).parents[2] / "src/foedus"
# Which arguments of which call are messages; `say` and `say_number` are of words/speech.py.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "mark", "say"), (0,)),
    **dict.fromkeys(("ngettext", "say_number"), (0, 1)),
    **dict.fromkeys(("pgettext", "Refused"), (1,)),
}
# What is made of a sentence, which must be one literal: the four errors, and what is said in the same way.
SENTENCES = (
    "Malformed",
    "Conflict",
    "Tampered",
    "MissingText",
    "Continued",
    "Waits",
    "Unanswered",
    "NotHere",
    "NotYet",
    "Phrase",
    "Refused",
)
KEYWORDS |= dict.fromkeys(SENTENCES[:-1], (0,))
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)(?:![rs])?\}")
CHOICE = re.compile(r"\{[^{}|]*\|[^{}|]*\}")
Message = str | tuple[str, str]


def python_messages(path: Path) -> Iterator[tuple[int, Message, str]]:
    """Line, message and call of every message in a module, also those within f-strings."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        places = KEYWORDS.get(name, ())
        if not places or len(node.args) <= places[-1]:
            continue
        found = [node.args[place] for place in places]
        said = [item.value for item in found if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if len(said) == len(places):
            yield node.lineno, said[0] if len(said) == 1 else (said[0], said[1]), name
        elif name in SENTENCES:
            yield node.lineno, "", name


def template_messages(path: Path) -> Iterator[tuple[int, Message]]:
    """Line and message of every message in a Jinja template."""
    options = {"encoding": "utf-8", "newstyle_gettext": "true", "silent": "false", "trimmed": "true"}
    with path.open("rb") as file:
        for line, name, found, _ in babel_extract(file, ("_", "gettext", "ngettext", "pgettext"), [], options):
            if name == "ngettext" and isinstance(found, tuple):
                yield line, (str(found[0]), str(found[1]))
            elif name == "pgettext" and isinstance(found, tuple):
                yield line, str(found[1])
            elif isinstance(found, str):
                yield line, found
            elif found:  # a message with values: `_("entry %(n)s", n=1)`
                yield line, str(found[0])


@cache
def used() -> dict[str, list[tuple[str, Message]]]:
    """Every message that code or templates say, with the places that say it."""
    found: dict[str, list[tuple[str, Message]]] = defaultdict(list)
    for path in sorted(SRC.rglob("*.py")):
        for line, message, _ in python_messages(path):
            key = message if isinstance(message, str) else message[0]
            found[key].append((f"{path.relative_to(SRC)}:{line}", message))
    for pattern in ("*.html", "*.txt", "*.xml", "*.jinja"):
        for path in sorted((SRC / "web").rglob(pattern)):
            if "static" in path.relative_to(SRC).parts:
                continue
            for line, message in template_messages(path):
                key = message if isinstance(message, str) else message[0]
                found[key].append((f"{path.relative_to(SRC)}:{line}", message))
    found.pop("", None)
    return dict(found)


ENTRIES = list(messages("uk"))
SAID = {message.id if isinstance(message.id, str) else message.id[0]: message for _, message in ENTRIES}


def forms(string: object) -> list[str]:
    return [string] if isinstance(string, str) else [str(form) for form in string or ()]  # type: ignore[attr-defined]  # Babel gives text or a sequence of texts


def test_every_message_has_its_ukrainian():
    missing = [f"{places[0][0]}: {key!r}" for key, places in used().items() if key not in SAID]
    assert not missing, "\n".join(missing)


def test_every_entry_is_used():
    unused = [f"{area}.po: {message.id!r}" for area, message in ENTRIES if one(message.id) not in used()]
    assert not unused, "\n".join(unused)


def one(id_: object) -> str:
    return id_ if isinstance(id_, str) else str(id_[0])  # type: ignore[index]  # a plural: singular first


def test_no_entry_is_empty_fuzzy_or_doubled():
    empty = [message.id for _, message in ENTRIES if not all(forms(message.string)) or not message.string]
    assert not empty
    assert not [message.id for _, message in ENTRIES if message.fuzzy]
    count = Counter((message.context, one(message.id)) for _, message in ENTRIES)
    assert not [key for key, times in count.items() if times > 1]


def test_plurals_have_three_forms():
    for key, places in used().items():
        for place, message in places:
            if isinstance(message, tuple):
                entry = SAID[key]
                assert tuple(entry.id) == message, f"{place}: another plural in the catalogue"
                assert len(forms(entry.string)) == 3, f"{place}: three forms were expected"


def placeholders(text: str) -> set[str]:
    return {"".join(found) for found in PLACEHOLDER.findall(CHOICE.sub("", text))}


@pytest.mark.parametrize("area", sorted(path.stem for path in (LOCALE / "uk").glob("*.po")))
def test_placeholders_are_the_same_in_both_languages(area):
    for message in read_area(LOCALE / "uk" / f"{area}.po"):
        if not message.id:
            continue
        said = [message.id] if isinstance(message.id, str) else list(message.id)
        names = set().union(*(placeholders(text) for text in said))
        for form in forms(message.string):
            assert placeholders(form) == names, f"{area}.po: {message.id!r}: {form!r}"
            assert not CHOICE.search(form) or "%(who)s" in form, f"{area}.po: a choice without a subject: {form!r}"


def test_an_error_is_said_in_a_sentence_that_can_be_translated():
    built = [
        f"{path.relative_to(SRC)}:{line}"
        for path in sorted(SRC.rglob("*.py"))
        for line, message, name in python_messages(path)
        if name in SENTENCES and message == ""
    ]
    assert not built, f"an error whose sentence is not one literal: {built}"


def test_an_f_string_hides_no_message(tmp_path):
    module = tmp_path / "page.py"
    module.write_text("x = f\"{words.gettext('inside')} {s.say('%(who)s {is|are}', p)}\"\n", "utf-8")
    assert [message for _, message, _ in python_messages(module)] == ["inside", "%(who)s {is|are}"]


def test_templates_are_read(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "{{ _('plain') }}{{ ngettext('%(num)s a', '%(num)s b', n) }}{% trans %}block{% endtrans %}", "utf-8"
    )
    assert [message for _, message in template_messages(page)] == [
        "plain",
        ("%(num)s a", "%(num)s b"),
        "block",
    ]


def main() -> None:
    """What is missing, by file, as catalogue entries; then what nothing uses."""
    for key, places in used().items():
        if key not in SAID:
            place, said = places[0]
            print(f"#: {place}\nmsgid {quoted(key)}")
            if isinstance(said, tuple):
                print(f"msgid_plural {quoted(said[1])}\n" + "".join(f'msgstr[{n}] ""\n' for n in range(3)))
            else:
                print('msgstr ""\n')
    for area, message in ENTRIES:
        if one(message.id) not in used():
            print(f"# unused in {area}.po: {message.id!r}")


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    main()
