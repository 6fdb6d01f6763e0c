"""A document as one HTML file that stands by itself: for whoever gets it by mail. Nothing in it is loaded or run."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from foedus.documents.sheet import Block, Exact, Facts, Grid, Para, Part, Run, Runs, Section, Sheet, plain

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;border-bottom:1px solid #b9c1c8;padding:.3rem}"
    ".exercise{background:#4c2c92;color:#fff;padding:.5rem;font-weight:bold}caption{text-align:left;color:#484f56}"
    "small{display:block;color:#484f56}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}"
    "dd{margin:0}dt{color:#484f56}body{overflow-wrap:anywhere}"
    "h2{border-top:2px solid #0b0c0c;padding-top:.6rem;margin-top:2rem}"
    "@media(max-width:40rem){td,th{padding:.2rem;font-size:.85rem}dl{grid-template-columns:1fr}}"
    "pre,code{overflow-wrap:anywhere;white-space:pre-wrap}svg{max-width:100%}"
)


def render(sheet: Sheet, picture: str = "") -> str:
    """The sheet. `picture`: an SVG of our own making, set before the sections."""
    banner = f'<p class="exercise">{escape(sheet.exercise)}</p>' if sheet.exercise else ""
    sections = "".join(_section(one) for one in sheet.sections)
    brief = "".join(f"<p>{_runs(line)}</p>" for line in (*sheet.brief, *sheet.notes))
    title = " ".join(part for part in (sheet.exercise, sheet.title, sheet.exercise) if part)
    return (
        f'<!doctype html>\n<html lang="{escape(sheet.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{banner}<main><h1>{escape(sheet.title)}</h1>"
        f"<p>{escape(sheet.under)}</p><p><strong>{escape(plain(sheet.standing))}</strong></p>{brief}{picture}{sections}</main>"
        f"<p>{escape(sheet.foot)}</p>{banner}</body></html>\n"
    )


def _section(section: Section) -> str:
    return f'<h2 id="{escape(section.id)}">{section.number}. {escape(section.title)}</h2>{_blocks(section.blocks)}'


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(_block(one) for one in blocks)


def _block(block: Block) -> str:
    match block:
        case Para():
            return f"<p>{_runs(block.runs)}</p>"
        case Facts():
            return "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{_runs(b)}</dd>" for a, b in block.rows) + "</dl>"
        case Grid():
            head = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in block.columns)
            rows = "".join("<tr>" + "".join(f"<td>{_runs(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
            caption = f"<caption>{escape(block.caption)}</caption>"
            return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        case Exact():
            return f"<p>{escape(block.caption)}</p><pre>{escape(block.text)}</pre>"
        case Part():
            return f'<h3 id="{escape(block.id)}">{escape(block.title)}</h3>{_blocks(block.blocks)}'
    raise AssertionError(f"a document of another kind has {type(block).__name__}")


def _runs(runs: Runs) -> str:
    return "".join(_run(one) for one in runs)


def _run(run: Run) -> str:
    match run.kind:
        case "code":
            return f"<code>{escape(run.text)}</code>"
        case "strong":
            return f"<strong>{escape(run.text)}</strong>"
        case "small":
            return f" <small>{escape(run.text)}</small>"
        case "break":
            return "<br>"
    return escape(run.text)
