"""Why an address can't be registered as an account, and what to do instead: a sentence each."""

from typing import NamedTuple

from feedhub.accounts.account import Platform
from feedhub.accounts.profile_patterns import Oddity
from feedhub.accounts.recognition import Recognised

PLATFORM_NAMES = {
    Platform.WEBFEED: "feed",
    Platform.WORDPRESS: "WordPress",
    Platform.YOUTUBE: "YouTube",
    Platform.INSTAGRAM: "Instagram",
    Platform.FACEBOOK: "Facebook",
    Platform.THREADS: "Threads",
    Platform.X: "X",
    Platform.TIKTOK: "TikTok",
    Platform.TELEGRAM: "Telegram",
    Platform.MASTODON: "Mastodon",
    Platform.BLUESKY: "Bluesky",
    Platform.ACTIVITYPUB: "ActivityPub",
    Platform.LINKEDIN: "LinkedIn",
    Platform.WEBPAGE: "web page",
    Platform.INBOX: "WhatsApp",  # the only addresses that are recognised as the inbox's
}


class Refusal(NamedTuple):
    """What is wrong with an address, and what to do."""

    problem: str
    remedy: str


_REFUSALS = {
    Oddity.POST: Refusal(
        "This is one {platform} post, not an account.", "Give the address of the profile that published it."
    ),
    Oddity.STORY: Refusal(
        "This is a story on {platform}; stories vanish after a day and no program may collect them.",
        "Give the address of the profile, and let the department publish as a post what has to last.",
    ),
    Oddity.PERSONAL: Refusal(
        "This is a person's own {platform} account, which FeedHub never collects.",
        "Give the address of the department's own page or channel there, or let it post to FeedHub's inbox.",
    ),
    Oddity.GROUP: Refusal(
        "This is a {platform} group, where citizens speak; FeedHub collects only what departments publish.",
        "Give the address of the department's page or channel.",
    ),
    Oddity.PRIVATE: Refusal(
        "This is an invitation to a private {platform} channel or group, which only its members can read.",
        "Ask the department to make the channel public, then give its public address, or let it post to FeedHub's inbox.",
    ),
    Oddity.SHORT_LINK: Refusal(
        "This is a {platform} link that only leads on to another address.",
        "Open it in a browser and give the address of the profile that it ends at.",
    ),
    Oddity.BOT: Refusal(
        "This is a {platform} bot, which publishes nothing.", "Give the address of the department's public channel."
    ),
    Oddity.OTHER_PAGE: Refusal(
        "This is a page of {platform}, but not that of an account.", "Give the address of the profile itself."
    ),
}
_VIDEO = Refusal(
    "This is one video, not an account.",
    "Give the address of the channel that published it: youtube.com/@handle or youtube.com/channel/UC….",
)


def refusal(found: Recognised) -> Refusal | None:
    """Why what was found is no account for a register; None where it is one.

    >>> from feedhub.accounts.recognition import recognised
    >>> refusal(recognised("https://youtu.be/dQw4w9WgXcQ")).problem
    'This is one video, not an account.'
    """
    if found.oddity is None:
        return None
    if found.platform is Platform.YOUTUBE and found.oddity is Oddity.POST:
        return _VIDEO
    said = _REFUSALS[found.oddity]
    return Refusal(said.problem.format(platform=PLATFORM_NAMES[found.platform]), said.remedy)
