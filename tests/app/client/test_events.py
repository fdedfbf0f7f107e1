from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.client.events import Event, read_events


def written(event: Event, indent: int | None) -> list[str]:
    data = json.dumps(event.data, ensure_ascii=False, indent=indent).split("\n")
    return [f"id: {event.number}", f"event: {event.kind}", *(f"data: {line}" for line in data), ""]


EVENTS = st.lists(
    st.builds(
        Event,
        st.integers(0, 10**9),
        st.sampled_from(["state", "progress"]),
        st.dictionaries(st.text("abc", min_size=1), st.integers() | st.text('xyz: \\"đ')),
    ),
    max_size=5,
)


@given(EVENTS, st.sampled_from([None, 1]))
def test_what_was_written_is_read(events: list[Event], indent: int | None) -> None:
    lines = [line for event in events for line in [": still here", *written(event, indent)]]
    assert list(read_events(lines)) == events


def test_comments_gaps_and_unknown_fields_are_no_events() -> None:
    lines = [": ping", "", "", "retry: 500", "", "id: 4", "event: state", 'data:{"a": 1}', "", "data: {"]
    assert list(read_events(lines)) == [Event(4, "state", {"a": 1})]
