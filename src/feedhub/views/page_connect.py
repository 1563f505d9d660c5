"""The pages by which an account's own admin connects it: what FeedHub will read, and how it went."""

from typing import Final

from feedhub.accounts.account import Account, Department
from feedhub.views.messages import Words
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered

_WORDS: Final = {
    "title": Words("Hubungkan {account} dengan {publisher}", "Connect {account} with {publisher}"),
    "lead": Words(
        "{publisher} mengumpulkan kabar resmi perangkat daerah di satu tempat. Dengan izin Anda, kabar {platform} dari {department} ikut terbaca di sini.",
        "{publisher} gathers the official news of every department in one place. If you agree, what {department} says on {platform} can be read here, too.",
    ),
    "reads": Words("Yang akan dibaca FeedHub", "What FeedHub will read"),
    "reads_posts": Words(
        "kiriman publik akun ini: teks, gambar, video, waktu, dan jumlah suka",
        "the account's public posts: text, pictures, films, times and how often they were liked",
    ),
    "reads_name": Words("nama dan nama pengguna akun ini", "the account's name and user name"),
    "never": Words("Yang tidak dapat dilakukan FeedHub", "What FeedHub can't do"),
    "never_posts": Words("menulis, mengubah, atau menghapus kiriman", "write, change or delete posts"),
    "never_reads": Words(
        "membaca pesan pribadi, atau melihat kata sandi Anda", "read private messages, or see your password"
    ),
    "button": Words("Lanjut ke {platform}", "Go on to {platform}"),
    "hint": Words(
        "Masuklah di {platform} dengan akun {account}. Izin ini dapat dicabut kapan saja di sana.",
        "Log in at {platform} with {account}. You can take this permission back there at any time.",
    ),
    "connected": Words("Terhubung: {account}", "Connected: {account}"),
    "connected_text": Words(
        "FeedHub membaca kiriman akun ini mulai sekarang. Halaman ini boleh ditutup.",
        "FeedHub reads the account's posts from now on. You may close this page.",
    ),
    "refused": Words("Belum terhubung", "Not connected"),
    "refused_text": Words("Tidak ada yang disimpan.", "Nothing was kept."),
}


def connect_page(site: Site, account: Account, department: Department, url: str) -> str:
    """What the admin is asked for; `url` is where the platform asks."""
    names = _names(site, account, department)
    return rendered("connect.html", site, url=url, words=_said(site, names))


def connected_page(site: Site, account: Account, department: Department) -> str:
    """It went well."""
    words = _said(site, _names(site, account, department))
    return rendered("connected.html", site, title=words["connected"], text=words["connected_text"], detail=None)


def not_connected_page(site: Site, detail: str) -> str:
    """It did not; `detail` is an English sentence that says why, and what to do."""
    words = {name: _word(site, name) for name in ("refused", "refused_text")}
    return rendered("connected.html", site, title=words["refused"], text=words["refused_text"], detail=detail)


def _names(site: Site, account: Account, department: Department) -> dict[str, str]:
    return {
        "account": account.handle or plain_url(account.url) or account.key,
        "department": department.name,
        "platform": account.platform.proper,
        "publisher": site.publisher.name,
    }


def _said(site: Site, names: dict[str, str]) -> dict[str, str]:
    return {name: _word(site, name).format(**names) for name in _WORDS}


def _word(site: Site, name: str) -> str:
    return _WORDS[name].en if site.language == "en" else _WORDS[name].id
