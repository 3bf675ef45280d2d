"""A commit cut off at any step leaves the old files or the new ones, whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import FetchError
from geo.sources.catalog import Source
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, Receipt, describe_file

STEPS = ("replace", "write_text", "mkdir", "rmdir", "unlink")


class Killed(BaseException):
    """Stands for the end of the process."""


@contextmanager
def killed_at(step: int, patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """End at the ``step``-th thing that is done to the disk."""
    done = [0]

    def counted(real):
        def act(*arguments, **options):
            done[0] += 1
            if done[0] == step:
                raise Killed
            return real(*arguments, **options)

        return act

    with patch.context() as inner:
        for name in STEPS:
            inner.setattr(Path, name, counted(getattr(Path, name)))
        inner.setattr(shutil, "rmtree", counted(shutil.rmtree))
        yield done


def prepare(store: RawStore, source: Source, body: bytes, names: tuple[str, ...]) -> Receipt:
    """A receipt of files that lie ready to be committed."""
    folder = store.incoming(source.key)
    files = []
    for name in names:
        path = folder / name
        path.write_bytes(body + name.encode())
        files.append(describe_file(path, county=name[:5]))
    return replace(declared_receipt(source, "original"), files=tuple(files))


def contents(store: RawStore, source: Source) -> set[bytes]:
    return {file.path.read_bytes() for file in store.require_files(source.key)}


def test_old_or_new_at_every_step(tmp_path: Path, systems: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("06025.csv", "06065.csv")
    old = {b"old" + name.encode() for name in names}
    new = {b"new" + name.encode() for name in names}
    seen = set()
    for step in range(1, 40):
        store = RawStore("official", tmp_path / str(step))
        store.commit(prepare(store, systems, b"old", names))
        receipt = prepare(store, systems, b"new", names)
        try:
            with killed_at(step, monkeypatch) as done:
                store.commit(receipt)
        except Killed:
            found = contents(store, systems)
            assert found in (old, new)
            seen.add(found == new)
            with store.writing():
                store.commit(prepare(store, systems, b"new", names))
        assert contents(store, systems) == new
        assert {path.name[0] for path in (store.folder / systems.key).iterdir()}.isdisjoint(".")
        if done[0] < step:
            break
    assert seen == {False, True}
    assert done[0] < step


def test_a_receipt_that_somebody_changed(tmp_path: Path, systems: Source) -> None:
    store = RawStore("official", tmp_path)
    store.commit(prepare(store, systems, b"old", ("06065.csv",)))
    (tmp_path / systems.key / "receipt.json").write_text("{}")
    with pytest.raises(FetchError, match=r"the receipt of .* cannot be read: delete .*receipt.json"):
        store.receipt(systems.key)


def test_files_that_were_changed_or_lost(tmp_path: Path, systems: Source) -> None:
    store = RawStore("official", tmp_path)
    with pytest.raises(FetchError, match="has not been fetched: run python -m geo fetch state_small"):
        store.require_files(systems.key)
    receipt = store.commit(prepare(store, systems, b"old", ("06065.csv",)))
    receipt.files[0].path.write_bytes(b"new06065.csv")
    with pytest.raises(FetchError, match="was changed since it was fetched"):
        store.require_files(systems.key)
    receipt.files[0].path.unlink()
    with pytest.raises(FetchError, match=r"06065.csv of .* is gone: run python -m geo fetch .* --again"):
        store.require_files(systems.key)
