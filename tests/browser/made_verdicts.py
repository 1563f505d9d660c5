"""What people ask the city about: an address for every verdict, and the accounts and posts that earn them."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from browser.made_city import CALLED_GONE, CHECKED, DINKES_SITE, TAKEN_DOWN
from feedhub.accounts.account import Account, AccountStatus, Platform, Register
from feedhub.posts.decisions import post_id
from feedhub.posts.verdict import Problem
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_gone
from feedhub.store.register_keeping import import_register, set_account_status
from feedhub.store.session import Store, WriteSession
from feedhub.store.stopping import stop_account
from feedhub.store.tables import accounts
from feedhub.store.times import to_ms

_RETIRED = Account(
    key="old", platform=Platform.WEBFEED, department="dishub", url="https://lama.tirtasari.example/feed/", **CHECKED
)
_PAUSED = Account(key="paused", platform=Platform.TELEGRAM, department="kec-melati", handle="kecmelati")
_STOPPED = Account(key="stopped", platform=Platform.THREADS, department="dinsos", handle="dinsos.tirtasari", **CHECKED)
_OVERDUE = Account(key="overdue", platform=Platform.BLUESKY, department="dishub", handle="dishub.bsky.social")

# `{origin}` and the posts are filled in by the inventory.
ASKED_ABOUT = {
    Problem.STORY: "https://www.instagram.com/stories/dinkes.tirtasari/123/",
    Problem.PERSONAL: "https://wa.me/62811111111",
    Problem.GROUP: "https://www.facebook.com/groups/wargatirtasari",
    Problem.PRIVATE: "https://t.me/+AbCdEf123",
    Problem.SHORT_LINK: "https://vm.tiktok.com/ZSabc/",
    Problem.BOT: "https://t.me/tirtasari_bot",
    Problem.OTHER_PAGE: "https://www.instagram.com/explore/tags/tirtasari/",
    Problem.LOOK_ALIKE: "https://www.instagram.com/dinkes.tirtasarri/",
    Problem.UNKNOWN: "https://gosip.example/",
    Problem.AUTHOR_UNKNOWN: "https://x.com/seseorang/status/1234567890",
    Problem.BRIDGE: "{origin}/posts/{post_usual_0_7}",
    Problem.UNVERIFIED: "https://melati.tirtasari.example/",
    Problem.RETIRED: "https://lama.tirtasari.example/",
    Problem.PAUSED: "https://t.me/kecmelati",
    Problem.STOPPED: "https://www.threads.com/@dinsos.tirtasari",
    Problem.NEVER_VISITED: "https://www.youtube.com/@DinkesTirtasari",
    Problem.OUTAGE: "https://bsky.app/profile/dishub.bsky.social",
    Problem.FAILING: "https://dinsos.tirtasari.example/kabar",
    Problem.HELD: "{origin}/posts/{post_called_gone}",
    Problem.WITHDRAWN: "{origin}/posts/{post_withdrawn}",
    Problem.GONE: "{origin}/posts/{post_taken_down}",
    Problem.NOT_SEEN: "https://bpbd.tirtasari.example/2020/01/berita-lama/",
}


async def earn_verdicts(store: Store, register: Register, now: datetime) -> None:
    """Bring accounts and posts into every state in which somebody may ask about them."""
    at = to_ms(now)
    kept = (*register.accounts, _PAUSED, _STOPPED, _OVERDUE)
    await store.write(import_register, replace(register, accounts=(*kept, _RETIRED)), retire_missing=False, at=at)
    await store.write(import_register, replace(register, accounts=kept), retire_missing=True, at=at)
    await store.write(set_account_status, [_PAUSED.id], AccountStatus.PAUSED, at=at)
    await store.write(stop_account, _STOPPED.id, since=now, reason="Akun ini mungkin dibajak.", at=now)
    await store.write(_forget, now - timedelta(days=1))
    called, taken = (post_id(DINKES_SITE.id, post.native_id) for post in (CALLED_GONE, TAKEN_DOWN))
    await store.write(_hear_gone, taken, now - timedelta(days=1))
    await store.write(_hear_gone, taken, now)  # its platform says so again
    await store.write(_hear_gone, called, now)


def _hear_gone(session: WriteSession, post: UUID, at: datetime) -> None:
    set_clock(session, hide_gone(session, [post], number=take_clock(session), at=at), at=to_ms(at))


def _forget(session: WriteSession, at: datetime) -> None:
    """Its last visit went well, and its next one never came."""
    told = {"outcome": "ok", "last_visit_at": to_ms(at), "last_success_at": to_ms(at), "next_visit_at": to_ms(at) + 1}
    session.run(update(accounts).where(accounts.c.id == _OVERDUE.id).values(told))
