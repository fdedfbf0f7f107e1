from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.client.events import read_events

Entry = dict[str, object]


def written(number: int, entry: Entry, indent: int | None) -> list[str]:
    data = json.dumps(entry, ensure_ascii=False, indent=indent).split("\n")
    return [f"id: {number}", "event: state", *(f"data: {line}" for line in data), ""]


ENTRIES = st.lists(
    st.dictionaries(st.text("abc", min_size=1), st.integers() | st.text('xyz: \\"đ'), min_size=1), max_size=5
)


@given(ENTRIES, st.sampled_from([None, 1]))
def test_what_was_written_is_read(entries: list[Entry], indent: int | None) -> None:
    lines = [
        line for at, entry in enumerate(entries) for line in [": still here", *written(at, entry, indent)]
    ]
    assert list(read_events(Entry, lines)) == entries


def test_comments_gaps_and_other_fields_are_no_events_nor_is_what_was_cut_off() -> None:
    lines = [": ping", "", "", "retry: 500", "", "id: 4", "event: state", 'data:{"a": 1}', "", "data: {"]
    assert list(read_events(Entry, lines)) == [{"a": 1}]
