"""Nobody's work is overwritten: whoever changes a record says which number of it they saw."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / "store"
# What follows a number that the function itself has read, and why nothing of anybody's is lost by it.
READS_ITSELF = {
    "canvass/book.py:append_returns": "the machine's own note that a turf came back; a person's change wins",
    "canvass/phones.py:_draft": "an edit of a phone names what it edits; conflicts are tried anew",
    "canvass/phones.py:_ends": "a volunteer's codes end, however many; two at once are told",
    "members.py:remove": "a member is removed by name, on the machine; two at once are told",
    "members.py:add": "a removed member comes back; one who is there is refused",
    "program/book.py:withdraw_sites": "the list is handed over as it was seen",
    "sign_in_limits.py:_append": "the machine's own count of refused tries; no person's record",
    "program/book.py:add": "what was withdrawn is recorded anew",
    "program/book.py:attend": "who was withdrawn is recorded anew",
    "program/book.py:enlist": "who was withdrawn is recorded anew",
    "intake.py:_meanings": "what words mean is added to; two at once are told",
    "intake.py:undo": "follows what the file wrote, and leaves what was changed since",
    "own_layers.py:save_layer": "a name whose layer was removed is taken anew; one that is there is refused",
    "own_layers.py:remove_layer": "the layer is handed over as it was seen",
    "water/book.py:_restoring": "follows the entries that it is given, as they were seen in the preview",
    "water/board_rows.py:_line": "the preview holds what it saw, and is confirmed as it was shown",
}


def writers() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the store that makes a change, by module and name."""
    for path in sorted(STORE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_numbers, _changes(node))):
                yield f"{path.relative_to(STORE).as_posix()}:{node.name}", node


def _changes(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Calls in a function that make a change, each with the number that it follows."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("draft", "Draft", "_write", "replace"):
                yield node


def _numbers(call: ast.Call) -> list[ast.expr]:
    """The number that a change follows; none for what is new (0)."""
    named = [word.value for word in call.keywords if word.arg == "seen"]
    if getattr(call.func, "id", "") == "Draft" and len(call.args) > 5:
        named.append(call.args[5])
    if getattr(call.func, "attr", "") == "_write":
        named.append(call.args[0])
    return named


def _is_asked_for(function: ast.FunctionDef) -> bool:
    """Whether what was seen is a parameter without which nobody can call it."""
    given = function.args
    required = given.args[: len(given.args) - len(given.defaults)]
    required += [
        name for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is None
    ]
    # A change of stage holds what was seen in a field of its own, as do rows of records.
    return any(name.arg in ("seen", "changes", "rows") for name in required)


def test_every_writer_asks_what_was_seen() -> None:
    silent = {
        name for name, node in writers() if not _is_asked_for(node) and node.name not in ("draft", "replace")
    }
    assert silent == set(READS_ITSELF)


def test_what_was_seen_has_no_default_where_a_record_is_changed() -> None:
    optional = [
        f"{path.relative_to(STORE)}:{node.name}"
        for path in sorted(STORE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name != "draft"
        for name, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if name.arg == "seen" and value is not None
    ]
    assert optional == []
