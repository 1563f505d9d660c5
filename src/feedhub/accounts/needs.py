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
    Platform.INBOX: "an account that nobody can read, which speaks here by the inbox",
}


def next_step(platform: Platform, account: UUID) -> str | None:
    """What an account needs before it is read; None where nothing.

    >>> next_step(Platform.INSTAGRAM, UUID(int=0))
    'It needs one Instagram credential for all accounts: feedhub credentials add instagram'
    """
    if platform is Platform.INBOX:
        return "No program may read it: its posts come in by the inbox, with a key: feedhub keys add NAME"
    name = PLATFORM_NAMES[platform]
    match NEEDS.get(platform, Need.NONE):
        case Need.PLATFORM:
            return f"It needs one {name} credential for all accounts: feedhub credentials add {platform.value}"
        case Need.ACCOUNT:
            return f"It needs a {name} credential of its own, from its admin: feedhub credentials add {account}"
        case Need.OPTIONAL:
            return f"It can be read as it is; with one {name} credential for all accounts more of it arrives: feedhub credentials add {platform.value}"
        case Need.NONE:
            return None
