"""What a person wrote in a table in the column of a platform: an account's address or handle."""

import re

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.recognition import Recognised, recognised
from feedhub.accounts.refusals import refusal

_SITES = (Platform.WEBFEED, Platform.WORDPRESS, Platform.WEBPAGE)
_FEDIVERSE = {Platform.MASTODON, Platform.ACTIVITYPUB}
_SHORTENED_NUMBER = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


def meaning(written: str, platform: Platform) -> dict[str, str] | str:
    """Url and handle of an account of `platform`, or the sentence that says why `written` is none.

    >>> meaning("@dinkes", Platform.X)
    {'url': 'https://x.com/dinkes', 'handle': 'dinkes'}
    >>> meaning("https://t.me/dinkeskota", Platform.X)
    "'https://t.me/dinkeskota' is an address of telegram, not of x."
    """
    if _SHORTENED_NUMBER.fullmatch(written):
        return f"{written!r} is a number that the spreadsheet shortened; format the column as text and write it whole."
    said = recognised(written, platform)
    if platform in _SITES:
        return _on_site(written, platform, said)
    if said is None:
        # A platform's own server may have any name.
        return {"url": written} if "://" in written else f"{written!r} is no address or handle of {platform}."
    if refused := refusal(said):
        return f"{written!r} can't be registered. {refused.problem} {refused.remedy}"
    if said.platform is not platform and not {said.platform, platform} <= _FEDIVERSE:
        return f"{written!r} is an address of {said.platform}, not of {platform}."
    return {key: value for key, value in (("url", said.url), ("handle", said.handle)) if value}


def _on_site(written: str, platform: Platform, said: Recognised | None) -> dict[str, str] | str:
    if "." not in written and "://" not in written:
        return f"{written!r} is no address; {platform} needs one."
    told = {"url": written if "://" in written else f"https://{written}"}
    return told | {"via": Via.BRIDGE.value} if said and said.via else told
