"""The documents and the lock files say what is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
import unicodedata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
UNKEPT = {".git", ".venv", "__pycache__", "build", "dist", "surplan-data"}
TEXT = {"", ".cff", ".json", ".lock", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml"}


def kept_files() -> list[Path]:
    """Return the files that git keeps or would keep; without git, all but what tools make."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8")
        found = [ROOT / name for name in listed.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not UNKEPT & set(path.relative_to(ROOT).parts)]
        found = [path for path in found if not any(part.endswith("_cache") for part in path.parts)]
    return sorted(path for path in found if path.is_file())


def read(path: Path) -> str:
    """Return a file's text as it stands, line ends included."""
    return path.read_bytes().decode("utf-8")


FILES = kept_files()
TEXTS = [path for path in FILES if path.suffix in TEXT]
PAGES = [path for path in FILES if path.suffix == ".md"]


def name_of(path: Path) -> str:
    """Return a file's name from the top, for messages and test ids."""
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ +(.+?) *$", read(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[tuple[Path, str]]:
    """Return the relative links of a page outside its code: (file, anchor)."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", read(page), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose)
    pairs = [target.partition("#")[::2] for target in targets if "://" not in target and ":" not in target]
    return [((page.parent / name).resolve() if name else page, anchor) for name, anchor in pairs]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), f"{name_of(page)} links to {target}"
        assert not anchor or anchor in anchors(target), f"{name_of(page)}: no heading #{anchor} in {target}"


def test_every_document_is_reached_from_the_index() -> None:
    reached, ahead = set(), [ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md" and page.is_file():
            reached.add(page)
            ahead += [target for target, _ in links(page)]
    assert {name_of(page) for page in PAGES if page.is_relative_to(ROOT / "docs")} <= set(
        map(name_of, reached)
    )


def test_no_two_decisions_share_a_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [re.match(r"# (\d+)\. ", read(page)) for page in pages]
    assert all(numbers), "a decision opens with its number: # 7. Title"
    assert [int(number[1]) for number in numbers if number] == [int(page.name[:4]) for page in pages]
    assert len({page.name[:4] for page in pages}) == len(pages)


def test_every_module_of_the_architecture_table_exists() -> None:
    table = read(ROOT / "docs" / "architecture.md").split("## Modules")[1].split("\n## ")[0]
    names = re.findall(r"`((?:app|geodata|solver)/[^`]*)`", table)
    assert len(names) > 15
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_every_command_that_a_document_names_is_one_of_dev_py() -> None:
    usage = re.findall(
        r"^  (\w+) |    (\w+)    ", read(ROOT / "dev.py").split('USAGE = """')[1], flags=re.MULTILINE
    )
    known = {name for pair in usage for name in pair if name}
    named = {name for page in PAGES for name in re.findall(r"python3 dev\.py ([a-z]\w*)", read(page))}
    assert {"demo", "test"} <= named <= known


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_texts_are_utf_8_with_plain_line_ends(path: Path) -> None:
    text = read(path)
    assert "\r" not in text
    assert not text or text.endswith("\n")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_documents_are_in_unicode_normal_form_c(page: Path) -> None:
    assert unicodedata.is_normalized("NFC", read(page))


def test_no_file_names_a_package_index_or_a_folder_of_one_machine() -> None:
    index = r"pypi\.\w|pythonhosted\.\w|registry\.\w+\.\w|--(?:extra-)?index-url[ =]|--find-links[ =]"
    address = r"\w+://[^\s\"'<>]*/(?:simple|-)/"
    folder = r"(?<![\w.)/])/(?:root|work|home/\w+)/\w"
    wrong = re.compile(f"{index}|{address}|{folder}", flags=re.IGNORECASE)
    found = [f"{name_of(path)}: {match[0]}" for path in TEXTS for match in wrong.finditer(read(path))]
    assert found == []


@pytest.mark.parametrize(
    "name",
    ["requirements.lock", "requirements-dev.lock", "pyproject.toml", "Dockerfile", "compose.yaml", ".ci/run"],
)
def test_what_is_installed_comes_without_any_address(name: str) -> None:
    # The address of the service's database, beside it in compose.yaml, is nothing to install from.
    assert "://" not in read(ROOT / name).replace("postgresql://", "")


def pins(name: str) -> dict[str, Version]:
    """Return the versions of a lock file; fail where a line is not a pin with hashes."""
    body = re.sub(r"^#.*\n", "", read(ROOT / name), flags=re.MULTILINE).replace("\\\n", " ")
    found = {}
    for line in body.splitlines():
        pin = re.fullmatch(
            r"([a-z0-9.\-]+)==([^\s;]+)(?: ; [^#]+?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)", line
        )
        assert pin, f"{name}: {line[:80]}"
        assert pin[1] not in found, f"{name}: {pin[1]} has two versions"
        found[pin[1]] = Version(pin[2])
    return found


def test_the_run_time_lock_is_a_part_of_the_full_one() -> None:
    run, everything = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run.items() < everything.items()


def requirements(*, run_time: bool) -> list[Requirement]:
    """Return what pyproject.toml asks for."""
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    groups, extras = project["dependency-groups"], project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *groups["build"]]
    if not run_time:
        wanted += [
            line for group in (*groups.values(), *extras.values()) for line in group if isinstance(line, str)
        ]
    return [Requirement(line) for line in wanted]


@pytest.mark.parametrize(
    ("name", "run_time"), [("requirements.lock", True), ("requirements-dev.lock", False)]
)
def test_each_lock_holds_what_the_project_asks_for(name: str, run_time: bool) -> None:
    locked = pins(name)
    for requirement in requirements(run_time=run_time):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {name}: python3 dev.py lock"
        assert version in requirement.specifier, (
            f"{name} has {requirement.name} {version}: python3 dev.py lock"
        )


def test_the_run_time_lock_holds_no_tool_and_nothing_under_the_gpl() -> None:
    assert {"fastapi", "dbos"} <= pins("requirements.lock").keys()  # `surplan serve` needs no second install
    assert not {"pytest", "mypy", "scipy", "schemathesis"} & pins("requirements.lock").keys()
    assert "unidecode" not in pins("requirements-dev.lock")


def test_the_image_checks_hashes_and_does_not_run_as_root() -> None:
    lines = read(ROOT / "Dockerfile").splitlines()
    assert any("--require-hashes" in line and "requirements.lock" in line for line in lines)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("root", "0")


def test_the_notice_carries_the_licence_of_the_register_source() -> None:
    notice = read(ROOT / "NOTICE")
    assert "vietnamadminunits" in notice
    assert "Permission is hereby granted, free of charge" in notice
