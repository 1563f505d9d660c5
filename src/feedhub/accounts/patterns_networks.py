"""Addresses of accounts on X, Telegram, Bluesky and LinkedIn."""

from feedhub.accounts.account import Platform
from feedhub.accounts.profile_patterns import Oddity, Pattern

NETWORK_PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        platform=Platform.X,
        path=r"/(?:i/user/|intent/user\?)(?P<id>\d{1,20})",
        query="user_id",
        url="https://x.com/i/user/{id}",
        examples=("https://x.com/i/user/2244994945", "https://twitter.com/intent/user?user_id=2244994945"),
    ),
    Pattern(
        platform=Platform.X,
        path=r"/(?:(?P<handle>\w{1,15})|i(?:/web)?)/status(?:es)?/(?P<id>\d+)(?:/.*)?",
        url="https://x.com/i/status/{id}",
        oddity=Oddity.POST,
        examples=(
            "https://x.com/i/status/1700000000000000000",
            "https://twitter.com/dinkes/status/1700000000000000000?s=20",
            "https://x.com/dinkes/status/1700000000000000000/photo/1",
        ),
    ),
    Pattern(
        platform=Platform.X,
        path=r"/i/(?:lists|communities|spaces|events|broadcasts|topics)(?:/.*)?",
        url="",
        oddity=Oddity.OTHER_PAGE,
        examples=("https://x.com/i/lists/123", "https://x.com/i/communities/123"),
    ),
    Pattern(
        platform=Platform.X,
        path=r"/(?:intent/(?:user|follow)\?)?@?(?P<handle>\w{1,15})(?:/(?:with_replies|media|likes|highlights|articles|followers|following|photo|header_photo|lists)?)?",
        query="screen_name",
        url="https://x.com/{handle}",
        without="i|home|search|hashtag|explore|intent|share|settings|login|messages|notifications|tos|privacy|compose|jobs|signup",
        examples=(
            "https://x.com/dinkes",
            "https://twitter.com/dinkes?ref_src=twsrc",
            "https://mobile.twitter.com/dinkes/media",
            "https://twitter.com/intent/follow?screen_name=dinkes",
        ),
    ),
    Pattern(
        platform=Platform.TELEGRAM,
        path=r"/(?:\+|joinchat/|addlist/|c/)[\w/-]+",
        url="",
        oddity=Oddity.PRIVATE,
        examples=("https://t.me/+AbCdEf123", "https://t.me/joinchat/AbCdEf123", "https://t.me/c/123456/7"),
    ),
    Pattern(
        platform=Platform.TELEGRAM,
        path=r"/(?:s/)?(?P<handle>[a-z]\w{3,31})/(?:\d+/)?(?P<id>\d+)",
        url="https://t.me/{handle}/{id}",
        oddity=Oddity.POST,
        examples=(
            "https://t.me/dinkeskota/123",
            "https://t.me/s/dinkeskota/123",
            "https://telegram.me/dinkeskota/123?single",
        ),
    ),
    Pattern(
        platform=Platform.TELEGRAM,
        path=r"/(?P<handle>[a-z]\w{2,28}bot)",
        url="https://t.me/{handle}",
        oddity=Oddity.BOT,
        examples=("https://t.me/dinkeskota_bot", "https://t.me/dinkeskota_bot?start=x"),
    ),
    Pattern(
        platform=Platform.TELEGRAM,
        path=r"/(?:s/)?(?P<handle>[a-z]\w{3,31})",
        url="https://t.me/{handle}",
        without="share|addstickers|addemoji|proxy|socks|setlanguage|login|joinchat|iv|boost|giftcode|invoice",
        examples=(
            "https://t.me/dinkeskota",
            "https://t.me/s/dinkeskota?before=10",
            "http://telegram.me/dinkeskota",
            "https://telegram.dog/s/dinkeskota/",
            "https://dinkeskota.t.me/",
            "tg://resolve?domain=dinkeskota",
        ),
    ),
    Pattern(
        platform=Platform.BLUESKY,
        path=r"/profile/(?P<handle>[^/]+)/(?:post|app\.bsky\.feed\.post)/(?P<id>\w+)",
        url="https://bsky.app/profile/{handle}/post/{id}",
        oddity=Oddity.POST,
        examples=(
            "https://bsky.app/profile/dinkes.example.go.id/post/3kabc",
            "at://dinkes.example.go.id/app.bsky.feed.post/3kabc",
        ),
    ),
    Pattern(
        platform=Platform.BLUESKY,
        path=r"/profile/[^/]+/.+|/starter-pack/.+|/hashtag/.+",
        url="",
        oddity=Oddity.OTHER_PAGE,
        examples=("https://bsky.app/profile/dinkes.bsky.social/lists/3kabc", "https://bsky.app/starter-pack/x/y"),
    ),
    Pattern(
        platform=Platform.BLUESKY,
        path=r"/profile/(?P<id>did:(?:plc|web):[a-z0-9.:%-]+)",
        url="https://bsky.app/profile/{id}",
        examples=("https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur", "at://did:plc:z72i7hdynmk6r22z27h6tvur"),
    ),
    Pattern(
        platform=Platform.BLUESKY,
        path=r"/profile/@?(?P<handle>(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)",
        url="https://bsky.app/profile/{handle}",
        examples=(
            "https://bsky.app/profile/dinkes.bsky.social",
            "https://bsky.app/profile/dinkes.bsky.social?x=1",
            "at://dinkes.bsky.social",
        ),
    ),
    Pattern(
        platform=Platform.LINKEDIN,
        path=r"/(?:in|pub)/(?P<handle>[^/]+)(?:/.*)?",
        url="https://www.linkedin.com/in/{handle}",
        oddity=Oddity.PERSONAL,
        examples=("https://www.linkedin.com/in/budi-santoso", "https://id.linkedin.com/in/budi-santoso/details/"),
    ),
    Pattern(
        platform=Platform.LINKEDIN,
        path=r"/groups/(?P<id>[^/]+)(?:/.*)?",
        url="https://www.linkedin.com/groups/{id}",
        oddity=Oddity.GROUP,
        examples=("https://www.linkedin.com/groups/123456", "https://www.linkedin.com/groups/123456/"),
    ),
    Pattern(
        platform=Platform.LINKEDIN,
        path=r"/(?:posts|feed/update|pulse|events|embed/feed/update)/[^/]+(?:/.*)?",
        url="",
        oddity=Oddity.POST,
        examples=(
            "https://www.linkedin.com/posts/dinkes_imunisasi-activity-7100000000000000000-AbCd",
            "https://www.linkedin.com/feed/update/urn:li:activity:7100000000000000000/",
        ),
    ),
    Pattern(
        platform=Platform.LINKEDIN,
        path=r"/company/(?P<handle>[^/]+)(?:/.*)?",
        url="https://www.linkedin.com/company/{handle}",
        examples=("https://www.linkedin.com/company/dinkes", "https://id.linkedin.com/company/dinkes/about/"),
    ),
    Pattern(
        platform=Platform.LINKEDIN,
        path=r"/(?P<kind>showcase|school)/(?P<name>[^/]+)(?:/.*)?",
        url="https://www.linkedin.com/{kind}/{name}",
        examples=("https://www.linkedin.com/showcase/dinkes", "https://www.linkedin.com/showcase/dinkes/posts/"),
    ),
)
