"""Makes the outline of Europe that maps of the console are drawn on: src/foedus/web/charts/outline.json.

It asks npm for the package named below and checks what came against the digest written here. The data are Natural
Earth's, in the public domain (https://www.naturalearthdata.com/about/terms-of-use/); the package that carries them,
world-atlas, is under the ISC licence. Natural Earth draws Crimea as part of Russia, at every scale and on purpose. The
compact speaks of Ukraine within its recognised borders, so that polygon goes to
Ukraine, and nothing is written unless Simferopol then lies in Ukraine and not in Russia. No other border is touched.

    python -m tools.map [countries-50m.json]      the file itself, where npm cannot be asked
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tools.vendor import MismatchError, fetched

TARGET = Path(__file__).parent.parent / "src/foedus/web/charts/outline.json"
PACKAGE, VERSION, FILE = "world-atlas", "2.0.2", "countries-50m.json"
SHA256 = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"
MOST_BYTES = 60_000

SIMFEROPOL = (34.10, 44.95)
# Lambert's conformal conic: two true parallels, the middle meridian, and what is seen of the plane, in earth radii.
PARALLELS, MERIDIAN = (43.0, 62.0), 15.0
FRAME = (-0.345, 0.44, -1.062, -0.402)  # west, east, south, north: from Iceland to the Caspian, Crete to the North Cape
WIDTH = 736
REACH = (-45.0, 75.0, 25.0, 84.0)  # degrees: polygons wholly beyond are not projected
COARSE = 0.45  # units: how far a line may go beside the one it stands for
LEAST = 1.2  # square units: smaller islands are left out, unless a country has nothing else

# Which shapes have a code: ISO 3166-1, as the source's numbers. What has none there is drawn as land, under no code.
CODES = {
    "008": "ALB", "012": "DZA", "020": "AND", "031": "AZE", "040": "AUT", "051": "ARM", "056": "BEL", "070": "BIH",
    "100": "BGR", "112": "BLR", "191": "HRV", "196": "CYP", "203": "CZE", "208": "DNK", "233": "EST", "234": "FRO",
    "246": "FIN", "248": "ALA", "250": "FRA", "268": "GEO", "275": "PSE", "276": "DEU", "300": "GRC", "304": "GRL",
    "336": "VAT", "348": "HUN", "352": "ISL", "364": "IRN", "368": "IRQ", "372": "IRL", "376": "ISR", "380": "ITA",
    "398": "KAZ", "400": "JOR", "422": "LBN", "428": "LVA", "434": "LBY", "438": "LIE", "440": "LTU", "442": "LUX",
    "470": "MLT", "492": "MCO", "498": "MDA", "499": "MNE", "504": "MAR", "528": "NLD", "578": "NOR", "616": "POL",
    "620": "PRT", "642": "ROU", "643": "RUS", "674": "SMR", "682": "SAU", "688": "SRB", "703": "SVK", "705": "SVN",
    "724": "ESP", "752": "SWE", "756": "CHE", "760": "SYR", "788": "TUN", "792": "TUR", "795": "TKM", "804": "UKR",
    "807": "MKD", "818": "EGY", "826": "GBR", "831": "GGY", "832": "JEY", "833": "IMN", "860": "UZB",
}  # fmt: skip
Point = tuple[float, float]
Arcs = tuple[int, ...]


class Projection:
    """Lambert's conformal conic on a sphere (Snyder 1987, p. 106), from degrees to units of the drawing."""

    def __init__(self) -> None:
        first, second = (math.radians(one) for one in PARALLELS)
        self.n = math.log(math.cos(first) / math.cos(second)) / math.log(_tan(second) / _tan(first))
        self.f = math.cos(first) * _tan(first) ** self.n / self.n
        self.scale = WIDTH / (FRAME[1] - FRAME[0])

    def __call__(self, lon: float, lat: float) -> Point:
        rho = self.f / _tan(math.radians(min(max(lat, -85.0), 89.9))) ** self.n
        theta = self.n * math.radians(lon - MERIDIAN)
        return (rho * math.sin(theta) - FRAME[0]) * self.scale, (FRAME[3] + rho * math.cos(theta)) * self.scale


def _tan(lat: float) -> float:
    return math.tan(math.pi / 4 + lat / 2)


# --- the source -------------------------------------------------------------------------------------------------


def source(given: str | None) -> dict[str, Any]:
    """The source's file, when it is the one that is meant. Raises MismatchError."""
    if given is not None:
        data = Path(given).read_bytes()
    else:
        with tempfile.TemporaryDirectory() as room, fetched(PACKAGE, VERSION, Path(room)) as archive:
            member = archive.extractfile(f"package/{FILE}")
            assert member is not None, f"{FILE} is a folder"
            data = member.read()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        raise MismatchError(f"{FILE} of {PACKAGE} {VERSION}: sha256 is {digest}, expected {SHA256}")
    found: dict[str, Any] = json.loads(data)
    return found


def arcs_of(world: dict[str, Any]) -> list[list[Point]]:
    """The lines that borders are made of, in degrees (TopoJSON: each point as the step from the one before)."""
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    found = []
    for steps in world["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        found.append(line)
    return found


def ring(arcs: Sequence[Sequence[Point]], numbers: Iterable[int]) -> list[Point]:
    """The points of a closed line; `~number` is an arc run backward."""
    points: list[Point] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += line[1:] if points else line
    return points


def countries(world: dict[str, Any], arcs: Sequence[Sequence[Point]]) -> dict[str, list[list[Arcs]]]:
    """Polygons by code, each as its rings, outer first; only what may be seen. Without a code: by its name."""
    found: dict[str, list[list[Arcs]]] = {}
    for one in world["objects"]["countries"]["geometries"]:
        polygons = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
        near = [[tuple(each) for each in polygon] for polygon in polygons if _near(ring(arcs, polygon[0]))]
        if near:
            code = CODES.get(one.get("id", ""), f"({one['properties']['name']})")
            found.setdefault(code, []).extend(near)
    return found


def _near(points: Sequence[Point]) -> bool:
    west, east, south, north = REACH
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) > west and min(xs) < east and max(ys) > south and min(ys) < north


# --- Crimea -----------------------------------------------------------------------------------------------------


def inside(point: Point, points: Sequence[Point]) -> bool:
    """Whether a point lies within a closed line: a ray to the east crosses it an odd number of times."""
    x, y = point
    found = False
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            found = not found
    return found


def corrected(shapes: dict[str, list[list[Arcs]]], arcs: Sequence[Sequence[Point]]) -> None:
    """Crimea out of Russia and into Ukraine, as one polygon with the mainland: no line is left between them."""
    crimea = [one for one in shapes["RUS"] if inside(SIMFEROPOL, ring(arcs, one[0]))]
    assert len(crimea) == 1, f"{len(crimea)} polygons of Russia have Simferopol in them, expected 1"
    shapes["RUS"].remove(crimea[0])
    shared = {number if number >= 0 else ~number for number in crimea[0][0]}
    mainland = next(
        one for one in shapes["UKR"] if any((number if number >= 0 else ~number) in shared for number in one[0])
    )
    shapes["UKR"].remove(mainland)
    outer, *holes = joined(mainland[0], crimea[0][0], arcs)
    shapes["UKR"].append([outer, *holes, *mainland[1:], *crimea[0][1:]])
    owners = [code for code, several in shapes.items() for one in several if inside(SIMFEROPOL, ring(arcs, one[0]))]
    assert owners == ["UKR"], f"Simferopol lies in {owners}, expected in Ukraine alone"


def joined(one: Arcs, other: Arcs, arcs: Sequence[Sequence[Point]]) -> list[Arcs]:
    """Two rings that share arcs as one, the longest first: what both run along, in opposite directions, is gone."""
    left = [number for number in (*one, *other) if ~number not in (*one, *other)]
    assert len(left) < len(one) + len(other), "the two share no border"
    starts = {ring(arcs, [number])[0]: number for number in left}
    rings = []
    while starts:
        first, number = next(iter(starts.items()))
        line = []
        while True:
            line.append(starts.pop(ring(arcs, [number])[0]))
            end = ring(arcs, [number])[-1]
            if end == first:
                break
            number = starts[end]
        rings.append(tuple(line))
    return sorted(rings, key=lambda line: -abs(area(ring(arcs, line))))


# --- the drawing ------------------------------------------------------------------------------------------------


def thinned(line: Sequence[Point]) -> list[Point]:
    """The line with fewer corners, never further from it than COARSE (Douglas and Peucker 1973); its ends stay."""
    if line[0] == line[-1] and len(line) > 3:  # an island: from its first point to the one furthest away, and back
        far = max(range(len(line)), key=lambda at: math.dist(line[0], line[at]))
        return [*thinned(line[: far + 1]), *thinned(line[far:])[1:]]
    keep, open_ = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_:
        first, last = open_.pop()
        most, at = max(
            ((_beside(line[number], line[first], line[last]), number) for number in range(first + 1, last)),
            default=(0.0, 0),
        )
        if most > COARSE:
            keep.add(at)
            open_ += [(first, at), (at, last)]
    return [line[number] for number in sorted(keep)]


def _beside(point: Point, first: Point, last: Point) -> float:
    (x, y), (x0, y0), (x1, y1) = point, first, last
    long = math.dist(first, last)
    if not long:
        return math.dist(point, first)
    along = max(0.0, min(1.0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / long**2))
    return math.dist(point, (x0 + along * (x1 - x0), y0 + along * (y1 - y0)))


def clipped(points: list[Point], height: float) -> list[Point]:
    """What of a polygon lies within the drawing and a little beyond (Sutherland and Hodgman 1974)."""
    for axis, limit, above in ((0, -4.0, True), (0, WIDTH + 4.0, False), (1, -4.0, True), (1, height + 4.0, False)):
        kept: list[Point] = []
        for number, point in enumerate(points):
            before = points[number - 1]
            ins = [(one[axis] >= limit) == above for one in (before, point)]
            if ins[0] != ins[1]:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if ins[1]:
                kept.append(point)
        points = kept
        if not points:
            break
    return points


def area(points: Sequence[Point]) -> float:
    """Of a closed line, with the sign of its direction."""
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def path(points: Sequence[Point]) -> str:
    """A closed line as SVG has it, in tenths, each corner as the step from the one before."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    said, (x, y) = f"M{tenths[0][0]} {tenths[0][1]}l", tenths[0]
    steps = []
    for at in tenths[1:]:
        if at != (x, y):
            steps.append(f"{at[0] - x} {at[1] - y}")
            x, y = at
    return (said + " ".join(steps) + "z").replace(" -", "-")


def drawn() -> tuple[Projection, float]:
    """The projection, and how high the drawing is."""
    project = Projection()
    return project, round((FRAME[3] - FRAME[2]) * project.scale)


def outline(world: dict[str, Any]) -> dict[str, Any]:
    """Paths by code, in tenths of a unit, and for each the middle of its largest part, in units."""
    degrees = arcs_of(world)
    shapes = countries(world, degrees)
    corrected(shapes, degrees)
    project, height = drawn()
    lines = [thinned([project(*point) for point in line]) for line in degrees]
    paths: dict[str, str] = {}
    middles: dict[str, list[float]] = {}
    for code, several in sorted(shapes.items()):
        parts = [[clipped(ring(lines, each), height) for each in polygon] for polygon in several]
        parts = sorted((one for one in parts if len(one[0]) > 2), key=lambda one: -abs(area(one[0])))
        large = [one for one in parts if abs(area(one[0])) >= LEAST] or parts[:1]
        if large:
            paths[code] = "".join(path(each) for one in large for each in one if len(each) > 2)
            middles[code] = [round(value, 1) for value in middle(large[0][0])]
    return {
        "source": f"Natural Earth 1:50m (public domain), from {PACKAGE} {VERSION} (ISC); Crimea moved to Ukraine",
        "projection": {
            "parallels": PARALLELS, "meridian": MERIDIAN, "frame": FRAME, "scale": round(project.scale, 6),
        },
        "width": WIDTH, "height": height, "paths": paths, "middles": middles,
    }  # fmt: skip


def middle(points: Sequence[Point]) -> Point:
    """The centre of what a closed line holds."""
    whole = area(points)
    if abs(whole) < 1e-9:
        return points[0]
    x = y = 0.0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        x, y = x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return x / (6 * whole), y / (6 * whole)


def main() -> int:
    try:
        made = outline(source(sys.argv[1] if len(sys.argv) > 1 else None))
    except MismatchError as mismatch:
        print(f"map: {mismatch}", file=sys.stderr)
        return 1
    data = json.dumps(made, indent=0, separators=(",", ":")).encode() + b"\n"
    assert len(data) <= MOST_BYTES, f"{len(data)} bytes, at most {MOST_BYTES} are to be committed"
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(data)} bytes, {len(made['paths'])} shapes from {PACKAGE} {VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
