"""What phones and other sites ask of us besides pages: the app's shell, and pictures for shared links."""

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotKnown
from feedhub.store.lists import kept_post
from feedhub.views.app_icons import ICONS, icon_png
from feedhub.views.app_shell import manifest, offline_page, worker_script
from feedhub.views.messages import LANGUAGES
from feedhub.views.share_card import CardWords, card_png, words_of_city, words_of_department, words_of_post
from feedhub.web.feeds import department_named
from feedhub.web.pages import site_of
from feedhub.web.query import as_uuid
from feedhub.web.state import register, state

router = APIRouter()

# A worker must be asked for anew at every visit, so that a mended one or none at all takes over.
_ASKED_ANEW = "no-cache"
_A_DAY = "public, max-age=86400, stale-while-revalidate=604800"


@router.get("/sw.js")
async def worker(request: Request) -> Response:
    script = worker_script(site_of(request, await register(request)))
    return Response(script, headers={"Cache-Control": _ASKED_ANEW}, media_type="text/javascript; charset=utf-8")


@router.get("/manifest.webmanifest")
async def app_manifest(request: Request) -> Response:
    site, asked = site_of(request, await register(request)), request.query_params.get("language")
    spoken = replace(site, asked_in=asked) if asked in LANGUAGES else site
    return Response(manifest(spoken), media_type="application/manifest+json")


@router.get("/offline", response_class=HTMLResponse)
async def offline(request: Request) -> Response:
    return HTMLResponse(offline_page(site_of(request, await register(request))))


@router.get("/icons/{name}")
async def icon(name: str) -> Response:
    if name not in ICONS:
        raise NotKnown("file", name)
    return Response(icon_png(name), headers={"Cache-Control": _A_DAY}, media_type="image/png")


@router.get("/card.png")
async def city_card(request: Request) -> Response:
    return await _drawn(words_of_city(site_of(request, await register(request))))


@router.get("/departments/{slug}/card.png")
async def department_card(request: Request, slug: str) -> Response:
    known = await register(request)
    return await _drawn(words_of_department(site_of(request, known), department_named(known, slug)))


@router.get("/posts/{id}/card.png")
async def post_card(request: Request, id: str) -> Response:
    site, wanted = site_of(request, await register(request)), as_uuid(id)
    kept = await state(request).store.read(kept_post, wanted) if wanted else None
    if kept is None:
        raise NotKnown("post", id)
    if kept.post is None:
        return Response(status_code=410)
    return await _drawn(words_of_post(site, kept, kept.post))


async def _drawn(words: CardWords) -> Response:
    return Response(await asyncio.to_thread(card_png, words), media_type="image/png")
