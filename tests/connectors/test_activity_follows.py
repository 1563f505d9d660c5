"""What actors of other servers ask, however they write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.connectors.activity_follows import Act, asked_by_actor

ACTOR, OURS = "https://a.example/users/w", "https://kabar.example/ap/dinkes"
FOLLOW = {"type": "Follow", "id": "https://a.example/1", "actor": ACTOR, "object": OURS}

ASKED = (
    (FOLLOW, Act.FOLLOW, OURS, "https://a.example/1"),
    (
        FOLLOW | {"type": ["Follow"], "actor": {"id": ACTOR}, "object": {"id": OURS}},
        Act.FOLLOW,
        OURS,
        "https://a.example/1",
    ),
    (FOLLOW | {"type": "as:Follow", "@context": []}, Act.FOLLOW, OURS, "https://a.example/1"),
    ({"type": "Undo", "actor": ACTOR, "object": FOLLOW}, Act.UNDO, OURS, "https://a.example/1"),
    ({"type": "Undo", "actor": ACTOR, "object": "https://a.example/1"}, Act.UNDO, "", "https://a.example/1"),
    ({"type": "Delete", "actor": ACTOR, "object": ACTOR}, Act.DELETE, "", None),
)
NOTHING_OF_OURS = (
    {"type": "Undo", "actor": ACTOR, "object": {"type": "Like", "object": OURS}},
    {"type": "Delete", "actor": ACTOR, "object": "https://a.example/notes/1"},
    {"type": "Create", "actor": ACTOR, "object": {"type": "Note"}},
    {"type": "Follow", "object": OURS},
    {"type": "Follow", "actor": "urn:x", "object": OURS},
    {"type": "Follow", "actor": 5, "object": OURS},
    {"type": "Follow", "actor": "https://a\x00.example/w", "object": OURS},
    [FOLLOW],
    "Follow",
    None,
)


@pytest.mark.parametrize(("said", "act", "whom", "follow"), ASKED)
def test_asking_is_understood(said, act, whom, follow):
    asked = asked_by_actor(json.dumps(said).encode())
    assert (asked.act, asked.actor, asked.whom, asked.follow.get("id")) == (act, ACTOR, whom, follow)


@pytest.mark.parametrize("said", NOTHING_OF_OURS)
def test_the_rest_is_nothing_of_ours(said):
    assert asked_by_actor(json.dumps(said).encode()) is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 50_000, b"\xff", b'{"type": "Follow", "actor": "https://a.example/\x00"}']
)
def test_broken_bodies_are_nothing(body):
    assert asked_by_actor(body) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([ACTOR, OURS, "Follow", "Undo", "Delete", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "actor", "object", "id", "@id", "@type"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_no_json_breaks_the_reading(said):
    asked_by_actor(json.dumps(said).encode())
