"""What reaches the terminal: results on stdout, everything else on stderr, always UTF-8.

A reader that went away (``surplan check DIR | head``) is no error: what is left to print goes nowhere and the
command finishes its work, so a plan is still written.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import unicodedata
from typing import TextIO


def use_utf8() -> None:
    """Make both streams UTF-8; what can't be encoded is escaped and never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def emit(text: str) -> None:
    """Print a result line on stdout."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print a line about the work on stderr."""
    _write(sys.stderr, text)


def visible(text: str) -> str:
    """Return `text` with control and direction characters escaped, so that data can't steer the terminal."""
    if text.isprintable():
        return text
    return "".join(_escape(char) for char in text)


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a person looks at `stream`."""
    try:
        return stream.isatty()
    except ValueError:  # a closed stream
        return False


def _escape(char: str) -> str:
    # "Cf" holds the direction overrides and zero-width characters, "Cc" the escape sequences.
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return char.encode("unicode_escape", "backslashreplace").decode("ascii")
    return char


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        _discard(stream)


def _discard(stream: TextIO) -> None:
    # The file descriptor itself must change: the interpreter flushes it once more at exit.
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
