"""Where an account's own admin connects it: a page that says what for, and the way back from the platform."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Register
from feedhub.accounts.credential import Credential
from feedhub.connectors.oauth import PROVIDERS, Given, Provider, chosen, connect_url, exchange
from feedhub.connectors.oauth_accounts import Spoken
from feedhub.errors import CredentialRefused, NotKnown
from feedhub.failures import VisitFailed
from feedhub.logs import logger
from feedhub.store.connecting import keep_connected, refuse_used
from feedhub.store.credentials import kept_app, opened
from feedhub.views.page_connect import connect_page, connected_page, not_connected_page
from feedhub.web.connect_links import Invitation, new_nonce, read_link, read_state, write_state
from feedhub.web.feeds import department_named
from feedhub.web.pages import site_of
from feedhub.web.state import register, state

router = APIRouter(default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """What a link or a state is about."""

    register: Register
    provider: Provider
    app: Mapping[str, str]
    account: Account
    invitation: Invitation

    def verifier(self, secret: bytes) -> str:
        return self.invitation.verifier(secret)


@router.get("/connect/{platform}")
async def connect(request: Request, platform: str, link: str = "") -> Response:
    return await _answered(request, _asked(request, provider_named(platform), link))


@router.get("/connect/{platform}/callback")
async def callback(request: Request, platform: str) -> Response:
    return await _answered(request, _returned(request, provider_named(platform)))


def provider_named(platform: str) -> Provider:
    """Raises:
    NotKnown: no accounts are connected there.
    """
    provider = PROVIDERS.get(Platform(platform)) if platform in set(Platform) else None
    if provider is None:
        raise NotKnown("platform to connect", platform)
    return provider


async def _answered(request: Request, page: Awaitable[str]) -> Response:
    """The page, or one that says why nothing was connected."""
    try:
        return HTMLResponse(await page)
    except CredentialRefused as refusal:
        said = str(refusal)
    except VisitFailed as failure:
        said = f"{failure.reason} {failure.remedy}"
    logger().info("connection.refused", reason=said)
    site = site_of(request, await register(request))
    return HTMLResponse(not_connected_page(site, said), HTTPStatus.FORBIDDEN)


async def _asked(request: Request, provider: Provider, link: str) -> str:
    """What FeedHub will read, and the button that leads to the platform."""
    here = state(request)
    invitation = replace(read_link(link, now=here.now(), secret=here.secret), nonce=new_nonce())
    meant = await _meant(request, provider, invitation)
    url = connect_url(
        provider,
        meant.app,
        redirect_uri=_way_back(request, provider),
        state=write_state(invitation, now=here.now(), secret=here.secret),
        verifier=meant.verifier(here.secret),
    )
    return connect_page(site_of(request, meant.register), meant.account, _owner(meant), url)


async def _returned(request: Request, provider: Provider) -> str:
    """The admin is back from the platform: with a code, or without one."""
    here, asked = state(request), request.query_params
    invitation = read_state(asked.get("state", ""), now=here.now(), secret=here.secret)
    meant = await _meant(request, provider, invitation)
    if not asked.get("code"):
        raise CredentialRefused(
            f"{provider.platform.proper} says that you did not agree, so FeedHub reads nothing; open the link again if that was a mistake."
        )
    given = Given(code=asked["code"], redirect_uri=_way_back(request, provider), verifier=meant.verifier(here.secret))
    async with here.new_http() as http:
        credential, spoken = await exchange(http, provider, meant.app, given, now=here.now())
    own = _own(meant.account, credential, spoken)
    await here.store.write(keep_connected, own, here.keyring, made_at=invitation.made_at, at=here.now())
    logger().info("account.connected", account=meant.account.key, platform=provider.platform.value)
    return connected_page(site_of(request, meant.register), meant.account, _owner(meant))


async def _meant(request: Request, provider: Provider, invitation: Invitation) -> _Meant:
    """Raises:
    CredentialRefused: nothing can be connected by this.
    """
    here, known = state(request), await register(request)
    account = _account(known, invitation.account, provider)
    unused = Credential(platform=provider.platform, account=account.id, token="")
    await here.store.read(refuse_used, unused, made_at=invitation.made_at)
    app = await here.store.read(kept_app, provider.app)
    if app is None:
        raise CredentialRefused(
            f"FeedHub's app at {provider.app.proper} is not known; whoever runs FeedHub has to add it first."
        )
    others = opened(app, here.keyring).others
    return _Meant(register=known, provider=provider, app=others, account=account, invitation=invitation)


def _account(known: Register, id: UUID, provider: Provider) -> Account:
    for account in known.accounts:
        if account.id == id and account.platform is provider.platform and account.status is not AccountStatus.RETIRED:
            return account
    raise CredentialRefused(f"The {provider.platform.proper} account of this link is not registered any more.")


def _own(account: Account, credential: Credential, spoken: tuple[Spoken, ...]) -> Credential:
    """The credential for this one account. A token of its own does not end by itself."""
    one = chosen(account, spoken)
    if one is None:
        names = ", ".join(each.handle or each.name or each.native_id for each in spoken[:5]) or "no account"
        wanted = account.handle or account.url or account.key
        raise CredentialRefused(
            f"This login speaks for {names}, not for {wanted}; log out at {account.platform.proper} and open the link again as {wanted}."
        )
    others = credential.others | one.others
    if one.token is None:
        return replace(credential, account=account.id, others=others)
    return replace(credential, account=account.id, token=one.token, others=others, expires_at=None)


def _owner(meant: _Meant) -> Department:
    return department_named(meant.register, meant.account.department)


def _way_back(request: Request, provider: Provider) -> str:
    return f"{state(request).public_url}/connect/{provider.platform}/callback"
