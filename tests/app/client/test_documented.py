from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.app.service.processes import environment, key, serving, surplan

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_the_client_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.S)
    env = environment(tmp_path, f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}")
    tables = ["reference", "--out", "tables", "--province", "12"]
    assert f"surplan {' '.join(tables)}" in page
    monkeypatch.chdir(tmp_path)
    surplan(env, *tables, "--scale", "0.05", "--quiet")
    with serving(env) as address:
        text = block.replace("http://127.0.0.1:8000", address)
        text = text.replace('"KEY"', repr(key(env, "Client", "admin")))
        exec(compile(text, "client.md", "exec"), {})  # the page's own words
    said = capsys.readouterr().out.splitlines()
    assert any("'state': 'SUCCEEDED'" in line for line in said)
    with zipfile.ZipFile("plan.zip") as archive:
        assert any(name.endswith("plan.json") for name in archive.namelist())
