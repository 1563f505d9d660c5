"""Connecting an account by its admin's own login: where platforms ask the admin, and how a code becomes a credential.

OAuth 2.0 authorization codes (RFC 6749 section 4.1, PKCE by RFC 7636 where the platform takes it), with
each platform's own names: developers.tiktok.com/doc/oauth-user-access-token-management,
developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow,
developers.facebook.com/docs/threads/get-started, learn.microsoft.com/linkedin/shared/authentication.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask
from feedhub.connectors.http import Http
from feedhub.connectors.oauth_accounts import Spoken, of_facebook, of_instagram, of_linkedin, of_threads, of_tiktok
from feedhub.failures import BadAnswer, TokenRefused

META = "https://graph.facebook.com/v25.0"

_LONGEST = 10 * 366 * 86_400  # seconds; more is no time but a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One platform's way. `app` is the platform under which our app's id and secret are kept.

    `accounts` tells for which accounts a token speaks. `by_refresh_token`: nothing else renews one. `longer` names the grant that makes a
    short token a long one, asked of `longer_at`.
    """

    platform: Platform
    app: Platform
    authorize: str
    trades_at: str
    scopes: tuple[str, ...]
    accounts: Callable[[Http, str, datetime], Awaitable[tuple[Spoken, ...]]]
    id_name: str = "client_id"
    scope_sign: str = ","
    has_pkce: bool = False
    by_refresh_token: bool = False
    longer: str | None = None
    longer_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came back with the admin, and what shows that the same side asked for it."""

    code: str = field(repr=False)
    redirect_uri: str
    verifier: str = field(repr=False)


PROVIDERS: dict[Platform, Provider] = {
    provider.platform: provider
    for provider in (
        Provider(
            platform=Platform.TIKTOK,
            app=Platform.TIKTOK,
            authorize="https://www.tiktok.com/v2/auth/authorize/",
            trades_at="https://open.tiktokapis.com/v2/oauth/token/",
            scopes=("user.info.basic", "user.info.profile", "video.list"),
            accounts=of_tiktok,
            id_name="client_key",
            by_refresh_token=True,
        ),
        Provider(
            platform=Platform.THREADS,
            app=Platform.THREADS,
            authorize="https://threads.com/oauth/authorize",
            trades_at="https://graph.threads.net/oauth/access_token",
            scopes=("threads_basic", "threads_read_replies"),
            accounts=of_threads,
            longer="th_exchange_token",
            longer_at="https://graph.threads.net/access_token",
        ),
        Provider(
            platform=Platform.LINKEDIN,
            app=Platform.LINKEDIN,
            authorize="https://www.linkedin.com/oauth/v2/authorization",
            trades_at="https://www.linkedin.com/oauth/v2/accessToken",
            scopes=("r_organization_social", "r_organization_admin"),
            accounts=of_linkedin,
            scope_sign=" ",
            by_refresh_token=True,
        ),
        *(
            Provider(
                platform=platform,
                app=Platform.FACEBOOK,
                authorize="https://www.facebook.com/v25.0/dialog/oauth",
                trades_at=f"{META}/oauth/access_token",
                scopes=("pages_show_list", "pages_read_engagement", *scopes),
                accounts=accounts,
                has_pkce=True,
                longer="fb_exchange_token",
                longer_at=f"{META}/oauth/access_token",
            )
            for platform, scopes, accounts in (
                (Platform.FACEBOOK, ("pages_read_user_content",), of_facebook),
                (Platform.INSTAGRAM, ("instagram_basic",), of_instagram),
            )
        ),
    )
}


def connect_url(provider: Provider, app: Mapping[str, str], *, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the admin agrees. The app's id stands there openly; its secret never does."""
    asked = {
        provider.id_name: app.get(provider.id_name, ""),
        "response_type": "code",
        "scope": provider.scope_sign.join(provider.scopes),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if provider.has_pkce:
        digest = sha256(verifier.encode()).digest()
        asked |= {
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
    return f"{provider.authorize}?{urlencode(asked)}"


async def exchange(
    http: Http, provider: Provider, app: Mapping[str, str], given: Given, *, now: datetime
) -> tuple[Credential, tuple[Spoken, ...]]:
    """The credential that a code stands for, and the accounts for which it speaks.

    Raises:
        VisitFailed: TokenRefused for a code that is not taken, and those of the fetcher.
    """
    form = {
        provider.id_name: app.get(provider.id_name, ""),
        "client_secret": app.get("client_secret", ""),
        "grant_type": "authorization_code",
        "code": given.code,
        "redirect_uri": given.redirect_uri,
    }
    if provider.has_pkce:
        form["code_verifier"] = given.verifier
    said = _agreed(provider, await ask(http, provider.trades_at, form=form, now=now))
    if provider.longer and provider.longer_at:
        said = _agreed(provider, await _longer(http, provider, app, said["access_token"], now=now))
    token = said["access_token"]
    credential = Credential(
        platform=provider.platform,
        token=token,
        refresh_token=_text(said.get("refresh_token")),
        issued_at=now,
        expires_at=_end(said.get("expires_in"), now),
        refresh_expires_at=_end(said.get("refresh_expires_in") or said.get("refresh_token_expires_in"), now),
        others=dict(app),
    )
    return lasting(credential), await provider.accounts(http, token, now)


def lasting(credential: Credential) -> Credential:
    """The same, its end final where FeedHub can't renew it by itself, so that people are warned in time."""
    provider = PROVIDERS.get(credential.platform)
    if provider is None or not provider.by_refresh_token or credential.refresh_token is not None:
        return credential
    return replace(credential, refresh_expires_at=credential.expires_at)


def chosen(account: Account, spoken: tuple[Spoken, ...]) -> Spoken | None:
    """Of the accounts for which a login speaks, the one that is registered."""
    names = _names_of(account)
    return next((one for one in spoken if names & {name.lower() for name in (one.native_id, one.handle) if name}), None)


def _names_of(account: Account) -> set[str]:
    """All by which a platform may know an account: its handle, and what its address and key end with."""
    ends = [account.handle or "", account.key.rpartition(":")[2]]
    ends += [(account.url or "").partition("?")[0].rstrip("/").rpartition("/")[2]]
    ends += [(account.url or "").partition("?id=")[2].partition("&")[0]]
    return {end.strip().rpartition("/")[2].removeprefix("@").lower() for end in ends} - {""}


async def _longer(http: Http, provider: Provider, app: Mapping[str, str], token: str, *, now: datetime) -> Said:
    grant = {"grant_type": provider.longer or "", "client_secret": app.get("client_secret", "")}
    if provider.longer == "fb_exchange_token":
        form = grant | {provider.id_name: app.get(provider.id_name, ""), "fb_exchange_token": token}
        return await ask(http, provider.longer_at or "", form=form, now=now)
    # Threads takes this one by GET only; the token goes in a header, the secret where it is documented.
    return await ask(http, provider.longer_at or "", query=grant, token=token, now=now)


def _agreed(provider: Provider, said: Said) -> dict[str, Any]:
    value = said.value if isinstance(said.value, dict) else {}
    if said.is_ok and isinstance(value.get("access_token"), str) and value["access_token"]:
        return value
    error = value.get("error")
    words = value.get("error_description") or value.get("error_message") or value.get("message")
    if isinstance(error, dict):
        words = error.get("message") or words
    if not (error or words):
        raise BadAnswer(f"{provider.platform.proper} answers a login with something that is no token.")
    raise TokenRefused(
        f"{provider.platform.proper} did not take the login: {str(words or error)[:200].rstrip('.')}.",
        remedy="Open the link again; if this lasts, check the app's id and secret and its redirect address.",
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _end(seconds: object, now: datetime) -> datetime | None:
    if isinstance(seconds, int | float) and 0 < seconds < _LONGEST:
        return now + timedelta(seconds=seconds)
    return None
