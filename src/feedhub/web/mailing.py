"""Posts by mail: asking for them, confirming by the link in a letter, and ending them by another."""

import re
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown, QuestionRefused, TooMuchSent
from feedhub.store.mail_links import MailAct, read_mail_link
from feedhub.store.mail_lists import (
    Cadence,
    MailWish,
    ask_for_mail,
    confirm_mail,
    mail_wanted,
    next_digest,
    stop_mail,
    wish_of,
)
from feedhub.views.mails import language_named
from feedhub.views.messages import speaker
from feedhub.views.page_mail import asked_page, mail_act_page, mail_done_page
from feedhub.views.page_site import Site
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/mail")

_MOST_BYTES = 4_096  # of a form
# RFC 5321 section 4.5.3.1; what a mail server may refuse later, it says to the sender.
_PLAIN = r"\s@<>\",;:()\[\]\\\x00-\x1f\x7f"
_ADDRESS = re.compile(rf"[^{_PLAIN}]{{1,64}}@[^{_PLAIN}]{{1,250}}\.[^.{_PLAIN}]{{2,63}}")


@router.post("")
async def ask(request: Request) -> Response:
    """The form on the page of every way to follow."""
    here, known = state(request), await register(request)
    wish = _wish(here, known, await _form(request))
    await here.store.write(ask_for_mail, wish, at=here.now())
    return HTMLResponse(asked_page(_site(here, known, wish.language)))


@router.get("/confirm/{token}")
async def show_confirm(request: Request, token: str) -> Response:
    return await _show(request, MailAct.CONFIRM, token)


@router.post("/confirm/{token}")
async def confirm(request: Request, token: str) -> Response:
    here, known = state(request), await register(request)
    wish = await _wanted(here, MailAct.CONFIRM, token)
    first = next_digest(wish.cadence, known.publisher, here.now())
    await here.store.write(confirm_mail, _named(here, MailAct.CONFIRM, token), first=first, at=here.now())
    return _done(here, known, MailAct.CONFIRM, wish)


@router.get("/stop/{token}")
async def show_stop(request: Request, token: str) -> Response:
    return await _show(request, MailAct.STOP, token)


@router.post("/stop/{token}")
async def stop(request: Request, token: str) -> Response:
    """The page's button, and RFC 8058's one click of a mail program."""
    here, known = state(request), await register(request)
    wish = await _wanted(here, MailAct.STOP, token)
    await here.store.write(stop_mail, _named(here, MailAct.STOP, token))
    return _done(here, known, MailAct.STOP, wish)


async def _show(request: Request, act: MailAct, token: str) -> Response:
    here, known = state(request), await register(request)
    wish = await _wanted(here, act, token)
    site = _site(here, known, wish.language)
    return HTMLResponse(mail_act_page(site, act.value, what=_what(site, known, wish)))


def _done(here: State, known: Register, act: MailAct, wish: MailWish) -> Response:
    site = _site(here, known, wish.language)
    return HTMLResponse(mail_done_page(site, act.value, what=_what(site, known, wish)))


def _named(here: State, act: MailAct, token: str) -> UUID:
    id = read_mail_link(act, token, here.secret, now=here.now())
    if id is None:
        raise NotKnown("link", token[:12])
    return id


async def _wanted(here: State, act: MailAct, token: str) -> MailWish:
    """What the link is about; NotKnown where it was ended, or never confirmed in time."""
    return wish_of(await here.store.read(mail_wanted, _named(here, act, token)))


def _what(site: Site, known: Register, wish: MailWish) -> str:
    names = {one.slug: one.name for one in known.departments}
    whose = names.get(wish.department or "", known.publisher.name)
    return f"{whose}, {speaker(site.language)(f'mail_{wish.cadence.value}')}"


def _site(here: State, known: Register, language: str) -> Site:
    return Site(
        publisher=known.publisher,
        public_url=here.public_url,
        asked_in=language_named(language, known.publisher),
        here="",
    )


def _wish(here: State, known: Register, form: dict[str, str]) -> MailWish:
    """What the form says. Raises QuestionRefused, which names the field."""
    address, cadence, department = form.get("email", "").strip(), form.get("cadence", ""), form.get("department", "")
    if not here.sends_mail:
        raise QuestionRefused("email", "This FeedHub sends no mail; choose another way to follow.")
    if not _ADDRESS.fullmatch(address):
        raise QuestionRefused("email", "email must be a mail address such as nama@contoh.id.")
    if cadence not in {one.value for one in Cadence}:
        raise QuestionRefused("cadence", "cadence must be now, daily or weekly.")
    if department and department not in {one.slug for one in known.departments}:
        raise QuestionRefused("department", "There is no such department.")
    if cadence == Cadence.NOW and not (here.alerting & {department} if department else here.alerting):
        raise QuestionRefused("cadence", "This department sends no alerts at once; choose daily or weekly.")
    local, _, domain = address.rpartition("@")
    return MailWish(
        address=f"{local}@{domain.lower()}",
        cadence=Cadence(cadence),
        department=department or None,
        language=language_named(form.get("language", ""), known.publisher),
    )


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise TooMuchSent("This form is far longer than it can be.")
    said = parse_qs(bytes(body).decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[-1] for name, values in said.items()}
