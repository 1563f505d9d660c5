"""What makes the site installable: its manifest, its worker, the page for times without a network."""

import json
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from feedhub.views.app_icons import ICONS
from feedhub.views.messages import LANGUAGES, speaker
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered, static_version
from feedhub.views.tokens import theme_colors

# The files that every page needs, under the addresses by which pages name them.
_FILES: Final = ("feedhub.css", "site.js", "favicon.svg")
_WORKER: Final = (files("feedhub.views") / "static" / "worker.js").read_text("utf-8")
_SHORTCUTS = (("/?kind=emergency", "emergency"), ("/?kind=service", "service"), ("/search", "search"))


def offline_page(site: Site) -> str:
    """What a phone shows without a network where it has nothing else to show."""
    return rendered("offline.html", site)


def worker_script(site: Site) -> str:
    """The service worker, knowing the addresses of this site; it changes when what it keeps does."""
    spoken = {language: replace(site, asked_in=language, here="/offline") for language in LANGUAGES}
    addresses = [site.path(f"/static/{name}?v={static_version(name)}") for name in _FILES]
    pages = "".join(offline_page(one) for one in spoken.values())
    city = {
        "prefix": _scope(site),
        "language": replace(site, asked_in=None).language,
        "zone": site.publisher.time_zone,
        "homes": [one.path("/") for one in spoken.values()],
        "offline": {language: one.path("/offline") for language, one in spoken.items()},
        "files": addresses,
        "version": sha256((pages + _WORKER).encode()).hexdigest()[:12],
    }
    return f"const CITY = {json.dumps(city)};\n{_WORKER}"


def manifest(site: Site) -> str:
    """The web app manifest (W3C)."""
    say = speaker(site.language)
    (_, ground), _ = theme_colors()
    document = {
        "id": site.path("/"),
        "name": site.publisher.name,
        "short_name": site.publisher.name[:24],
        "description": say("tagline"),
        "lang": site.language,
        "dir": "ltr",
        "start_url": site.path("/"),
        "scope": _scope(site),
        "display": "minimal-ui",
        "theme_color": ground,
        "background_color": ground,
        "icons": [
            {"src": site.path("/static/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            *(_icon(site, name) for name in ICONS if name != "180.png"),
        ],
        "shortcuts": [{"name": say(key), "url": site.path(path)} for path, key in _SHORTCUTS],
    }
    return json.dumps(document, ensure_ascii=False)


def _scope(site: Site) -> str:
    """Where the site begins, whatever language it speaks."""
    return urlsplit(site.public_url).path + "/"


def _icon(site: Site, name: str) -> dict[str, str]:
    side, is_whole = ICONS[name]
    purpose = "maskable" if is_whole else "any"
    return {"src": site.path(f"/icons/{name}"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
