from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest

from app.service import refusals
from app.service.refusals import InvalidError, MissingError, RefusedError, UnknownActorError
from app.texts import catalogue


def found(pattern: str) -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in Path("app/service").rglob("*.py")]
    return {name for source in sources for name in re.findall(pattern, source)}


def test_every_code_that_is_raised_has_its_texts_in_both_languages() -> None:
    raised = "|".join(name for name in dir(refusals) if name.endswith("Error") and name != "MissingError")
    codes, things = found(rf"\b(?:{raised})\(\s*\"(\w+)\""), found(r"\bMissingError\(\s*\"(\w+)\"")
    assert {"role", "province", "fields"} <= codes
    wanted = {f"problem.{code}.{part}" for code in codes for part in ("title", "detail", "remedy")}
    wanted |= {f"thing.{thing}" for thing in things}
    assert sorted(wanted - catalogue("en").keys()) == sorted(wanted - catalogue("vi").keys()) == []


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_refusal_is_a_problem_document_in_the_language(lang: str) -> None:
    document = MissingError("run", "run_1").document("vi" if lang == "vi" else "en")
    assert document["type"] == "urn:surplan:problem:missing"
    assert document["status"] == 404
    assert "run_1" in str(document["detail"])
    assert document["title"] == ("Không tìm thấy" if lang == "vi" else "Not found")


def test_issues_are_told_in_the_language_alone() -> None:
    refusal = InvalidError(
        "fields", issues={"en": [{"message": "wrong"}], "vi": [{"message": "sai"}]}, count="1"
    )
    vi, en = (cast("list[dict[str, object]]", refusal.document(lang)["issues"])[0] for lang in ("vi", "en"))
    assert (vi["message"], en["message"]) == ("sai", "wrong")
    # Whatever it is about, a program finds every key.
    assert {"file", "sheet", "row", "cell", "column", "severity", "value"} <= vi.keys()


def test_who_is_not_known_is_asked_for_a_key() -> None:
    assert UnknownActorError().headers["WWW-Authenticate"].startswith("Bearer")


def test_every_refusal_has_a_status_of_its_own_and_stands_in_the_table() -> None:
    found = [
        one for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, RefusedError)
    ]
    listed = dict(re.findall(r"(?m)^(\w+Error) +(\d{3}) ", refusals.__doc__ or ""))
    assert {one.__name__: str(one.status) for one in found if one is not RefusedError} == listed
    assert len(set(listed.values())) == len(listed)
