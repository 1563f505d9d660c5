"""Stand-ins of the platforms: each answers on loopback as its platform would, from what its speakers wrote."""

from feedhub_demo.platforms.activitypub import ActivityPub
from feedhub_demo.platforms.bluesky import Bluesky
from feedhub_demo.platforms.instagram import Instagram
from feedhub_demo.platforms.mastodon import Mastodon
from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.wordpress import WordPress
from feedhub_demo.platforms.x import X
from feedhub_demo.platforms.youtube import YouTube

STANDINS: tuple[type[PlatformStandIn], ...] = (Mastodon, Bluesky, WordPress, X, Instagram, YouTube, ActivityPub)
