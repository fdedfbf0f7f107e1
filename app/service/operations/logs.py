"""The service's log: one line an event on stderr, as text or JSON, with no secret in it.

Everything that logs (ours, uvicorn, the job engine) goes the same way, so `redact` sees all of it.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import TextIO

    from structlog.typing import Processor

    from app.settings import Settings

HIDDEN = "[hidden]"
_SECRET_NAMES = re.compile(r"authorization|cookie|password|passwd|secret|token|api_?key|database_url", re.I)
_SECRETS = (
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[^\s\"',;]+"),
    re.compile(r"(?i)(\b(?:token|password|passwd|secret)\b[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+"),
    re.compile(r"(://[^\s:/@]*:)[^\s/]*(?=@)"),  # of an address of a database; a password may hold "@"
    re.compile(r"(\bsp_[0-9a-z]+_)[0-9a-z]+"),  # a key of ours, wherever it stands
    # Rows that a statement failed with, as SQLAlchemy and PostgreSQL write them below an error.
    re.compile(r"(\[parameters: )[^\n]+"),
    re.compile(r"(Failing row contains )[^\n]+"),
)


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Let all logs go to a stream, as the settings say; a second call replaces the first.

    Parameters
    ----------
    stream
        None: stderr.
    """
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *common,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    # Quoted texts: what somebody sent cannot begin a line of its own.
    renderer: Processor = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    if settings.log_format == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = settings.log_level.upper()
    root.setLevel("WARNING")  # other libraries: only what is wrong
    logging.getLogger("surplan").setLevel(level)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets, wherever in an event they are."""
    return {name: _without(name, value) for name, value in event.items()}


def _without(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name) and value is not None:
        return HIDDEN
    if isinstance(value, str):
        for secret in _SECRETS:
            value = secret.sub(rf"\1{HIDDEN}", value)
        return value
    if isinstance(value, dict):
        return {key: _without(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without("", one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _without("", str(value))
