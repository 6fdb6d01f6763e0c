"""The same person, or the same object, claimed for more than once in one category, across all batches.

It is told by columns of the personal files, whose values are compared without spaces, punctuation and case and never
shown: what comes out are ids of claims in groups. It proposes; that two claims are one is for people to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from foedus.claims.table import canonical, database, described, have, named, quoted, reading

COLUMNS = ("kind", "group", "file", "id", "category")
_SHOWN = 20


class Group(Struct, frozen=True):
    """Claims that name the same. `kind`: `person` or `object`."""

    kind: str
    category: str
    ids: tuple[str, ...]


class Found(Struct, frozen=True):
    """How many claims were searched, how many groups there are and claims in them; the first groups."""

    claims: int
    groups: int
    in_groups: int
    first: tuple[Group, ...]
    digest: str


def search(batches: Sequence[tuple[Path, Path]], by: Mapping[str, str], out: Path | None = None) -> Found:
    """Search pairs of claims and personal files. `by`: the column of the personal files that tells each kind.

    Raises Malformed where a file has no such column.
    """
    with database() as connection:
        keys = ", ".join(f"{named(kind)} VARCHAR" for kind in by)
        connection.execute(f"CREATE TABLE known (file VARCHAR, id VARCHAR, category VARCHAR, {keys})")
        for claims, personal in batches:
            have(described(connection, claims), ("id", "category"), claims)
            have(described(connection, personal), ("id", *by.values()), personal)
            values = ", ".join(_key(column) for column in by.values())
            connection.execute(
                f"INSERT INTO known SELECT {quoted(claims.name)}, c.id, c.category, {values} "
                f"FROM {reading(claims)} c JOIN {reading(personal)} p ON c.id = p.id"
            )
        each = (
            f"SELECT {quoted(kind)} AS kind, min(id) AS first, category, list_sort(list((id, file))) AS claims "
            f"FROM known SEMI JOIN (SELECT {named(kind)}, category FROM known WHERE {named(kind)} <> '' "
            f"GROUP BY ALL HAVING count(*) > 1) USING ({named(kind)}, category) GROUP BY {named(kind)}, category"
            for kind in by
        )
        connection.execute(
            'CREATE TABLE grouped AS SELECT kind, row_number() OVER (ORDER BY kind, first, category) AS "group", '
            f"category, claims FROM ({' UNION ALL '.join(each)})"
        )
        connection.execute(
            'CREATE TABLE found AS SELECT kind, "group", claim[2] AS file, claim[1] AS id, category '
            'FROM (SELECT kind, "group", category, unnest(claims) AS claim FROM grouped) ORDER BY "group", id, file'
        )
        digest = canonical(connection, "found", COLUMNS, out)
        counted = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("known", "grouped", "found")
        ]
        rows = connection.execute(
            "SELECT kind, category, list_transform(claims, lambda one: one[1]) FROM grouped "
            f'ORDER BY "group" LIMIT {_SHOWN}'
        ).fetchall()
    searched, groups, inside = (int(one[0]) for one in counted if one is not None)
    return Found(searched, groups, inside, tuple(Group(kind, code, tuple(ids)) for kind, code, ids in rows), digest)


def _key(column: str) -> str:
    """A value as it is compared: letters and digits alone, in capitals, in Unicode's composed form."""
    text = f"nfc_normalize(CAST(p.{named(column)} AS VARCHAR))"
    return rf"coalesce(upper(regexp_replace({text}, '[^\p{{L}}\p{{N}}]', '', 'g')), '')"
