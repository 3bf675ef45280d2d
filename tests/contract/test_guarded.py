"""What a click calls is refused as a page is, and a part that was refused leaves nothing undefined behind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLED = ("on_click", "on_change")
# Words that are no call: Streamlit reruns the page, or leaves it as it is.
WORDS = ("ignore", "rerun")


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in (ROOT / "dashboard.py", *sorted((ROOT / "app_pages").rglob("*.py"))):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_what_a_click_calls_is_guarded() -> None:
    bare = [
        f"{name}:{word.value.lineno}"
        for name, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg in CALLED and not _is_guarded(word.value)
    ]
    assert bare == []


def _is_guarded(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value in WORDS or value.value is None
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "guarded"


def test_a_part_that_is_refused_leaves_nothing_undefined() -> None:
    assert [
        f"{name}:{function.name}: {found}"
        for name, tree in trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for found in _left_undefined(function)
    ] == []


def _left_undefined(function: ast.FunctionDef) -> Iterator[str]:
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    for part in ast.walk(function):
        if isinstance(part, ast.With) and any("refusing" in ast.unparse(item) for item in part.items):
            stored = [node for node in names if isinstance(node.ctx, ast.Store)]
            before = {node.id for node in stored if node.lineno < part.lineno} | arguments
            within = {node.id for node in stored if part.lineno <= node.lineno <= (part.end_lineno or 0)}
            after = {node.id for node in names if node not in stored and node.lineno > (part.end_lineno or 0)}
            yield from sorted((within - before) & after)
