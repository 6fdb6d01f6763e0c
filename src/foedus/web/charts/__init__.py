"""Charts as SVG made on the server: plain values in, no script, and no style that a strict policy would refuse.

Each is drawn twice, for a desk and for a phone (WIDE, NARROW): on a phone the names stand above their bars, and letters
stay as large as the page's. Values are written beside what is drawn; a page puts its table next to the chart. Fills are
told apart by lightness and hatching, never by hue alone.
"""

from foedus.web.charts.bars import Bar, bars
from foedus.web.charts.drawing import NARROW, WIDE, Drawing, Frame
from foedus.web.charts.gantt import Span, gantt
from foedus.web.charts.land import Shade, land
from foedus.web.charts.sankey import Link, Node, sankey
from foedus.web.charts.series import Curve, columns, curves

__all__ = [
    "NARROW", "WIDE", "Bar", "Curve", "Drawing", "Frame", "Link", "Node", "Shade", "Span", "bars", "columns", "curves",
    "gantt", "land", "sankey",
]  # fmt: skip
