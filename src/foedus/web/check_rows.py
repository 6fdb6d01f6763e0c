"""What a check has answered so far, as pages show it: rows of verdicts, of stories, of who can block.

The answers come from a process of their own (`checks`), in both languages; here they get symbols, columns and order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from foedus.check import structured
from foedus.check.answers import clock
from foedus.check.differences import EXTENTS, about, differences, side
from foedus.web.check_runs import Run
from foedus.web.frame import Table
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.titles import INCIDENT_KINDS, title

Answer = dict[str, Any]
_MOST_NAMED = 8


class Step(Struct, frozen=True):
    """A numbered step of a story. `party` and `said` are empty where time passes."""

    number: int
    hours: str
    party: str
    said: str
    provision: str
    became_true: tuple[str, ...]


class Row(Struct, frozen=True):
    """One guarantee. `quick`: seen in a quick look only. `limits`: what the verdict rests on.

    `followed`: whether anything is known of it.
    """

    number: int
    id: str
    title: str
    mark: Mark
    holds: bool | None
    quick: bool
    who: str
    limits: tuple[str, ...]
    story: tuple[Step, ...]
    problem: str
    guarantors: int
    answer: Answer
    followed: bool = True


class Blocking(Struct, frozen=True):
    """Who can block under one rule, by one reading."""

    provision: str
    title: str
    roll: int
    reading: str
    only: str
    sets: str
    inside: str
    outside: str
    never: str
    to_act: str
    power: tuple[tuple[str, str, str], ...]


class Told:
    """A run in the words of one page. `among_all`: the same text asked among all on the roll; None where nobody did."""

    def __init__(self, page: Page, run: Run) -> None:
        self.page, self.run = page, run
        self.among_all: Run | None = page.console.checks.among_all(run)
        lang = page.lang
        self.text: Answer | None = run.text[lang] if run.text else None
        self.structure: Answer | None = run.structure[lang] if run.structure else None
        self.faults: list[Answer] = run.findings[lang] if run.findings else []
        self.looks: list[Answer] = self.structure["findings"] if self.structure else []
        self.names: dict[str, str] = self.text["names"] if self.text else {}
        self.problem = run.problem[lang]

    def name(self, code: str) -> str:
        """A party or player by its name."""
        body, _, number = code.partition("/")
        return self.names.get(code) or (f"{body} {number}" if number else code)

    def listed(self, codes: Sequence[str], most: int = 60) -> str:
        """Several names; of very many the first and how many more."""
        more = f" (+{self.page.number(len(codes) - most)})" if len(codes) > most else ""
        return ", ".join(map(self.name, codes[:most])) + more

    def provision(self, id_: str) -> str:
        """The title of a provision; empty where the text has none of that id."""
        titles: dict[str, str] = self.text["provisions"] if self.text else {}
        return titles.get(id_, "")

    def part(self, part: str) -> str:
        """A part of a text's file, in words."""
        _ = self.page.words.gettext
        return {
            "parties": _("parties"), "groups": _("groups"), "weights": _("weights"), "bodies": _("bodies"),
            "agreements": _("instruments beside it"), "provisions": _("provisions"),
        }[part]  # fmt: skip

    def day(self, value: str) -> str:
        """A calendar day that came as text."""
        return self.page.day(date.fromisoformat(value))

    @property
    def rows(self) -> list[Row]:
        """Every guarantee in the order of the text, those too that nobody has followed yet."""
        run, lang = self.run, self.page.lang
        asked = self.text["guarantees"] if self.text else []
        rows = []
        for number, (id_, words) in enumerate(asked, 1):
            found = self._among_all(number) or run.verdicts.get(number) or run.quick.get(number)
            rows.append(
                self._row(number, found[lang], number not in run.verdicts)
                if found is not None
                else self._waiting(number, id_, words)
            )
        return rows

    def _among_all(self, number: int) -> Answer | None:
        """The answer among all on the roll, where they could be followed."""
        found = self.among_all.verdicts.get(number) if self.among_all is not None else None
        return found if found is not None and found["en"]["holds"] is not None else None

    def _waiting(self, number: int, id_: str, words: str) -> Row:
        _ = self.page.words.gettext
        mark = Mark("empty", "ink", _("Not shown")) if self.run.ended else Mark("clock", "ink", _("Not followed yet"))
        answer: Answer = {
            "id": id_, "title": words, "holds": None, "prevented_by": "", "story": [], "states": 0, "steps": 0,
            "all_explored": False,
        }  # fmt: skip
        return Row(number, id_, words, mark, None, False, "", (), (), "", 1, answer, followed=False)

    def _row(self, number: int, answer: Answer, quick: bool) -> Row:
        story = tuple(
            Step(place, clock(one["hours"]), self.name(one["party"]) if one["party"] else "", one["said"],
                 one["provision"], tuple(one["became_true"]))
            for place, one in enumerate(answer["story"], 1)
        )  # fmt: skip
        return Row(
            number, answer["id"], answer["title"], self._mark(answer), answer["holds"], quick,
            self.name(answer["prevented_by"]) if answer["prevented_by"] else "", tuple(answer["limits"]), story,
            answer["problem"], max(1, len(answer["parties"]) - 1), answer,
        )  # fmt: skip

    def _mark(self, answer: Answer) -> Mark:
        _ = self.page.words.gettext
        if answer["problem"]:
            return Mark("triangle", "amber", _("Cannot be asked"))
        if answer["holds"] is None:
            return Mark("empty", "ink", _("Not shown"))
        return Mark("tick", "green", _("It holds")) if answer["holds"] else Mark("cross", "red", _("Broken"))

    @property
    def blocking(self) -> list[Blocking]:
        """Every rule that counts parties, in every reading left open."""
        return [self._blocking(one) for one in self.structure["rules"]] if self.structure else []

    def _blocking(self, rule: Answer) -> Blocking:
        words = self.page.words
        alone, outside = rule["block_alone"], set(rule["outside"])
        everybody = len(alone) == rule["roll"] > 1
        power = sorted(rule["banzhaf"].items(), key=lambda one: (-structured.value(one[1]), self.name(one[0])))
        percent = structured.percent
        return Blocking(
            rule["provision"], self.provision(rule["provision"]), rule["roll"],
            words.gettext(structured.READINGS[rule["reading"]]) if rule["reading"] else "", rule["only"] or "",
            structured.blocking_line(words, rule),
            words.gettext("everyone") if everybody else self.listed([one for one in alone if one not in outside]),
            self.listed([one for one in alone if one in outside]), self.listed(rule["never_decisive"], _MOST_NAMED),
            percent(words, rule["power_to_act"]),
            tuple((self.name(who), percent(words, share), percent(words, rule["shapley_shubik"][who]))
                  for who, share in power),
        )  # fmt: skip

    @property
    def times(self) -> list[tuple[str, str, bool]]:
        """Each step with a clock, its longest time, and whether it may never end."""
        words = self.page.words
        found = self.structure["worst_times"] if self.structure else {}
        return [
            (structured.step_name(words, step), structured.span(words, time), time is None)
            for step, time in found.items()
        ]

    @property
    def judgement(self) -> list[tuple[str, str, str, str]]:
        """Terms left to judgement: provision, its title, the term, and to whom it is left."""
        groups: dict[str, str] = self.text["groups"] if self.text else {}
        found = self.structure["judgement"] if self.structure else []
        return [
            (one["provision"], self.provision(one["provision"]), one["term"],
             ", ".join(groups.get(who) or self.name(who) for who in one["by"]))
            for one in found
        ]  # fmt: skip

    @property
    def coverage(self) -> list[tuple[str, str, tuple[int, ...]]]:
        """Of each provision, how many instruments beside the text cover it in full, in part, or are weaker."""
        found: dict[str, dict[str, str]] = self.structure["coverage"] if self.structure else {}
        return [
            (id_, self.provision(id_), tuple(sum(one == extent for one in by.values()) for extent in EXTENTS))
            for id_, by in found.items()
        ]

    @property
    def instruments(self) -> int:
        """How many instruments stand beside the text."""
        return len(self.text["agreements"]) if self.text else 0

    @property
    def unopened(self) -> str:
        """Kinds of incident on which the text opens nothing."""
        found = self.structure["unopened"] if self.structure else []
        return ", ".join(title(self.page.words, INCIDENT_KINDS, kind) for kind in found)

    @property
    def soft(self) -> list[tuple[str, str]]:
        """Deadlines that bind nobody: a provision of the text, or an instrument beside it, with its title."""
        titles: dict[str, str] = self.text["agreements"] if self.text else {}
        return [(id_, self.provision(id_) or titles.get(id_, "")) for id_ in (self.structure or {}).get("soft", ())]

    # --- how far it is ------------------------------------------------------------------------------------------

    @property
    def share(self) -> int:
        """How many thousandths of the questions are answered."""
        return len(self.run.verdicts) * 1000 // max(1, self.run.questions)

    @property
    def progress(self) -> str:
        """How far it is, or how it ended, in a sentence."""
        _, run, page = self.page.words.gettext, self.run, self.page
        if run.findings or run.ended == "text":
            return _("The text cannot be read as a compact.")
        if not run.ended:
            if run.text is None:
                return _("The text is being read, or waits for its turn.")
            return _(
                "A quick look first; answered to the end: %(done)s of %(all)s. States of the next: %(states)s.",
                done=page.number(len(run.verdicts)), all=page.number(run.questions), states=page.number(run.states),
            ) if run.quick_first else _(
                "Answered: %(done)s. States of the next: %(states)s.",
                done=page.number(len(run.verdicts)), states=page.number(run.states),
            )  # fmt: skip
        return {
            "done": _("Every question is answered, within the bounds that are named."),
            "stopped": _("It was stopped: what is not shown was not followed."),
            "time": _("Its time was over: what is not shown was not followed."),
            "memory": _("Its memory was full: what is not shown was not followed."),
        }.get(run.ended, _("It failed, and that is our fault: what is shown holds, the rest was not followed."))

    # --- among all on the roll ----------------------------------------------------------------------------------

    @property
    def roll(self) -> int:
        """How many are on the roll."""
        return int(self.text["roll"]) if self.text else 0

    @property
    def asking(self) -> bool:
        """Whether everybody is being asked now, or soon."""
        return self.among_all is not None and not self.among_all.ended

    @property
    def unasked(self) -> bool:
        """Whether something holds among few that was not answered among all, and nobody asks."""
        answered = self.among_all.verdicts if self.among_all is not None else {}
        return bool(self.run.ended) and not self.asking and bool(set(self.run.held) - set(answered))

    @property
    def share_of_all(self) -> int:
        """How many thousandths of what is asked among all are answered."""
        found = self.among_all
        return len(found.verdicts) * 1000 // max(1, len(found.everybody)) if found is not None else 0

    @property
    def progress_of_all(self) -> str:
        """How far the question to everybody is, or how it ended, in a sentence or two."""
        _, page, run, count = self.page.words.gettext, self.page, self.among_all, self.page.number(self.roll)
        if run is None:
            return _("What holds was asked among few; it can be asked among all %(count)s on the roll.", count=count)
        if run.waits:
            return _("It waits for its turn: one text at a time is asked among all on its roll.")
        if not run.ended:
            return _(
                "Among all %(count)s on the roll, answered: %(done)s of %(all)s. States of the next: %(states)s.",
                count=count, done=page.number(len(run.verdicts)), all=page.number(len(run.everybody)),
                states=page.number(run.states),
            )  # fmt: skip
        if run.ended == "done":
            said = _("What holds among few was asked among all %(count)s on the roll.", count=count)
            unknown = sum(one["en"]["holds"] is None for one in run.verdicts.values())
            more = page.words.ngettext(
                "%(num)s guarantee has more states there than are followed.",
                "%(num)s guarantees have more states there than are followed.", unknown,
            ) if unknown else ""  # fmt: skip
            return f"{said} {more}".rstrip()
        how = {
            "stopped": _("it was stopped"), "time": _("its time was over"), "memory": _("its memory was full"),
        }.get(run.ended, _("it failed, and that is our fault"))  # fmt: skip
        return _(
            "Among all %(count)s on the roll, answered: %(done)s of %(all)s, then %(how)s.", count=count,
            done=page.number(len(run.verdicts)), all=page.number(len(run.everybody)), how=how,
        )  # fmt: skip


def _sure(told: Told) -> dict[str, Answer]:
    """Verdicts that stay as they are: not those of a quick look that showed nothing."""
    return {row.id: row.answer for row in told.rows if row.followed and (not row.quick or row.holds is False)}


def otherwise(page: Page, before: Told, after: Told) -> list[tuple[str, ...]] | None:
    """What is otherwise in the second text: kind, what about, and both sides. None while one is not known."""
    if before.structure is None or after.structure is None:
        return None
    old, new, words = _sure(before), _sure(after), page.words
    if not (before.run.ended and after.run.ended):  # what is not answered yet is not otherwise
        old, new = ({id_: one for id_, one in both.items() if id_ in old and id_ in new} for both in (old, new))
    was = {**before.structure, "guarantees": list(old.values())}
    now = {**after.structure, "guarantees": list(new.values())}
    titles = {row.id: row.title for row in (*before.rows, *after.rows)}
    found = []
    for one in differences(was, now):
        what = titles.get(one["id"], one["id"]) if one["what"] == "guarantees" else about(words, one)
        sides = (side(words, one["what"], one[name], told.name) for name, told in (("was", before), ("is", after)))
        found.append((one["what"], what, *sides))
    return found


def changed(before: Told, after: Told) -> list[str]:
    """Provisions whose words or clauses differ, or that only one of the texts has."""
    if before.text is None or after.text is None:
        return []
    old, new = before.text["texts"], after.text["texts"]
    return [one for one in dict.fromkeys((*old, *new)) if old.get(one) != new.get(one)]


def tables(told: Told) -> dict[str, Table]:
    """The tables of a check, as CSV has them: codes and exact fractions."""
    structure: Answer = told.structure or {}
    rules = structure.get("rules", [])
    return {
        "guarantees": Table(
            ("number", "guarantee", "title", "holds", "prevented_by", "quick", "states", "steps", "all_explored",
             "guarantors"),
            [(row.number, row.id, row.title, row.holds, row.answer["prevented_by"], row.quick, row.answer["states"],
              row.answer["steps"], row.answer["all_explored"], row.guarantors) for row in told.rows],
        ),
        "stories": Table(
            ("guarantee", "step", "hours", "party", "act", "provision", "said", "became_true"),
            list(_story_rows(told)),
        ),
        "blockers": Table(
            ("provision", "rule", "reading", "roll", "smallest_sets_by_size", "alone", "outside", "never_decisive",
             "power_to_act"),
            [(one["provision"], one["rule"], one["reading"], one["roll"], _sets(one), " ".join(one["block_alone"]),
              " ".join(one["outside"]), " ".join(one["never_decisive"]), one["power_to_act"]) for one in rules],
        ),
        "power": Table(
            ("provision", "rule", "reading", "player", "banzhaf", "shapley_shubik"),
            [(one["provision"], one["rule"], one["reading"], who, share, one["shapley_shubik"][who])
             for one in rules for who, share in one["banzhaf"].items()],
        ),
        "times": Table(("step", "seconds"), list(structure.get("worst_times", {}).items())),
        "judgement": Table(
            ("provision", "term", "by"),
            [(one["provision"], one["term"], " ".join(one["by"])) for one in structure.get("judgement", ())],
        ),
        "coverage": Table(
            ("provision", "instrument", "extent"),
            [(id_, agreement, extent) for id_, by in structure.get("coverage", {}).items()
             for agreement, extent in by.items()],
        ),
    }  # fmt: skip


def _sets(rule: Answer) -> str:
    sets = rule["smallest_blocking_sets_by_size"]
    return "" if sets is None else " ".join(f"{size}:{number}" for size, number in sets.items())


def _story_rows(told: Told) -> Iterator[tuple[object, ...]]:
    for row in told.rows:
        for number, one in enumerate(row.answer["story"], 1):
            yield (row.id, number, one["hours"], one["party"], one["act"], one["provision"], one["said"],
                   " | ".join(one["became_true"]))  # fmt: skip
