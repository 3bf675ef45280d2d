"""Every notebook runs from its first cell to its last, and is the same as its text twin."""

from __future__ import annotations

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT, shared_dir

# A notebook is opened in its own folder.
BESIDE = {"metadata": {"path": str(ROOT / "notebooks")}}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


@pytest.fixture
def region(request: pytest.FixtureRequest) -> str:
    """The real region where the real sources are at hand, else the invented one."""
    real = (shared_dir() / "mirror").exists() or "CI" in os.environ
    return str(request.getfixturevalue("coachella_built" if real else "demo_built"))


@pytest.fixture
def quiet_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel in a process of its own, talking over loopback alone."""
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.delenv("PYTHONPATH", raising=False)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_built_region(
    path: Path, region: str, quiet_kernel: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_REGION", region)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=BESIDE).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert not [out for cell in cells for out in cell.outputs if out.output_type == "error"]
    assert not [out for cell in cells for out in cell.outputs if out.get("name") == "stderr"]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_invented_region(
    path: Path, demo_built: str, quiet_kernel: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_REGION", demo_built)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=BESIDE).execute()
    said = "".join(out.get("text", "") for cell in notebook.cells for out in cell.get("outputs", ()))
    assert "invented data" in said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_its_text_twin_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    twin = jupytext.read(path.with_suffix(".py"))
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in twin.cells]
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_geo_and_no_screen(path: Path) -> None:
    text = path.with_suffix(".py").read_text(encoding="utf-8")
    for screen in ("streamlit", "folium", "layers", "app_pages"):
        assert f"import {screen}" not in text
        assert f"from {screen}" not in text
