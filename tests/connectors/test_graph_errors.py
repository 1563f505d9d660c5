"""What Meta's error bodies and usage headers become: named outcomes, each with something to do."""

import json
from datetime import timedelta

import pytest

from feedhub.accounts.account import Platform
from feedhub.connectors.graph import limits_in
from feedhub.connectors.graph_errors import fault_in, refusal_of
from feedhub.failures import (
    AccountUnsupported,
    Forbidden,
    NotFound,
    PermissionMissing,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TokenExpired,
    TokenRefused,
)
from graph_answers import NOW, said

MISSING = "Unsupported get request. Object with ID '1' does not exist, cannot be loaded due to missing permissions"
OUTCOMES = [
    (190, 463, "Session has expired", TokenExpired),
    (190, None, "Error validating access token: Session has expired on Friday", TokenExpired),
    (190, 460, "The session has been invalidated because the user changed the password", TokenRefused),
    (190, 458, "The user has not authorized application 1", TokenRefused),
    (190, 467, "The session is invalid because the user logged out", TokenRefused),
    (190, 492, "Impersonating user has no role", TokenRefused),
    (190, None, "Malformed access token", TokenRefused),
    (102, None, "Session key invalid", TokenRefused),
    (10, None, "(#10) This endpoint requires the 'pages_read_engagement' permission", PermissionMissing),
    (200, None, "(#200) Requires instagram_basic permission", PermissionMissing),
    (299, None, "(#299) Permission", PermissionMissing),
    (3, None, "Application does not have the capability", PermissionMissing),
    (
        100,
        None,
        "(#100) Pages Public Content Access requires either app secret proof or an app token",
        PermissionMissing,
    ),
    (4, None, "(#4) Application request limit reached", RateLimited),
    (17, None, "(#17) User request limit reached", RateLimited),
    (32, None, "(#32) Page request limit reached", RateLimited),
    (613, None, "(#613) Calls to this api have exceeded the rate limit", RateLimited),
    (80002, None, "(#80002) There have been too many calls to this Instagram account", RateLimited),
    (110, 2207013, "Invalid user id", AccountUnsupported),
    (100, 33, MISSING, NotFound),
    (24, None, "The requested resource does not exist", NotFound),
    (803, None, "(#803) Some of the aliases you requested do not exist: dinkes", NotFound),
    (368, None, "The action attempted has been deemed abusive", Forbidden),
    (1, None, "An unknown error occurred", ServerFailed),
    (2, None, "Service temporarily unavailable", ServerFailed),
    (100, None, "(#100) Tried accessing nonexisting field (alt)", StatusRefused),
    (2635, None, "You are calling a deprecated version of the API", StatusRefused),
]


@pytest.mark.parametrize("platform", [Platform.INSTAGRAM, Platform.FACEBOOK, Platform.THREADS])
@pytest.mark.parametrize(("code", "subcode", "message", "outcome"), OUTCOMES)
def test_each_code_has_its_outcome(platform, code, subcode, message, outcome):
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    failure = refusal_of(said({"error": error | ({"error_subcode": subcode} if subcode else {})}), platform, now=NOW)
    assert type(failure) is outcome
    assert failure.reason.endswith(".")
    assert failure.remedy


def test_a_missing_permission_is_named():
    error = {"code": 10, "message": "(#10) This endpoint requires the 'pages_read_engagement' permission"}
    failure = refusal_of(said({"error": error}), Platform.FACEBOOK, now=NOW)
    assert "pages_read_engagement" in failure.reason


def test_a_token_that_meta_repeats_is_in_no_sentence():
    token = "EAAB" + "x9" * 40
    for code, message in ((190, f"Malformed access token {token}"), (100, f"(#100) odd value {token}")):
        failure = refusal_of(said({"error": {"code": code, "message": message}}), Platform.FACEBOOK, now=NOW)
        assert token not in failure.reason + failure.remedy


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"error": "no"},
        {"error": {"code": "x", "message": 7, "error_subcode": None}},
        {"error": {"code": True}},
        None,
    ],
)
def test_odd_refusals_are_no_crash(body):
    failure = refusal_of(said(body, status=503), Platform.THREADS, now=NOW)
    assert failure.reason


def test_only_a_graph_error_says_that_something_does_not_exist():
    assert fault_in(said({"detail": "not here"}, status=404)) is None
    assert fault_in(said({"error": {"code": 100, "message": MISSING}})).is_absence is False
    assert fault_in(said({"error": {"code": 100, "error_subcode": 33, "message": MISSING}})).is_absence


def test_a_limit_ends_when_the_header_says():
    use = {"call_count": 100, "estimated_time_to_regain_access": 12}
    headers = {"x_business_use_case_usage": json.dumps({"1": [{"type": "pages", **use}]})}
    failure = refusal_of(said({"error": {"code": 32, "message": ""}}, **headers), Platform.FACEBOOK, now=NOW)
    assert failure.retry_at == NOW + timedelta(minutes=12)
    plain = refusal_of(said({"error": {"code": 32, "message": ""}}), Platform.FACEBOOK, now=NOW)
    assert plain.retry_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("share", "left"), [(0, None), (49, None), (50, 60), (70.5, 19), (79, 2), (80, 0), (100, 0)])
def test_we_stop_at_80_per_cent_of_a_budget(share, left):
    limits = limits_in(said({}, status=200, x_app_usage=json.dumps({"call_count": 1, "total_time": share})), now=NOW)
    assert (limits and limits.left) == left
    assert limits is None or limits.resets_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("header", ["", "[]", "{", '{"1": 3}', '{"1": [3, {"call_count": "many"}]}', '"x"'])
def test_odd_usage_headers_say_nothing(header):
    assert limits_in(said({}, status=200, x_app_usage=header, x_business_use_case_usage=header), now=NOW) is None
