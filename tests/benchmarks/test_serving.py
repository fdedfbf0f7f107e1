from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import httpx2
import pytest

from benchmarks.service.serving import serving, started

if TYPE_CHECKING:
    from pathlib import Path


def test_a_service_that_does_not_come_up_is_told_with_what_it_said() -> None:
    with (
        pytest.raises(RuntimeError, match="No such option: --bogus"),
        started(os.environ, re.compile("http"), "--bogus"),
    ):
        raise AssertionError("it came up")


def test_what_is_measured_is_a_service_that_answers_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-worker") as served:
        assert served.client.request("GET", "/v1/me").json()["role"] == "admin"
        assert served.up_s > 0
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{served.address}/v1/ready")
