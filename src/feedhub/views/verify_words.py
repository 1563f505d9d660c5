"""Why something is not official or not collected, and what to do about it, step by step, in both languages."""

from typing import NamedTuple

from feedhub.posts.verdict import Problem
from feedhub.views.messages import Words


class Advice(NamedTuple):
    """One problem and its remedy; `{…}` are filled in by name."""

    problem: Words
    remedy: Words


_REGISTER_IT = Words(
    "Bila ini akun resmi: 1. minta dinas menautkannya dari situsnya; 2. kirim kedua alamat itu kepada pengelola FeedHub; 3. pengelola memeriksa lalu mendaftarkannya.",
    "If it is a department's own: 1. let the department link to it from its website; 2. send both addresses to the operators of this FeedHub; 3. they check and register it.",
)
_PROFILE_INSTEAD = Words(
    "Periksa alamat profil akun yang menerbitkannya.", "Ask about the profile of the account that published it."
)
_NOTHING_TO_DO = Words("Tidak perlu tindakan.", "Nothing needs to be done.")

VERIFY_WORDS: dict[Problem, Advice] = {
    Problem.STORY: Advice(
        Words(
            "Ini sebuah story; story hilang setelah sehari dan tidak boleh dikumpulkan program lain.",
            "This is a story; stories vanish after a day and no program may collect them.",
        ),
        Words(
            "1. Periksa profil akunnya. 2. Minta dinas menerbitkan hal penting sebagai kiriman biasa.",
            "1. Ask about the account's profile. 2. Let the department publish as a post what has to last.",
        ),
    ),
    Problem.PERSONAL: Advice(
        Words(
            "Ini akun pribadi seseorang; FeedHub hanya mengumpulkan akun dinas.",
            "This is a person's own account; FeedHub collects only accounts of departments.",
        ),
        Words(
            "1. Cari akun atau halaman resmi dinasnya. 2. Bila tidak ada, dinas dapat mengirim lewat kotak masuk FeedHub.",
            "1. Look for the department's own page or channel. 2. If there is none, it can post to FeedHub's inbox.",
        ),
    ),
    Problem.GROUP: Advice(
        Words(
            "Ini sebuah grup, tempat warga berbicara; FeedHub hanya mengumpulkan terbitan dinas.",
            "This is a group, where citizens speak; FeedHub collects only what departments publish.",
        ),
        Words("Periksa halaman atau kanal resmi dinasnya.", "Ask about the department's own page or channel."),
    ),
    Problem.PRIVATE: Advice(
        Words(
            "Ini undangan ke kanal atau grup tertutup yang hanya terbaca anggotanya.",
            "This is an invitation to a private channel or group that only its members can read.",
        ),
        Words(
            "Minta dinas membuka kanalnya untuk umum, atau mengirim lewat kotak masuk FeedHub.",
            "Ask the department to make the channel public, or to post to FeedHub's inbox.",
        ),
    ),
    Problem.SHORT_LINK: Advice(
        Words("Ini tautan singkat yang hanya mengalihkan.", "This is a short link that only leads on."),
        Words(
            "Buka di peramban, lalu periksa alamat yang muncul di akhir.",
            "Open it in a browser, then ask about the address that it ends at.",
        ),
    ),
    Problem.BOT: Advice(
        Words("Ini sebuah bot, yang tidak menerbitkan apa pun.", "This is a bot, which publishes nothing."),
        Words("Periksa kanal resmi dinasnya.", "Ask about the department's public channel."),
    ),
    Problem.OTHER_PAGE: Advice(
        Words(
            "Ini halaman sebuah platform, tetapi bukan halaman sebuah akun.",
            "This is a page of a platform, but not that of an account.",
        ),
        Words("Periksa alamat profilnya.", "Ask about the address of the profile itself."),
    ),
    Problem.LOOK_ALIKE: Advice(
        Words(
            "{asked} mirip dengan {alike}, akun yang {standing}, tetapi bukan akun yang sama.",
            "{asked} looks like {alike}, which is {standing}, but it is another account.",
        ),
        Words(
            "1. Jangan berikan uang, data, atau kata sandi. 2. Pakai akun yang {standing}: {alike_url}. 3. Laporkan yang mirip itu kepada platformnya dan pengelola FeedHub.",
            "1. Give it no money, details or passwords. 2. Use the {standing} account: {alike_url}. 3. Report the other one to its platform and to the operators of this FeedHub.",
        ),
    ),
    Problem.UNKNOWN: Advice(
        Words(
            "Tidak ada akun dengan alamat ini dalam daftar kota.",
            "No account of this address is in the city's register.",
        ),
        _REGISTER_IT,
    ),
    Problem.AUTHOR_UNKNOWN: Advice(
        Words(
            "Kiriman ini belum dikumpulkan, dan dari alamatnya tidak tampak akun terdaftar mana yang menerbitkannya.",
            "This post is not among those collected, and its address shows no registered account that published it.",
        ),
        _PROFILE_INSTEAD,
    ),
    Problem.BRIDGE: Advice(
        Words(
            "Akun ini dibaca lewat jembatan pihak lain, sehingga tidak disebut resmi.",
            "This account is read through somebody else's bridge, so it is not called official.",
        ),
        Words(
            "Beri FeedHub izin (token) dari platform itu, lalu daftarkan akunnya sendiri.",
            "Give FeedHub the platform's own credential, then register the account itself.",
        ),
    ),
    Problem.UNVERIFIED: Advice(
        Words(
            "Akun {name} terdaftar, tetapi belum dicatat siapa yang memeriksa keresmiannya.",
            "The account {name} is registered, but nobody has written down yet that it was checked.",
        ),
        Words(
            "Pengelola: 1. cari tautan ke akun ini di situs dinas; 2. tulis verified_at dan evidence dalam daftar; 3. impor lagi daftarnya.",
            "Operators: 1. find the link to this account on the department's website; 2. write verified_at and evidence into the register; 3. import it again.",
        ),
    ),
    Problem.RETIRED: Advice(
        Words(
            "Akun {name} sudah tidak terdaftar; kabar lamanya tetap ada.",
            "The account {name} has left the register; its old posts stay.",
        ),
        Words(
            "Cari akun dinas yang sekarang di halaman Perangkat daerah.",
            "Look for the department's present account on the page of departments.",
        ),
    ),
    Problem.PAUSED: Advice(
        Words("Kunjungan ke akun {name} dijeda oleh pengelola.", "The operators paused the visits to {name}."),
        Words(
            "Kabar yang terlewat diambil setelah kunjungan dilanjutkan.",
            "What is missed is fetched when the visits go on.",
        ),
    ),
    Problem.STOPPED: Advice(
        Words(
            "Akun {name} dihentikan oleh pengelola; isinya mungkin bukan dari dinas.",
            "The operators stopped the account {name}; what it says may not come from the department.",
        ),
        Words(
            "Jangan percayai kiriman barunya sampai pengelola membukanya lagi.",
            "Don't trust its new posts until the operators lift the stop.",
        ),
    ),
    Problem.NEVER_VISITED: Advice(
        Words(
            "Akun {name} baru didaftarkan dan belum dikunjungi.", "The account {name} is new and was not visited yet."
        ),
        Words(
            "Tunggu beberapa menit; kunjungan pertama segera tiba.", "Wait some minutes; the first visit comes soon."
        ),
    ),
    Problem.OUTAGE: Advice(
        Words(
            "FeedHub sendiri sedang tidak dapat mengunjungi akun; ini gangguan di pihak kami.",
            "FeedHub itself can't visit accounts just now; the fault is ours.",
        ),
        Words(
            "Tidak perlu tindakan dinas: yang terlewat diambil sesudahnya. Pengelola: periksa koneksi dan proses feedhub.",
            "The department need do nothing: what is missed is fetched afterwards. Operators: check the connection and the feedhub process.",
        ),
    ),
    Problem.FAILING: Advice(
        Words(
            "Kiriman akun {name} sedang tidak dapat diambil. {reason}",
            "The posts of {name} can't be fetched just now. {reason}",
        ),
        Words("{visit_remedy}", "{visit_remedy}"),
    ),
    Problem.HELD: Advice(
        Words(
            "Kiriman ini ditahan sampai seseorang memeriksanya, karena tidak seperti biasanya.",
            "This post is held until a person has looked at it, because it is unlike the account's usual ones.",
        ),
        Words(
            "1. Pastikan kepada dinas bahwa kiriman itu benar. 2. Pengelola melepas atau menolaknya.",
            "1. Ask the department whether the post is its own. 2. The operators release or refuse it.",
        ),
    ),
    Problem.WITHDRAWN: Advice(
        Words("Kiriman ini ditarik kembali oleh kota. {notice}", "The city took this post back. {notice}"),
        _NOTHING_TO_DO,
    ),
    Problem.GONE: Advice(
        Words("Kiriman ini sudah dihapus di tempat asalnya.", "This post was removed where it was published."),
        _NOTHING_TO_DO,
    ),
    Problem.NOT_SEEN: Advice(
        Words(
            "Akun {name} dikumpulkan, tetapi kiriman ini tidak ada di antaranya: mungkin lebih lama daripada yang masih ditunjukkan platform, baru saja terbit, atau sudah dihapus.",
            "The account {name} is collected, but this post is not among its posts: it may be older than what the platform still shows, brand-new, or removed.",
        ),
        Words(
            "1. Bila baru terbit, periksa lagi setelah kunjungan berikutnya. 2. Bila lama, dinas dapat mengirimnya lewat kotak masuk FeedHub.",
            "1. If it is new, ask again after the next visit. 2. If it is old, the department can post it to FeedHub's inbox.",
        ),
    ),
}
