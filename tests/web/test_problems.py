"""What goes wrong is told in one form, to everybody, without a word too much."""

import re
from itertools import product

from web.newsroom import PUBLIC_URL

PROBLEMS = {
    "/api/v1/posts?limit=0": (422, "limit"),
    "/api/v1/posts?department=nobody": (422, "department"),
    "/api/v1/posts?kind=gossip": (422, "kind"),
    "/api/v1/posts?language=xx": (422, "language"),
    "/api/v1/posts?platform=myspace": (422, "platform"),
    "/api/v1/posts?account=1": (422, "account"),
    "/api/v1/posts?order=oldest": (422, "order"),
    "/api/v1/posts/x?a=b": (422, "a"),
    "/api/v1/kinds?a=b": (422, "a"),
    "/api/v1/departments?kind=news": (422, "kind"),
    "/feed.rss?order=oldest": (422, "order"),
    "/feed.json?limit=201": (422, "limit"),
    "/departments/dinkes/feed.rss?department=bpbd": (422, "department"),
    "/feeds.opml?department=dinkes": (422, "department"),
    "/api/v1/nothing": (404, None),
    "/departments/nobody/feed.atom": (404, None),
    "/api/v1/accounts/nobody": (404, None),
    "/api/v1/posts?q=" + "a" * 9000: (414, None),
}
HOSTILE = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "x-forwarded-prefix": "/evil",
    "x-forwarded-for": "6.6.6.6",
    "forwarded": "host=evil.example;proto=gopher",
    "x-original-url": "/evil",
    "x-rewrite-url": "/evil",
    "x-http-method-override": "DELETE",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "cookie": "session=1",
    "accept": "application/evil",
    "accept-language": "xx",
    "authorization": "Bearer evil",
    "range": "bytes=0-1",
    "user-agent": "evil",
}


def lasting(headers) -> dict[str, str]:
    """Without what tells of this moment and this asker."""
    return {name: said for name, said in headers.items() if name not in {"date", "ratelimit", "ratelimit-policy"}}


async def test_a_refusal_is_a_problem_that_names_its_cause(room):
    for target, (status, parameter) in PROBLEMS.items():
        answer = await room.get(target)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), target
        told = answer.json()
        assert told["status"] == status
        assert told.get("parameter") == parameter
        assert told["type"].startswith(f"{PUBLIC_URL}/docs#")
        assert told["title"]
        assert told["detail"]
        anchor = told["type"].partition("#")[2]
        assert f'id="{anchor}"' in (await room.get("/docs")).text


async def test_people_are_told_in_html(room):
    for target, status in {"/nothing": 404, "/departments/nobody": 404, "/search?department=nobody": 422}.items():
        answer = await room.get(target)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert (await room.get("/search?whatever=1")).status_code == 200


async def test_everything_public_can_only_be_read(room):
    methods = ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"]
    for target, method in product(["/feed.rss", "/api/v1/posts", "/", "/livez"], methods):
        answer = await room.client.request(method, target)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_head_is_get_without_its_body(room):
    targets = ["/feed.rss", "/api/v1/posts", "/", "/livez", "/readyz", "/docs", "/api/v1/posts?limit=0", "/nothing"]
    for target in [*targets, "/feed.rss?kind=news", "/feed.rss"]:
        got, asked = await room.get(target), await room.client.head(target)
        assert asked.content == b""
        assert asked.status_code == got.status_code
        assert lasting(asked.headers) == lasting(got.headers), target


async def test_other_sites_scripts_may_read_everything(room):
    for target in ("/feed.rss", "/api/v1/posts", "/api/v1/posts?limit=0", "/feed.rss?kind=news", "/nothing"):
        answer = await room.get(target, origin="https://other.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert exposed == ["ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy"]
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
    preflight = await room.client.options("/api/v1/posts", headers={"Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


async def test_every_answer_is_safe_to_show(room):
    for target in ("/", "/feed.rss", "/api/v1/posts", "/nothing", "/docs", "/livez", "/embed", "/widget/v1/feedhub.js"):
        headers = (await room.get(target)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        # What we serve ourselves may run, nothing that stands in a page.
        assert re.findall(r"script-src ([^;]*)", policy) in ([], ["'self'"])
        assert "unsafe" not in policy
        assert ("frame-ancestors *" in policy) == (target == "/embed")


async def test_nothing_that_an_asker_says_of_itself_changes_a_byte(room):
    targets = ["/feed.rss", "/feed.json", "/api/v1/posts?limit=2", "/", "/docs", "/openapi.json", "/feed.rss?kind=news"]
    targets += ["/departments/dinkes/", "/nothing", "/api/v1/posts?limit=0"]
    asked = [(target, HOSTILE) for target in targets] + [("/feed.rss", {name: said}) for name, said in HOSTILE.items()]
    for target, headers in asked:
        plain, answer = await room.get(target), await room.client.get(target, headers=headers)
        assert (answer.status_code, answer.content) == (plain.status_code, plain.content), (target, headers)
        assert lasting(answer.headers) == lasting(plain.headers), (target, headers)
        assert "evil" not in answer.text


async def test_paths_that_climb_or_double_lead_nowhere_else(room):
    for path in (b"//evil.example/", b"/%2F%2Fevil.example/", b"/..%2f..%2fetc/passwd", b"/static/..%2fpages.py"):
        answer = await room.client.get(room.client.base_url.copy_with(raw_path=path))
        assert answer.status_code in {308, 404}
        assert answer.headers.get("location", PUBLIC_URL + "/").startswith(PUBLIC_URL + "/")
        assert not answer.headers.get("location", "").startswith(PUBLIC_URL + "//")
