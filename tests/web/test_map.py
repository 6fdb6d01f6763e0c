"""The map: Crimea is Ukraine, only parties are shaded, and whoever lies beyond its frame is named below it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from foedus.web.charts import NARROW, WIDE, Frame, Shade, land
from foedus.web.charts.drawing import FILLS
from foedus.web.charts.land import LAND, NONE, beyond, outline, place, rings
from foedus.web.charts.picture import png
from tools.map import MOST_BYTES, TARGET, Projection, clipped, inside, thinned

FRAME = Frame("where", "Two hold it", "Boundaries imply no position.")
# Degrees east and north. Of each, the one shape in which it lies.
TOWNS = {
    "Simferopol": (34.10, 44.95, "UKR"), "Sevastopol": (33.60, 44.58, "UKR"), "Kerch": (36.40, 45.33, "UKR"),
    "Yalta": (34.10, 44.55, "UKR"), "Dzhankoi": (34.39, 45.71, "UKR"), "Kyiv": (30.52, 50.45, "UKR"),
    "Donetsk": (37.80, 48.00, "UKR"), "Luhansk": (39.30, 48.57, "UKR"), "Uzhhorod": (22.35, 48.60, "UKR"),
    "Krasnodar": (38.98, 45.04, "RUS"), "Kaliningrad": (20.70, 54.70, "RUS"), "Moscow": (37.62, 55.75, "RUS"),
    "Warsaw": (21.01, 52.23, "POL"), "Chisinau": (28.86, 47.01, "MDA"), "Brussels": (4.35, 50.85, "BEL"),
    "Bern": (7.45, 46.95, "CHE"), "Ankara": (32.85, 39.93, "TUR"), "Reykjavik": (-21.7, 64.1, "ISL"),
}  # fmt: skip


def holds(code: str, point: tuple[float, float]) -> bool:
    """Whether a point lies in the shape: within an odd number of its lines."""
    return sum(inside(point, ring) for ring in rings(code)) % 2 == 1


@pytest.mark.parametrize("town", TOWNS)
def test_a_town_lies_in_its_state_and_in_no_other(town):
    lon, lat, state = TOWNS[town]
    assert [code for code in outline()["paths"] if holds(code, place(lon, lat))] == [state]


def test_no_line_is_left_between_crimea_and_the_mainland():
    """One ring has both, and no piece of it runs across the isthmus of Perekop."""
    both = [ring for ring in rings("UKR") if inside(place(34.10, 44.95), ring)]
    assert len(both) == 1
    assert inside(place(30.52, 50.45), both[0])
    assert inside(place(33.70, 46.14), both[0])


def test_the_outline_is_small_and_says_what_it_is_made_of():
    assert TARGET.stat().st_size <= MOST_BYTES
    assert "Natural Earth" in outline()["source"]
    assert "public domain" in outline()["source"]
    assert {"UKR", "POL", "GBR", "MLT", "LUX", "TUR", "ISL", "NOR"} <= set(outline()["paths"])


def test_what_draws_projects_as_what_made_the_outline_did():
    project = Projection()
    for lon, lat, _ in TOWNS.values():
        assert place(lon, lat) == pytest.approx(project(lon, lat), abs=1e-3)


def test_a_line_is_thinned_without_moving_its_ends_and_clipped_at_the_frame():
    line = [(0.0, 0.0), (5.0, 0.1), (10.0, 0.0), (10.0, 5.0)]
    assert thinned(line) == [(0.0, 0.0), (10.0, 0.0), (10.0, 5.0)]
    square = [(-100.0, 10.0), (50.0, 10.0), (50.0, 20.0), (-100.0, 20.0)]
    assert min(x for x, _ in clipped(square, 100)) == -4.0
    assert clipped([(-90.0, 1.0), (-80.0, 1.0), (-80.0, 9.0)], 100) == []


SHADES = {
    "BEL": Shade("Belgium", 0, "193", "Belgium: 193"), "DEU": Shade("Germany"),
    "JPN": Shade("Japan", 1, "n/d"), "KOR": Shade("Korea"),
}  # fmt: skip
CLASSES = ((0, "much"), (1, "not disclosed"), (None, "nothing"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_only_parties_are_shaded(width):
    drawn = ET.fromstring(land(FRAME, SHADES, CLASSES, "Beyond", width).alone())
    fills = [one.get("fill") for one in drawn.iter("{http://www.w3.org/2000/svg}path")]
    assert fills.count(FILLS[0]) == 1
    assert fills.count(NONE) == 1
    assert fills.count(LAND) == len(outline()["paths"]) - 2


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_who_lies_beyond_the_frame_is_listed_with_what_is_said(width):
    words = re.findall(r">([^<>]+)</text>", land(FRAME, SHADES, CLASSES, "Beyond", width).inline())
    assert words[-3:] == ["Beyond", "Japan", "n/d"]
    assert "Korea" not in words
    assert ("193" in words) == (width == WIDE)
    assert beyond(SHADES) == ["JPN", "KOR"]


def test_values_do_not_stand_on_each_other():
    crowded = {code: Shade(code, 0, "1234.5") for code in outline()["middles"]}
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle"', land(
        FRAME, crowded, CLASSES, "Beyond", WIDE).inline())  # fmt: skip
    at = sorted((float(x), float(y)) for x, y in found)
    assert len(at) > 10
    assert not [(a, b) for a, b in pairwise(at) if abs(a[0] - b[0]) < 20 and abs(a[1] - b[1]) < 12]


def test_a_name_is_said_when_its_shape_is_pointed_at_and_nothing_in_it_is_markup():
    odd = {"BEL": Shade("B", 0, "1", "<b>&")}
    assert "<title>&lt;b&gt;&amp;</title>" in land(FRAME, odd, CLASSES, "Beyond", WIDE).inline()


def test_it_can_be_had_as_a_picture():
    assert png(land(FRAME, SHADES, CLASSES, "Beyond", WIDE).alone()).startswith(b"\x89PNG")
