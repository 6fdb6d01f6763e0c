"""Charts: what is drawn is what was given, on paper of any width, whatever the names; no script and no style."""

from __future__ import annotations

import itertools
import re
import struct
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.web.charts import NARROW, WIDE, Bar, Curve, Frame, Span, bars, columns, curves, gantt
from foedus.web.charts.drawing import FILLS, INK, RED, SECOND, ticks
from foedus.web.charts.picture import png
from tests.strategies import examples

FRAME = Frame("f", "A finding", "What it shows", "Whose it is")
SVG = "{http://www.w3.org/2000/svg}"
numbers = st.decimals(0, 10**6, places=2)
names = st.text(max_size=60)


def shapes(drawing, tag="rect") -> list[dict[str, str]]:
    """The shapes of the drawing itself, without its paper."""
    root = ElementTree.fromstring(drawing.alone())
    return [dict(one.attrib) for one in root.iter(SVG + tag) if one.get("height") != root.get("height")]


def lengths(drawing) -> list[float]:
    """How wide each bar is, without what the legend and a pattern have."""
    return [float(one["width"]) for one in shapes(drawing) if one["height"] in ("12.0", "14.0")]


@given(st.lists(st.tuples(names, st.lists(numbers, min_size=1, max_size=3)), min_size=1, max_size=6), st.booleans())
@examples(60)
def test_bars_are_as_long_as_their_values(given_rows, narrow):
    rows = [Bar(name, tuple(parts), "said") for name, parts in given_rows]
    drawn = bars(FRAME, rows, ("a", "b", "c"), NARROW if narrow else WIDE)
    values = [float(part) for _, parts in given_rows for part in parts if part]
    found = lengths(drawn)
    assert len(found) == len(values)
    if values:
        scale = max(found) / max(values)
        assert found == pytest.approx([value * scale for value in values], abs=0.12)


@given(names, names, numbers)
@examples(60)
def test_whatever_the_names_it_is_xml_within_its_paper_without_script_or_style(name, title, value):
    frame = Frame("f", title, name, title)
    for width in (WIDE, NARROW):
        for drawn in (
            bars(frame, [Bar(name, heading=True), Bar(name, (value,), name, low=value, open=True)], (name, "b"), width),
            columns(frame, (name,), [(date(2024, 1, 1), (value,)), (date(2024, 2, 1), (None,))], width),
            curves(frame, [Curve(name, ((date(2024, 1, 1), value), (date(2025, 1, 1), 0)))], width),
            gantt(frame, [Span(name, date(2024, 1, 1), date(2025, 1, 1), (0.5,), name, late=True)], (name,), width),
        ):
            for text in (drawn.alone().decode(), str(drawn.inline())):
                root = ElementTree.fromstring(text)
                assert not re.search(r"<script| style=|<style|javascript:| on\w+=", re.sub(r">[^<]*<", "><", text))
                assert root.find(f"{SVG}title") is not None or root.find("title") is not None
            for one in shapes(drawn):
                assert -1 <= float(one.get("x", 0)) <= drawn.width
                assert float(one.get("x", 0)) + float(one["width"]) <= drawn.width + 1


def test_it_is_read_as_one_picture_with_its_finding_and_what_it_shows():
    wide, narrow = (bars(FRAME, [Bar("a", (1,), "1")], (), width).inline() for width in (WIDE, NARROW))
    for drawn in (wide, narrow):
        root = ElementTree.fromstring(str(drawn))
        assert root.get("role") == "img"
        labels = root.get("aria-labelledby", "").split()
        assert [one.text for one in root if one.get("id") in labels] == ["A finding", "What it shows"]
    ids = re.findall(r' id="([^"]+)"', f"{wide}{narrow}")
    assert len(ids) == len(set(ids)) == 4


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_letters_are_readable_and_neighbouring_fills_differ_in_lightness():
    for colour in (INK, SECOND, RED):
        assert contrast(colour, "#ffffff") >= 4.5
    plain = list(FILLS[:3])
    for one, other in itertools.pairwise(plain):
        assert contrast(one, other) >= 2
    assert FILLS[4] == "hatch"


def test_a_whisker_runs_from_what_is_certain_to_what_may_be():
    rows = [Bar("a", (10,), "10", low=10, high=20), Bar("b", (20,), "20 or more", low=20, open=True)]
    lines = [one["points"] for one in shapes(bars(FRAME, rows, (), WIDE), "polyline")]
    spans = [[float(pair.split(",")[0]) for pair in points.split()] for points in lines]
    level = [
        points for points, line in zip(spans, lines, strict=True) if len({p.split(",")[1] for p in line.split()}) == 1
    ]
    closed, opened = (points for points in level if abs(points[0] - points[-1]) > 1)
    first, second = lengths(bars(FRAME, rows, (), WIDE))
    assert closed[-1] - closed[0] == pytest.approx(second - first, abs=0.5)
    assert opened[0] == pytest.approx(closed[-1], abs=0.5)


def area_of(points: str) -> float:
    corners = [tuple(map(float, pair.split(","))) for pair in points.split()]
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=8))
@examples(60)
def test_the_gap_is_what_lies_between_the_need_and_what_there_is_where_it_is_less(pairs):
    days = [date(2024 + at, 1, 1) for at in range(len(pairs))]
    need = Curve("need", tuple(zip(days, [one for one, _ in pairs], strict=True)))
    there = Curve("there", tuple(zip(days, [other for _, other in pairs], strict=True)), gap=True)
    drawn = curves(FRAME, [need, there], WIDE)
    hatched = sum(area_of(one["points"]) for one in shapes(drawn, "polygon"))
    missing = 0.0
    for (n0, t0), (n1, t1) in itertools.pairwise(pairs):
        before, after = n0 - t0, n1 - t1
        if before >= 0 and after >= 0:
            missing += (before + after) / 2
        elif before * after < 0:
            missing += max(before, after) ** 2 / (abs(before) + abs(after)) / 2
    if missing == 0:
        assert hatched < 1
        return
    most = ticks(max(max(pair) for pair in pairs), 4)[-1]
    field = (WIDE - 8 - min(float(one["x"]) for one in shapes(drawn, "text"))) / (len(pairs) - 1) * 260 / most
    assert hatched / field == pytest.approx(missing, rel=0.15, abs=1)


def test_a_span_is_filled_by_its_steps_inside_out_and_late_is_marked():
    made = gantt(
        FRAME, [Span("a", date(2024, 1, 1), date(2025, 1, 1), (Decimal("0.25"), Decimal("0.5")), "late", late=True)]
    )
    white, verified, delivered = [one for one in shapes(made) if one["height"] == "12.0"]
    assert (verified["fill"], delivered["fill"]) == FILLS[:2]
    assert float(delivered["width"]) == pytest.approx(2 * float(verified["width"]), abs=0.2)
    assert float(white["width"]) == pytest.approx(4 * float(verified["width"]), abs=0.3)
    assert any(one["fill"] == RED for one in shapes(made, "path"))
    assert not list(shapes(gantt(FRAME, [Span("a", date(2024, 1, 1), date(2025, 1, 1))]), "path"))


@given(st.floats(0, 1e15, allow_nan=False))
@examples(100)
def test_ticks_are_round_few_and_reach_the_most(most):
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most * 0.999999
    assert 2 <= len(found) <= 13


def test_nothing_to_draw_is_an_empty_paper():
    for drawn in (bars(FRAME, []), columns(FRAME, (), []), curves(FRAME, []), gantt(FRAME, [])):
        ElementTree.fromstring(drawn.alone())


def test_as_a_picture_it_is_twice_its_size():
    svg = bars(FRAME, [Bar("Україна", (1,), "1")], (), WIDE).alone()
    picture = png(svg)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", picture[16:24])
    root = ElementTree.fromstring(svg)
    assert (wide, high) == (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0)))
    assert png(svg) == picture


@given(st.lists(st.tuples(numbers, numbers, st.booleans()), min_size=1, max_size=5), st.booleans())
@examples(40)
def test_whiskers_of_bars_and_columns_begin_where_these_end_and_stay_on_the_paper(several, narrow):
    width = NARROW if narrow else WIDE
    ranges = [(low, low + more, is_open) for low, more, is_open in several]
    rows = [Bar("one", (low,), "7", low=low, high=high, open=is_open) for low, high, is_open in ranges]
    months = [(date(2024, place + 1, 1), (low,)) for place, (low, _, _) in enumerate(ranges)]
    tops = [None if is_open else high for _, high, is_open in ranges]
    for drawn in (bars(FRAME, rows, (), width), columns(FRAME, ("a",), months, width, most=tops)):
        points = [
            tuple(map(float, point.split(",")))
            for line in shapes(drawn, "polyline") for point in line["points"].split()
        ]  # fmt: skip
        assert all(-1 <= x <= width + 1 and -1 <= y <= drawn.height + 1 for x, y in points)
    arrows = [one for one in shapes(bars(FRAME, rows, (), width), "polyline") if len(one["points"].split()) == 3]
    assert len(arrows) == sum(is_open for _, _, is_open in ranges)
