"""What has to be done before an account of each platform is read, in one sentence."""

from uuid import UUID

from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Need
from feedhub.accounts.recognition import NEEDS
from feedhub.accounts.refusals import PLATFORM_NAMES

# How sentences call an account of each platform.
KINDS_OF_ACCOUNT = {
    Platform.WEBFEED: "a feed",
    Platform.WORDPRESS: "a WordPress site",
    Platform.YOUTUBE: "a YouTube channel",
    Platform.INSTAGRAM: "an Instagram account",
    Platform.FACEBOOK: "a Facebook page",
    Platform.THREADS: "a Threads account",
    Platform.X: "an X account",
    Platform.TIKTOK: "a TikTok account",
    Platform.TELEGRAM: "a Telegram channel",
    Platform.MASTODON: "a Mastodon account",
    Platform.BLUESKY: "a Bluesky account",
    Platform.ACTIVITYPUB: "an account of the fediverse",
    Platform.LINKEDIN: "a LinkedIn page",
    Platform.WEBPAGE: "a site without a feed",
    Platform.INBOX: "an inbox account",
}


def next_step(platform: Platform, account: UUID) -> str | None:
    """What an account needs before it is read; None where nothing.

    >>> next_step(Platform.INSTAGRAM, UUID(int=0))
    'It needs one Instagram credential for all accounts: feedhub credentials add instagram'
    """
    if platform is Platform.INBOX:
        return "No program may read it: its posts come in by the inbox, with a key: feedhub keys add NAME --department SLUG"
    name = PLATFORM_NAMES[platform]
    match NEEDS.get(platform, Need.NONE):
        case Need.PLATFORM:
            return f"It needs one {name} credential for all accounts: feedhub credentials add {platform.value}"
        case Need.ACCOUNT:
            return f"It needs a {name} credential of its own, from its admin: feedhub credentials link {account}"
        case Need.OPTIONAL:
            return f"One {name} credential for all accounts brings more of it, and some addresses need it: feedhub credentials add {platform.value}"
        case Need.NONE:
            return None
