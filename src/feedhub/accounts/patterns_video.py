"""Addresses of accounts on YouTube and TikTok."""

from feedhub.accounts.account import Platform
from feedhub.accounts.profile_patterns import Oddity, Pattern

_UC = "UCabcdefghijklmnopqrstuv"

VIDEO_PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        platform=Platform.YOUTUBE,
        path=r"/(?:channel/|feeds/videos\.xml\?)(?P<id>UC[\w-]{22})(?:/.*)?",
        query="channel_id",
        url="https://www.youtube.com/channel/{id}",
        examples=(
            f"https://www.youtube.com/channel/{_UC}",
            f"https://m.youtube.com/channel/{_UC}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={_UC}",
        ),
    ),
    Pattern(
        platform=Platform.YOUTUBE,
        path=r"/@(?P<handle>[^/?]{3,60})(?:/(?!post/).*)?",
        url="https://www.youtube.com/@{handle}",
        examples=(
            "https://www.youtube.com/@dinkes",
            "youtube.com/@dinkes/videos?si=x",
            "https://m.youtube.com/@dinkes",
        ),
    ),
    Pattern(
        platform=Platform.YOUTUBE,
        path=r"/user/(?P<name>[^/?]+)(?:/.*)?",
        url="https://www.youtube.com/user/{name}",
        examples=("https://www.youtube.com/user/dinkes", "https://youtube.com/user/dinkes/videos"),
    ),
    Pattern(
        platform=Platform.YOUTUBE,
        path=r"/(?:watch\?|shorts/|live/|embed/|v/|youtu\.be/)(?P<id>[\w-]{11})(?:[/?].*)?",
        query="v",
        url="https://www.youtube.com/watch?v={id}",
        oddity=Oddity.POST,
        examples=(
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXcQ?si=x",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube.com/live/dQw4w9WgXcQ?feature=shared",
        ),
    ),
    Pattern(
        platform=Platform.YOUTUBE,
        path=r"/(?:c/)?(?P<name>(?!(?:watch|playlist|feed|feeds|results|shorts|live|embed|channel|user|hashtag|post|@.*)(?:$|[/?]))[^/?]+)(?:/.*)?",
        url="https://www.youtube.com/c/{name}",
        examples=("https://www.youtube.com/c/dinkes", "https://www.youtube.com/dinkes/about"),
    ),
    Pattern(
        platform=Platform.TIKTOK,
        path=r"/(?:@(?P<handle>[\w.]{2,24})/(?:video|photo)|v|embed|video)/(?P<id>\d+)(?:[/.].*)?",
        url="",
        oddity=Oddity.POST,
        examples=(
            "https://www.tiktok.com/@dinkes/video/7300000000000000000",
            "https://www.tiktok.com/@dinkes/photo/7300000000000000000?lang=id",
        ),
    ),
    Pattern(
        platform=Platform.TIKTOK,
        path=r"/@(?P<handle>[\w.]{2,24})(?:/live)?",
        url="https://www.tiktok.com/@{handle}",
        examples=(
            "https://www.tiktok.com/@dinkes",
            "https://m.tiktok.com/@dinkes?lang=id-ID",
            "tiktok.com/@dinkes/live",
        ),
    ),
    Pattern(
        platform=Platform.TIKTOK,
        path=r"/(?:t/)?[\w-]+",
        url="",
        oddity=Oddity.SHORT_LINK,
        examples=("https://vm.tiktok.com/ZSabc/", "https://vt.tiktok.com/ZSabc/", "https://www.tiktok.com/t/ZTabc/"),
    ),
)
