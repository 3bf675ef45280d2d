"""What every test stands on: the real sources and the reference, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_dir() -> Path:
    """Folder with the real sources' mirror and the reference extracts."""
    return Path(os.environ.get("GEO_TEST_SHARED", ROOT.parent / "shared")).resolve()


def require_shared(name: str) -> Path:
    """Path in the shared folder; skips where it is absent, fails under continuous integration."""
    path = shared_dir() / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} must be there under continuous integration")
        pytest.skip(f"no {name} in {shared_dir()}: set GEO_TEST_SHARED to run this test")
    return path


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder that holds the real sources in their publishers' layout."""
    return require_shared("mirror")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder with tidy extracts of the same facts, to check results against."""
    return require_shared("reference")
