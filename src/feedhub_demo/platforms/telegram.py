"""Telegram for the city: previews of public channels, single messages, the page that invites people."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://t.me"
_PAGE = 20
_CREATED = 1  # the number of the notice with which every channel begins


class Telegram(PlatformStandIn):
    """t.me as a browser sees it; a message's number is its place in the channel, the notice of its creation the first."""

    platform: ClassVar[str] = "telegram"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/s/{name}", self.routed(self._preview)),
            Route("/{name}/{number:int}", self.routed(self._message)),
            Route("/{name}", self.routed(self._landing)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{speaker.handle.lower()}/{_number(written)}"

    def limited(self) -> Response:
        return HTMLResponse("<html><body>Too Many Requests</body></html>", 429, {"Retry-After": "60"})

    def _preview(self, request: Request) -> Response:
        name = request.path_params["name"]
        speaker = self.speakers.get(name.lower())
        if speaker is None or speaker.suspended:
            return RedirectResponse(f"{_ROOT}/{name}", 302)
        before = int(request.query_params.get("before") or 2**31)
        shown = speaker.newest(_PAGE, matching=lambda post: _number(post) < before)
        is_last = len(shown) < _PAGE
        parts = [self._block(speaker, post) for post in reversed(shown)]
        if is_last and before > _CREATED:
            parts.insert(0, _notice(speaker, "Channel created"))
        more = "" if is_last else _more(speaker, _number(shown[-1]))
        return HTMLResponse(_page(speaker, more + "".join(parts), older="" if is_last else str(_number(shown[-1]))))

    def _message(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["name"].lower())
        number = request.path_params["number"]
        if speaker is None or speaker.suspended:
            return HTMLResponse(_embedded(_error("Channel with username not found")))
        post = next((one for one in speaker.posts if _number(one) == number), None)
        return HTMLResponse(_embedded(self._block(speaker, post) if post else _error("Post not found")))

    def _landing(self, request: Request) -> Response:
        name = request.path_params["name"]
        speaker = self.speakers.get(name.lower())
        if speaker is None:
            return HTMLResponse(
                f"<html><head><title>Telegram: Contact @{escape(name)}</title></head><body></body></html>"
            )
        about = "This channel can't be displayed because it violated local laws." if speaker.suspended else ""
        return HTMLResponse(
            f"<html><head><title>Telegram: View @{escape(name)}</title></head><body>"
            f'<div class="tgme_page_extra">1 204 subscribers</div>'
            f'<div class="tgme_page_description">{about}</div></body></html>'
        )

    def _block(self, speaker: Speaker, post: Written) -> str:
        own = f"{_ROOT}/{speaker.handle}/{_number(post)}"
        parent = next((one for one in speaker.posts if one.number == post.answers), None)
        answered = f"{_ROOT}/{speaker.handle}/{_number(parent)}" if parent else f"{_ROOT}/lain/7"
        parts = ""
        if post.repeats:
            parts += (
                '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;<a class="'
                f'tgme_widget_message_forwarded_from_name" href="{_ROOT}/lain/{post.number}"><span>Lain</span></a></div>'
            )
        if parent or post.answers_others:
            parts += (
                f'<a class="tgme_widget_message_reply" href="{answered}"><div class="tgme_widget_message_metatext'
                ' js-message_reply_text" dir="auto">…</div></a>'
            )
        parts += "".join(_shown(picture, own) for picture in post.pictures)
        if post.text or post.tags or post.link:
            parts += f'<div class="tgme_widget_message_text js-message_text" dir="auto">{_marked(post)}</div>'
        return _wrapped(speaker, _number(post), parts + self._footer(post, own))

    def _footer(self, post: Written, own: str) -> str:
        views = (post.number * 37) % 900 + 100
        edited = "edited &nbsp;" if post.edited_at else ""
        return (
            '<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info'
            f' short js-message_info"><span class="tgme_widget_message_views">{views}</span><span class="copyonly">'
            f' views</span><span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date"'
            f' href="{own}"><time datetime="{_iso(post.published_at)}" class="time"></time></a></span></div></div>'
        )


def _number(post: Written) -> int:
    return post.number + _CREATED


def _wrapped(speaker: Speaker, number: int, parts: str, *, kind: str = "") -> str:
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message'
        f' text_not_supported_wrap {kind}js-widget_message" data-post="{speaker.handle}/{number}">'
        f'<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color"><a class="'
        f'tgme_widget_message_owner_name" href="{_ROOT}/{speaker.handle}"><span dir="auto">{escape(speaker.name)}'
        f"</span></a></div>{parts}</div></div></div>"
    )


def _notice(speaker: Speaker, said: str) -> str:
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{said}</div>'
    return _wrapped(speaker, _CREATED, text, kind="service_message ")


def _marked(post: Written) -> str:
    text = escape(post.text, quote=False).replace("\n", "<br/>")
    text += "".join(f' <a href="?q=%23{tag}">#{escape(tag)}</a>' for tag in post.tags)
    if post.link:
        text += f' <a href="{escape(post.link)}" target="_blank" rel="noopener">{escape(post.link)}</a>'
    return text


def _shown(picture: Picture, own: str) -> str:
    if not picture.is_film:
        style = f"width:{picture.width}px;background-image:url('{picture.url}')"
        return f'<a class="tgme_widget_message_photo_wrap" href="{own}" style="{style}"></a>'
    share = picture.height / picture.width * 100
    minutes, seconds = divmod(int(picture.seconds or 0), 60)
    return (
        f'<a class="tgme_widget_message_video_player js-message_video_player" href="{own}"><i class="'
        f'tgme_widget_message_video_thumb" style="background-image:url(\'{picture.url}\')"></i>'
        f'<div class="tgme_widget_message_video_wrap" style="width:{picture.width}px;padding-top:{share:.4f}%">'
        f'<video src="{picture.url}" class="tgme_widget_message_video js-message_video"></video></div>'
        f'<time class="message_video_duration js-message_video_duration">{minutes}:{seconds:02}</time></a>'
    )


def _page(speaker: Speaker, messages: str, *, older: str) -> str:
    previous = f'<link rel="prev" href="/s/{speaker.handle}?before={older}">' if older else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(speaker.name)} – Telegram</title>'
        f'<meta property="og:title" content="{escape(speaker.name)}"><link rel="canonical" href="/s/{speaker.handle}">'
        f'{previous}</head><body><main class="tgme_main"><section class="tgme_channel_history js-message_history">'
        f"{messages}</section></main></body></html>"
    )


def _more(speaker: Speaker, oldest: int) -> str:
    return (
        '<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="/s/'
        f'{speaker.handle}?before={oldest}" class="tme_messages_more js-messages_more" data-before="{oldest}"></a></div>'
    )


def _embedded(part: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body class="widget_frame_base">{part}</body></html>'
    )


def _error(said: str) -> str:
    return f'<div class="tgme_widget_message_error err_message">{said}</div>'


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
