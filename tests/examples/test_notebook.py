"""The notebook runs from top to bottom, offline, and finds the 354 communes without a car."""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "communes_without_a_car.ipynb"
KERNEL = "surplan-test"


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Return the code cells after a run in a kernel of this very interpreter."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    folder = tmp_path_factory.mktemp("jupyter")
    spec = folder / "kernels" / KERNEL / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(
        json.dumps({"argv": argv, "display_name": KERNEL, "language": "python"}), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.delenv("MPLBACKEND", raising=False)
        client = nbclient.NotebookClient(
            notebook,
            timeout=300,
            kernel_name=KERNEL,
            resources={"metadata": {"path": str(NOTEBOOK.parent)}},
        )
        client.execute()  # raises where a cell does
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(cells: list[Any], kind: str) -> list[Any]:
    """Return the data of one MIME type that all cells show."""
    return [out["data"][kind] for cell in cells for out in cell.outputs if kind in out.get("data", {})]


def printed(cells: list[Any]) -> str:
    """Return what all cells print."""
    return "".join(out["text"] for cell in cells for out in cell.outputs if out.output_type == "stream")


def test_no_cell_fails_or_warns(cells: list[Any]) -> None:
    assert all(cell.execution_count for cell in cells)
    kinds = {(out.output_type, out.get("name")) for cell in cells for out in cell.outputs}
    assert kinds <= {("stream", "stdout"), ("execute_result", None), ("display_data", None)}


def test_it_finds_the_354_communes_and_fewer_after_the_plan(cells: list[Any]) -> None:
    assert "354 communes without a car" in printed(cells)
    counts = re.search(r"Without a car: (\d+) communes before, (\d+) after", printed(cells))
    assert counts is not None
    assert int(counts[1]) == 354
    assert 0 < int(counts[2]) < 354


def test_the_plan_is_optimal_and_verified(cells: list[Any]) -> None:
    assert "verified: True" in printed(cells)
    objective, bound = re.findall(r"(?:objective|bound) ([\d,]+) VND", printed(cells))
    assert objective == bound
    assert any("Result: OPTIMAL" in html and "SYNTHETIC" in html for html in outputs(cells, "text/html"))


def test_two_unmet_needs_are_explained(cells: list[Any]) -> None:
    explained = [html for html in outputs(cells, "text/html") if "is not met" in html]
    assert len(explained) == 2
    assert "outbid" in explained[1]
    assert "outbid" not in explained[0]


def test_the_map_is_an_image(cells: list[Any]) -> None:
    images = [base64.b64decode(image) for image in outputs(cells, "image/png")]
    assert len(images) == 1
    assert images[0].startswith(b"\x89PNG")
    assert len(images[0]) > 50_000  # an empty figure has a tenth


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
