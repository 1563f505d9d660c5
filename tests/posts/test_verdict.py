"""What is told about an address, from what is known of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, AccountStatus, Platform, Via
from feedhub.accounts.profile_patterns import Oddity
from feedhub.posts.post import PostStatus
from feedhub.posts.verdict import Findings, FoundPost, Health, Problem, verdict

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CHECKED = Account(
    key="k",
    platform=Platform.INSTAGRAM,
    department="dinkes",
    handle="dinkes.kota",
    verified_at=date(2026, 11, 1),
    evidence="A letter.",
)
UNCHECKED = replace(CHECKED, verified_at=None, evidence=None)
WELL = Health(outcome="ok", last_success_at=NOW, next_visit_at=NOW + timedelta(minutes=5))


def post(status):
    return FoundPost(id="1", status=status)


@pytest.mark.parametrize(
    ("found", "official", "collected", "problem"),
    [
        ({"account": CHECKED, "health": WELL}, True, True, None),
        ({"account": UNCHECKED, "health": WELL}, False, True, Problem.UNVERIFIED),
        ({"account": replace(UNCHECKED, via=Via.BRIDGE), "health": WELL}, False, True, Problem.BRIDGE),
        ({"account": replace(CHECKED, via=Via.BRIDGE), "health": WELL}, False, True, Problem.BRIDGE),
        ({"account": CHECKED, "health": Health()}, True, False, Problem.NEVER_VISITED),
        ({"account": CHECKED, "health": replace(WELL, outcome="token_expired")}, True, False, Problem.FAILING),
        (
            {"account": CHECKED, "health": replace(WELL, next_visit_at=NOW - timedelta(hours=7))},
            True,
            False,
            Problem.OUTAGE,
        ),
        (
            {"account": CHECKED, "health": replace(WELL, outcome="dns"), "is_everything_failing": True},
            True,
            False,
            Problem.OUTAGE,
        ),
        ({"account": replace(CHECKED, status=AccountStatus.RETIRED)}, False, False, Problem.RETIRED),
        ({"account": replace(CHECKED, status=AccountStatus.PAUSED)}, True, False, Problem.PAUSED),
        ({"account": replace(CHECKED, status=AccountStatus.STOPPED)}, True, False, Problem.STOPPED),
        ({}, False, False, Problem.UNKNOWN),
        ({"alike": CHECKED}, False, False, Problem.LOOK_ALIKE),
        ({"oddity": Oddity.PERSONAL}, False, False, Problem.PERSONAL),
        ({"oddity": Oddity.STORY, "account": CHECKED, "health": WELL}, True, False, Problem.STORY),
        ({"oddity": Oddity.POST, "is_post": True}, False, False, Problem.AUTHOR_UNKNOWN),
        ({"is_post": True, "account": CHECKED, "health": WELL}, True, False, Problem.NOT_SEEN),
        ({"is_post": True, "account": CHECKED, "health": replace(WELL, outcome="tls")}, True, False, Problem.FAILING),
        ({"is_post": True, "account": CHECKED, "post": post(PostStatus.LIVE)}, True, True, None),
        ({"is_post": True, "account": UNCHECKED, "post": post(PostStatus.LIVE)}, False, True, Problem.UNVERIFIED),
        ({"is_post": True, "account": CHECKED, "post": post(PostStatus.HELD)}, True, False, Problem.HELD),
        ({"is_post": True, "account": CHECKED, "post": post(PostStatus.WITHDRAWN)}, True, False, Problem.WITHDRAWN),
        ({"is_post": True, "account": CHECKED, "post": post(PostStatus.GONE)}, True, False, Problem.GONE),
    ],
)
def test_the_first_obstacle_is_told(found, official, collected, problem):
    told = verdict(Findings(url="https://a.example/", **found), now=NOW)
    assert (told.official, told.collected, told.problem) == (official, collected, problem)
