"""American spelling of the kinds and fields that people's records have, and of one program's key.

Each entry stays: its place, number, moment, and who wrote it and why. A program that somebody made by the
key that the renamed one gets is moved aside, with all that hangs on it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = {"programme": "program", "enrolment": "enrollment", "enrolments": "enrollments", "centre": "center"}
SHIPPED = ("health_enrolment", "health_enrollment")
# What hangs on a program: its key begins with the program's.
TOLD = (
    "event", "attendance", "message", "contact", "enrolment", "enrollment", "recruit", "milestone_reached",
    "barrier", "reading", "race", "question", "speaking_time", "boundary",
)  # fmt: skip
ITSELF = ("programme", "program")
SITES = "site_list"
# Fields that hold a program's key, or the key of what hangs on one.
NAMED = ("programme", "program", "event", "race")
ROWS_AT_ONCE = 200

journal = sa.table(
    "journal",
    sa.column("id", sa.BigInteger),
    sa.column("region", sa.Text),
    sa.column("kind", sa.Text),
    sa.column("key", sa.Text),
    sa.column("body", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")),
)


def upgrade() -> None:
    """Write the American names."""
    spell(WORDS, *SHIPPED)


def downgrade() -> None:
    """Write the names of before; a program that was moved aside stays there."""
    spell({now: before for before, now in WORDS.items()}, *reversed(SHIPPED))


def spell(words: Mapping[str, str], was: str, now: str) -> None:
    """Rename in every entry."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE journal IN EXCLUSIVE MODE"))
    columns = journal.c
    listed = connection.execute(
        sa.select(columns.id, columns.region, columns.key)
        .where(columns.kind.in_([*TOLD, *ITSELF, SITES]))
        .order_by(columns.id)
    ).all()
    keys = {region: program_keys(rows, was, now) for region, rows in by_region(listed).items()}
    # What is moved aside goes first, so that no two entries have one name at any moment.
    ordered = sorted(listed, key=lambda row: row.key.partition("/")[0] != now)
    for start in range(0, len(ordered), ROWS_AT_ONCE):
        rename([row.id for row in ordered[start : start + ROWS_AT_ONCE]], words, keys)


def by_region(rows: list[Any]) -> dict[str, list[Any]]:
    """Gather rows by region."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.region, []).append(row)
    return found


def program_keys(rows: list[Any], was: str, now: str) -> dict[str, str]:
    """Say which program's key becomes which, in one region."""
    used = {row.key.partition("/")[0] for row in rows}
    if now not in used:
        return {was: now}
    number = 2
    while f"{now}_{number}" in used:
        number += 1
    return {was: now, now: f"{now}_{number}"}


def rename(ids: list[int], words: Mapping[str, str], keys: Mapping[str, Mapping[str, str]]) -> None:
    """Rename in some entries, one after the other."""
    connection = op.get_bind()
    place = {number: at for at, number in enumerate(ids)}
    rows = connection.execute(sa.select(journal).where(journal.c.id.in_(ids))).all()
    changed = [
        {"of": row.id, "to_kind": words.get(row.kind, row.kind), **renamed(row, words, keys[row.region])}
        for row in sorted(rows, key=lambda row: place[row.id])
    ]
    connection.execute(
        sa.update(journal)
        .where(journal.c.id == sa.bindparam("of"))
        .values(kind=sa.bindparam("to_kind"), key=sa.bindparam("to_key"), body=sa.bindparam("to_body")),
        changed,
    )


def renamed(row: Any, words: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry's key and body by the new names."""
    if row.kind == SITES:
        kind = {"site_kind": words.get(row.body["site_kind"], row.body["site_kind"])} if row.body else {}
        return {"to_key": row.key, "to_body": row.body and {**row.body, **kind}}
    key = to_key(row.key, keys, "/" if row.kind == "speaking_time" else "")
    body = row.body and {words.get(name, name): value for name, value in fields(row.body, words, keys)}
    return {"to_key": key, "to_body": body}


def to_key(key: str, keys: Mapping[str, str], again: str = "") -> str:
    """Rename the program that a key begins with; and the one of its race, after the event's two parts."""
    parts = key.split("/", 4)
    parts[0] = keys.get(parts[0], parts[0])
    if again and len(parts) > 2:
        parts[2] = keys.get(parts[2], parts[2])
    return "/".join(parts)


def fields(
    body: Mapping[str, Any], words: Mapping[str, str], keys: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """Rename what the fields of a body hold."""
    for name, value in body.items():
        if isinstance(value, dict) and name in ITSELF:
            yield name, program(value, words, keys)
        elif isinstance(value, str) and name in NAMED:
            yield name, to_key(value, keys)
        else:
            yield name, value


def program(value: Mapping[str, Any], words: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, Any]:
    """Rename within a program that somebody made or changed."""
    spelled = {**value, "key": keys.get(value["key"], value["key"])}
    if "kind" in value:
        spelled["kind"] = words.get(value["kind"], value["kind"])
    spelled["measures"] = [
        {**item, "counted": words.get(item["counted"], item["counted"])} for item in value["measures"]
    ]
    return spelled
