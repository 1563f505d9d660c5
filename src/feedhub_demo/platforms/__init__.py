"""Stand-ins of the platforms: each answers on loopback as its platform would, from what its speakers wrote."""

from feedhub_demo.platforms.activitypub import ActivityPub
from feedhub_demo.platforms.bluesky import Bluesky
from feedhub_demo.platforms.facebook import Facebook
from feedhub_demo.platforms.instagram import Instagram
from feedhub_demo.platforms.linkedin import LinkedIn
from feedhub_demo.platforms.mastodon import Mastodon
from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.telegram import Telegram
from feedhub_demo.platforms.threads import Threads
from feedhub_demo.platforms.tiktok import TikTok
from feedhub_demo.platforms.webfeed import WebFeed
from feedhub_demo.platforms.webpage import WebPage
from feedhub_demo.platforms.wordpress import WordPress
from feedhub_demo.platforms.x import X
from feedhub_demo.platforms.youtube import YouTube

STANDINS: tuple[type[PlatformStandIn], ...] = (
    Mastodon,
    Bluesky,
    Telegram,
    WordPress,
    X,
    Instagram,
    Facebook,
    Threads,
    YouTube,
    WebPage,
    TikTok,
    LinkedIn,
    ActivityPub,
    WebFeed,
)
