"""An account's admin connects it: five platforms' OAuth on loopback, and everything that may go wrong on the way."""

import base64
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register
from feedhub.accounts.credential import Credential
from feedhub.errors import CredentialRefused
from feedhub.store.credentials import (
    credential_for,
    keep_credential,
    kept_credentials,
    opened,
    remove_credentials,
)
from feedhub.store.hosts import due_accounts
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import open_store
from feedhub.store.times import to_ms
from feedhub.views.page_connect import connect_page, connected_page, not_connected_page
from feedhub.views.page_site import Site
from feedhub.web.connect_links import read_link, read_state, write_link, write_state
from simulated import serving_all
from views.page_rules import faults
from web.newsroom import PUBLIC_URL, serving

ORIGINS = (
    "https://open.tiktokapis.com",
    "https://graph.threads.net",
    "https://www.linkedin.com",
    "https://api.linkedin.com",
    "https://graph.facebook.com",
)
PLATFORMS = (Platform.TIKTOK, Platform.THREADS, Platform.LINKEDIN, Platform.FACEBOOK, Platform.INSTAGRAM)
ACCOUNTS = {
    platform: Account(key=f"{platform}:x/dinkes", platform=platform, department="dinkes", handle="dinkes")
    for platform in PLATFORMS
}
APP_SECRET, CODE, SHORT, LONG, PAGE = "app-geheim-77", "code-123-abc", "kurz-token-11", "lang-token-22", "page-token-33"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Logins:
    """Every platform's login. `who` is the handle that logged in; `taken` the codes that were traded."""

    who: str = "dinkes"
    challenge: str | None = None
    origins: tuple[str, ...] = ORIGINS
    media: str = ""
    taken: set[str] = field(default_factory=set)
    urls: list[str] = field(default_factory=list)
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        trade = [
            "/v2/oauth/token/",  # TikTok
            "/oauth/access_token",  # Threads
            "/oauth/v2/accessToken",  # LinkedIn
            "/v25.0/oauth/access_token",  # Facebook, for short and long ones
        ]
        self.app = Starlette(
            routes=[
                *(Route(path, self.trade, methods=["POST"]) for path in trade),
                Route("/access_token", self.longer),
                Route("/v2/user/info/", self.seen),
                Route("/v1.0/me", self.seen),
                Route("/rest/{rest:path}", self.seen),
                Route("/v25.0/me/accounts", self.seen),
            ]
        )

    def answers(self, _path: str) -> bool:
        return True

    async def trade(self, request: Request) -> JSONResponse:
        self.urls.append(str(request.url))
        form = dict(parse_qsl((await request.body()).decode()))
        if form["client_secret"] != APP_SECRET or (form.get("client_id") or form.get("client_key")) != "app-id-9":
            return JSONResponse({"error": "invalid_client", "error_description": "Client secret is wrong."}, 401)
        if form["grant_type"] == "fb_exchange_token":
            assert form["fb_exchange_token"] == SHORT
            return JSONResponse({"access_token": LONG, "expires_in": 5_184_000})
        if form["code"] in self.taken or form["code"] != CODE:
            return JSONResponse({"error": "invalid_grant", "error_description": "The code is expired or used."}, 400)
        if self.challenge is not None:
            digest = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
            assert digest == self.challenge
        self.taken.add(form["code"])
        assert "/connect/" in form["redirect_uri"]
        return JSONResponse(
            {"access_token": SHORT, "expires_in": 86_400, "refresh_token": "rft-44", "refresh_expires_in": 31_536_000}
        )

    async def longer(self, request: Request) -> JSONResponse:
        self.urls.append(str(request.url))
        assert request.headers["authorization"] == f"Bearer {SHORT}"
        assert request.query_params["client_secret"] == APP_SECRET
        return JSONResponse({"access_token": LONG, "token_type": "bearer", "expires_in": 5_183_944})

    async def seen(self, request: Request) -> JSONResponse:
        self.urls.append(str(request.url))
        assert request.headers["authorization"] in {f"Bearer {SHORT}", f"Bearer {LONG}"}
        match request.url.path:
            case "/v2/user/info/":
                return JSONResponse(
                    {"data": {"user": {"open_id": "o-1", "username": self.who}}, "error": {"code": "ok"}}
                )
            case "/v1.0/me":
                return JSONResponse({"id": "77", "username": self.who})
            case "/rest/organizationAcls":
                assert request.headers["linkedin-version"]
                return JSONResponse({"elements": [{"organization": "urn:li:organization:5", "role": "ADMINISTRATOR"}]})
            case "/rest/organizations/5":
                return JSONResponse({"id": 5, "vanityName": self.who, "localizedName": "Dinas"})
        ig = {"instagram_business_account": {"id": "1784", "username": self.who}}
        pages = [
            {"id": "2", "name": "Lain", "username": "lain"},
            {"id": "1", "username": self.who, "access_token": PAGE},
        ]
        return JSONResponse({"data": [{"id": "1", **ig}] if "instagram" in request.url.query else pages})


@dataclass
class Desk:
    store: object
    client: object
    logins: Logins
    secret: bytes

    def link(self, platform: Platform, *, at: datetime | None = None) -> str:
        return write_link(ACCOUNTS[platform].id, at=at or datetime.now(UTC), secret=self.secret)

    async def opened(self, platform: Platform, link: str):
        return await self.client.get(f"/connect/{platform}", params={"link": link})

    async def agreed(self, platform: Platform) -> dict[str, str]:
        """What the platform sends the admin back with, once the page was read and the button pressed."""
        page = await self.opened(platform, self.link(platform))
        assert page.status_code == 200, page.text
        asked = {name: said[0] for name, said in parse_qs(urlsplit(button_of(page.text)).query).items()}
        assert asked["redirect_uri"] == f"{PUBLIC_URL}/connect/{platform}/callback"
        self.logins.challenge = asked.get("code_challenge")
        return {"code": CODE, "state": asked["state"]}

    async def back(self, platform: Platform, said: dict[str, str]):
        return await self.client.get(f"/connect/{platform}/callback", params=said)

    async def kept(self, platform: Platform) -> Credential | None:
        found = await self.store.read(credential_for, platform, ACCOUNTS[platform].id)
        return None if found is None else opened(found, Keyring((self.secret,)))


def button_of(page: str) -> str:
    return unescape(re.search(r'class="button is-main" href="([^"]+)"', page)[1])


@pytest.fixture
async def desk(sqlite_url):
    async with at_a_desk(sqlite_url) as desk:
        yield desk


@asynccontextmanager
async def at_a_desk(database_url: str):
    store, logins = open_store(database_url), Logins()
    city = Register(
        publisher=Publisher(name="Kota Contoh"),
        departments=(Department(slug="dinkes", name="Dinas Kesehatan"),),
        accounts=tuple(ACCOUNTS.values()),
    )
    await store.write(import_register, city, retire_missing=False, at=to_ms(LONG_AGO))
    secret = await store.write(made_signing_key)
    for platform in (Platform.TIKTOK, Platform.THREADS, Platform.LINKEDIN, Platform.FACEBOOK):
        name = "client_key" if platform is Platform.TIKTOK else "client_id"
        app = Credential(
            platform=platform, token="", is_app=True, others={name: "app-id-9", "client_secret": APP_SECRET}
        )
        await store.write(keep_credential, app, Keyring((secret,)), at=LONG_AGO)
    async with serving_all([logins]) as detours:
        told = ",".join(f"{origin}={to}" for origin, to in detours)
        async with serving(database_url, fetch_detours=told, fetch_allow="127.0.0.0/8") as client:
            yield Desk(store, client, logins, secret)
    await store.close()


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_an_admin_connects_the_account_and_its_credential_is_kept_sealed(desk, platform):
    page = await desk.opened(platform, desk.link(platform))
    assert page.headers["cache-control"] == "no-store"
    assert "Dinas Kesehatan" in page.text
    assert faults(page.text, host="kabar.example") == []
    assert "menulis, mengubah, atau menghapus" in page.text
    url = button_of(page.text)
    assert url.startswith("https://")
    assert APP_SECRET not in url
    assert not {"publish", "write", "manage_posts", "w_organization_social"} & set(re.split(r"[^a-z_]+", url))

    done = await desk.back(platform, await desk.agreed(platform))
    assert (done.status_code, done.headers["cache-control"]) == (200, "no-store")
    assert "Terhubung: dinkes" in done.text
    assert faults(done.text, host="kabar.example") == []
    kept = await desk.kept(platform)
    longer = {Platform.THREADS: LONG, Platform.INSTAGRAM: LONG, Platform.FACEBOOK: PAGE}
    assert kept.token == longer.get(platform, SHORT)
    assert kept.account == ACCOUNTS[platform].id
    assert kept.others["client_secret"] == APP_SECRET  # renewing takes it
    assert (kept.expires_at is None) == (platform is Platform.FACEBOOK)
    told = f"{page.text} {done.text} {dict(done.headers)}"
    assert not [one for one in (SHORT, LONG, PAGE, APP_SECRET, CODE, "rft-44") if one in told]
    assert not [url for url in desk.logins.urls if SHORT in url or LONG in url or CODE in url]


async def test_a_connected_account_is_visited_at_once(desk):
    before = to_ms(datetime.now(UTC))
    await desk.back(Platform.TIKTOK, await desk.agreed(Platform.TIKTOK))
    due = await desk.store.read(due_accounts, ["open.tiktokapis.com"], due=to_ms(datetime.now(UTC)))
    assert [one.account.handle for one in due] == ["dinkes"]
    assert before


async def test_a_link_works_once(desk):
    link = desk.link(Platform.TIKTOK)
    said = await desk.agreed(Platform.TIKTOK)
    assert (await desk.back(Platform.TIKTOK, said)).status_code == 200
    for again in (await desk.back(Platform.TIKTOK, said), await desk.opened(Platform.TIKTOK, link)):
        assert again.status_code == 403
        assert "used already" in again.text


async def test_links_and_states_that_are_not_ours_or_over_connect_nothing(desk):
    good = desk.link(Platform.TIKTOK)
    old = desk.link(Platform.TIKTOK, at=datetime.now(UTC) - timedelta(days=8))
    elsewhere = desk.link(Platform.THREADS)
    forged = write_link(ACCOUNTS[Platform.TIKTOK].id, at=datetime.now(UTC), secret=b"somebody else's")
    for link in ("", "x", "ä", good[:-4], "A" + good[1:], old, elsewhere, forged):
        answer = await desk.opened(Platform.TIKTOK, link)
        assert answer.status_code == 403, link
        assert faults(answer.text, host="kabar.example") == []
        assert "button is-main" not in answer.text
    said = await desk.agreed(Platform.TIKTOK)
    state = said["state"]
    for wrong in ("", good, state[:-3], state[:30] + ("A" if state[30] != "A" else "B") + state[31:]):
        assert (await desk.back(Platform.TIKTOK, {"code": CODE, "state": wrong})).status_code == 403
    assert (await desk.back(Platform.THREADS, said)).status_code == 403
    assert await desk.kept(Platform.TIKTOK) is None
    assert desk.logins.taken == set()


async def test_a_state_is_good_for_half_an_hour(desk):
    now = datetime.now(UTC)
    invitation = read_link(desk.link(Platform.TIKTOK), now=now, secret=desk.secret)
    state = write_state(invitation, now=now, secret=desk.secret)
    assert read_state(state, now=now + timedelta(minutes=29), secret=desk.secret).account == invitation.account
    with pytest.raises(CredentialRefused, match="time is over"):
        read_state(state, now=now + timedelta(minutes=31), secret=desk.secret)


async def test_an_admin_who_does_not_agree_is_told_that_nothing_was_kept(desk):
    said = await desk.agreed(Platform.LINKEDIN)
    answer = await desk.back(Platform.LINKEDIN, {"error": "user_cancelled_login", "state": said["state"]})
    assert answer.status_code == 403
    assert "did not agree" in answer.text
    assert (await desk.back(Platform.LINKEDIN, said)).status_code == 200  # the link is still good


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_login_for_another_account_is_refused(desk, platform):
    desk.logins.who = "orang.lain"
    answer = await desk.back(platform, await desk.agreed(platform))
    assert answer.status_code == 403
    assert "orang.lain" in answer.text
    assert "not for dinkes" in answer.text
    assert await desk.kept(platform) is None


async def test_a_code_that_the_platform_does_not_take_connects_nothing(desk):
    said = await desk.agreed(Platform.TIKTOK)
    answer = await desk.back(Platform.TIKTOK, said | {"code": "other"})
    assert answer.status_code == 403
    assert "code is expired or used" in answer.text
    assert "other" not in answer.text.replace("another", "")


async def test_without_our_app_nobody_can_connect(desk):
    apps = [one.id for one in await desk.store.read(kept_credentials) if one.is_app]
    await desk.store.write(remove_credentials, apps)
    answer = await desk.opened(Platform.TIKTOK, desk.link(Platform.TIKTOK))
    assert answer.status_code == 403
    assert "app at TikTok is not known" in answer.text


async def test_platforms_without_a_login_are_not_found(desk):
    for path in ("/connect/mastodon?link=x", "/connect/nothing", "/connect/webfeed/callback"):
        assert (await desk.client.get(path)).status_code == 404


def test_the_pages_speak_english_where_the_publisher_does():
    account, department = ACCOUNTS[Platform.TIKTOK], Department(slug="dinkes", name="Health <b>Office</b>")
    site = Site(publisher=Publisher(name="Sample City", language="en"), public_url="https://city.example/x")
    for page in (
        connect_page(site, account, department, "https://www.tiktok.com/v2/auth/authorize/?a=1&b=2"),
        connected_page(site, account, department),
        not_connected_page(site, "This link's time is <over>."),
    ):
        assert faults(page, host="city.example") == []
        assert "Office</b>" not in page
    assert "Go on to TikTok" in connect_page(site, account, department, "https://www.tiktok.com/")
