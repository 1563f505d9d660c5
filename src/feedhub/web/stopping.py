"""The link in a letter that can only stop an account: a page with one button."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.account import Account, Register
from feedhub.errors import NotKnown
from feedhub.posts.acts import actor_of
from feedhub.store.stop_links import StopLink, read_stop_link
from feedhub.store.stopping import stop_account
from feedhub.views.page_site import Site
from feedhub.views.page_stop import stop_page, stopped_page
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/stop")

REASON = "Dinas menghentikan akun ini untuk diperiksa."


@router.get("/{token}")
async def ask(request: Request, token: str) -> Response:
    here, known = state(request), await register(request)
    link = _link(here, token)
    account = _account(known, link)
    # A mail program may open every link by itself, so only the button stops.
    return HTMLResponse(stop_page(_site(here, known), account, since=link.since))


@router.post("/{token}")
async def stop(request: Request, token: str) -> Response:
    here, known = state(request), await register(request)
    link = _link(here, token)
    account = _account(known, link)
    actor, at = actor_of(account.department), here.now().replace(microsecond=0)
    done = await here.store.write(stop_account, account.id, since=link.since, reason=REASON, at=at, actor=actor)
    return HTMLResponse(stopped_page(_site(here, known), account, withdrawn=done.withdrawn), HTTPStatus.OK)


def _link(here: State, token: str) -> StopLink:
    link = read_stop_link(token, here.secret, now=here.now())
    if link is None:
        raise NotKnown("link", token[:12])
    return link


def _account(known: Register, link: StopLink) -> Account:
    for account in known.accounts:
        if account.id == link.account:
            return account
    raise NotKnown("account", str(link.account))


def _site(here: State, known: Register) -> Site:
    return Site(publisher=known.publisher, public_url=here.public_url)
