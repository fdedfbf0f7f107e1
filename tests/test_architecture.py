"""The import contracts hold, and each of them catches a breach."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "geodata", "solver")

LAYERS = "app stands on two libraries that do not know each other"
PURE = "solver is pure: no web, no database, no geometry, no command line"
GEODATA = "geodata knows no web, no database, no OR-Tools"
FLOW = "OR-Tools is used in the cores alone"
CHECKER = "the checker trusts nothing: nothing of ours, no OR-Tools, no numba, no pandas"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sources with their contracts, free to be broken."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(folder: Path) -> set[str]:
    """Return the names of the contracts that import-linter finds broken in `folder`."""
    command = "from importlinter.cli import lint_imports_command as main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    broken = set(re.findall(r"^(.+) BROKEN", done.stdout, flags=re.MULTILINE))
    assert (done.returncode != 0) == bool(broken)
    return broken


def test_the_sources_keep_every_contract(copy: Path) -> None:
    assert broken_contracts(copy) == set()


@pytest.mark.parametrize(
    ("module", "line", "expected"),
    [
        ("solver/breach.py", "import geodata", LAYERS),
        ("solver/breach.py", "import app", LAYERS),
        ("geodata/breach.py", "from solver import solve", LAYERS),
        ("solver/breach.py", "def late() -> None:\n    import fastapi", PURE),
        ("solver/breach.py", "import sqlalchemy.orm", PURE),
        ("solver/breach.py", "import typer", PURE),
        ("geodata/breach.py", "from sqlalchemy import select", GEODATA),
        ("app/breach.py", "import ortools", FLOW),
        ("solver/breach.py", "from ortools.graph.python import min_cost_flow", FLOW),
        ("solver/checker/breach.py", "from solver import errors", CHECKER),
        ("solver/checker/breach.py", "from solver.plan.result import Plan", CHECKER),
        ("solver/checker/proof.py", "import pandas as pd", CHECKER),
    ],
)
def test_a_breach_is_caught(copy: Path, module: str, line: str, expected: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    # What a forbidden import drags along may break a second contract.
    assert expected in broken_contracts(copy)


def imported_modules(source: Path) -> set[str]:
    """Return the full names of all modules that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative import"
            names.add(str(node.module))
    return names


def imported(source: Path) -> set[str]:
    """Return the top-level names of all that a module imports."""
    return {name.partition(".")[0] for name in imported_modules(source)}


def test_the_checker_imports_the_standard_library_numpy_and_itself_alone() -> None:
    # The contract names the modules of today; this holds for those of tomorrow, and for `import solver`.
    sources = sorted((ROOT / "solver" / "checker").rglob("*.py"))
    own = {f"solver.checker.{source.stem}" for source in sources} | {"solver.checker"}
    assert "solver.checker.proof" in own
    for source in sources:
        others = imported_modules(source) - own
        assert {name.partition(".")[0] for name in others} <= sys.stdlib_module_names | {"numpy"}, source


def test_the_contract_of_the_checker_names_every_other_module_of_the_solver() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [one for one in contracts["contracts"] if one["name"] == CHECKER]
    modules = {path.stem for path in (ROOT / "solver").iterdir() if path.suffix == ".py" or path.is_dir()}
    others = {f"solver.{name}" for name in modules if name.isidentifier() and not name.startswith("__")}
    assert others - {"solver.checker"} <= set(contract["forbidden_modules"])


def test_set_up_needs_the_standard_library_alone() -> None:
    assert imported(ROOT / "dev.py") <= sys.stdlib_module_names


@pytest.mark.parametrize("package", PACKAGES)
def test_every_library_that_is_imported_is_installed_by_default(package: str) -> None:
    # The tests run beside every extra and tool: a library that only those bring would not be missed.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    libraries = {Requirement(line).name.replace("-", "_") for line in project["dependencies"]}
    libraries |= {"docx"} if "python_docx" in libraries else set()
    known = sys.stdlib_module_names | libraries | set(PACKAGES)
    found = {source: imported(source) - known for source in (ROOT / package).rglob("*.py")}
    extras = {source: names - of_extras(source, project) for source, names in found.items()}
    assert {source: names for source, names in extras.items() if names} == {}


def of_extras(source: Path, project: dict[str, Any]) -> set[str]:
    """Return what a part of the application may import that an extra brings."""
    part = "/".join(source.relative_to(ROOT).parts[:2])
    extra = {"app/service": "service", "app/client": "service", "app/formats": "geo"}.get(part)
    if extra is None:
        return set()
    lines = project["optional-dependencies"][extra]
    libraries = {Requirement(line).name.replace("-", "_") for line in lines}
    # FastAPI is Starlette, AnyIO and pydantic put together; its own pages tell to import from them.
    return libraries | (
        {"anyio", "pydantic", "pydantic_core", "starlette"} if "fastapi" in libraries else set()
    )


def test_every_exception_to_a_check_says_why() -> None:
    codes = r"[:\[]\s*[\w\-]+(?:\s*,\s*[\w\-]+)*\]?"
    silent = re.compile(rf"#\s*(?:noqa|type:\s*ignore)(?:{codes})?\s*$")
    places = [
        f"{source.relative_to(ROOT)}:{number}"
        for folder in (*PACKAGES, "tests", "benchmarks", "examples")
        for source in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1)
        if silent.search(line)
    ]
    assert places == []
