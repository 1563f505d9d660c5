"""Every way in which the address of one post is written."""

from feedhub.accounts.account import Platform
from feedhub.accounts.profile_patterns import Oddity
from feedhub.accounts.recognition import Recognised

# Forms in which platforms show a post; `{handle}` only where the address that was given names one.
_FORMS = {
    Platform.YOUTUBE: ("www.youtube.com/watch?v={id}", "www.youtube.com/shorts/{id}", "youtu.be/{id}"),
    Platform.INSTAGRAM: (
        *("www.instagram.com/p/{id}", "www.instagram.com/reel/{id}", "www.instagram.com/tv/{id}"),
        *("www.instagram.com/{handle}/p/{id}", "www.instagram.com/{handle}/reel/{id}"),
    ),
    Platform.FACEBOOK: ("www.facebook.com/{handle}/posts/{id}", "www.facebook.com/{handle}/videos/{id}"),
    Platform.THREADS: ("www.threads.com/@{handle}/post/{id}", "www.threads.net/@{handle}/post/{id}"),
    Platform.X: (
        "x.com/{handle}/status/{id}",
        "twitter.com/{handle}/status/{id}",
        "x.com/i/web/status/{id}",
        "x.com/i/status/{id}",
    ),
    Platform.TIKTOK: ("www.tiktok.com/@{handle}/video/{id}", "www.tiktok.com/@{handle}/photo/{id}"),
    Platform.TELEGRAM: ("t.me/{handle}/{id}", "t.me/s/{handle}/{id}"),
    Platform.BLUESKY: ("bsky.app/profile/{handle}/post/{id}",),
}


def post_addresses(url: str, said: Recognised | None) -> tuple[str, ...]:
    """`url` and the other forms of the address of the post that it is; `said` is what it was recognised as.

    >>> from feedhub.accounts.recognition import recognised
    >>> url = "https://twitter.com/dinkes/status/17"
    >>> post_addresses(url, recognised(url))[1]
    'https://x.com/dinkes/status/17'
    """
    found = [url]
    if said and said.oddity is Oddity.POST and said.post_id:
        forms = [form for form in _FORMS.get(said.platform, ()) if said.handle or "{handle}" not in form]
        found += ["https://" + form.format(handle=said.handle, id=said.post_id) for form in forms]
        if said.handle and said.platform in {Platform.MASTODON, Platform.ACTIVITYPUB}:
            user, _, host = said.handle.removeprefix("@").partition("@")
            found += [f"https://{host}/@{user}/{said.post_id}", f"https://{host}/users/{user}/statuses/{said.post_id}"]
    return tuple(dict.fromkeys(found))


def native_ids(said: Recognised) -> tuple[str, ...]:
    """Native ids that the post at an address may have, as far as the address shows them."""
    if said.oddity is not Oddity.POST or not said.post_id:
        return ()
    match said.platform:
        case Platform.X | Platform.YOUTUBE | Platform.TIKTOK:
            return (said.post_id,)
        case Platform.TELEGRAM:
            return (f"{said.handle}/{said.post_id}", f"{(said.handle or '').lower()}/{said.post_id}")
        case Platform.MASTODON | Platform.ACTIVITYPUB if said.handle:
            user, _, host = said.handle.removeprefix("@").partition("@")
            return (f"https://{host}/users/{user}/statuses/{said.post_id}",)
    return ()
