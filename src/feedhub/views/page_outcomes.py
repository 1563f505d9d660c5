"""How a visit can end, for people: why an account does not deliver, and what to do."""

from typing import NamedTuple

from feedhub.views.messages import Words


class Outcome(NamedTuple):
    """One outcome in both languages. `remedy` is empty where nothing needs to be done."""

    why: Words
    remedy: Words


_NOTHING = Words("", "")
_LATER = Words(
    "Tidak perlu tindakan; FeedHub mencoba lagi sendiri.", "Nothing needs to be done; FeedHub tries again by itself."
)
_CONNECT_AGAIN = Words(
    "Hubungkan lagi akunnya; kiriman yang terlewat akan diambil.",
    "Connect it again; what was missed is fetched then.",
)

OUTCOMES: dict[str, Outcome] = {
    "never": Outcome(Words("Belum pernah dikunjungi.", "It has not been visited yet."), _LATER),
    "ok": Outcome(Words("Kunjungan terakhir berhasil.", "The last visit succeeded."), _NOTHING),
    "not_modified": Outcome(
        Words("Kunjungan terakhir berhasil; tidak ada yang baru.", "The last visit succeeded; there was nothing new."),
        _NOTHING,
    ),
    "failed": Outcome(Words("Kunjungan terakhir gagal.", "The last visit failed."), _LATER),
    "dns": Outcome(
        Words("Nama situsnya tidak ditemukan di internet.", "The site's name can't be found."),
        Words(
            "Periksa ejaan alamatnya; bila benar, nama domain situs itu sedang tidak berfungsi.",
            "Check the spelling of the address; if it is right, the site's domain name is not working.",
        ),
    ),
    "unreachable": Outcome(
        Words("Situsnya tidak dapat dihubungi.", "The site can't be reached."),
        Words(
            "Buka alamatnya di peramban; bila tidak terbuka, beri tahu pengelola situs.",
            "Open the address in a browser; if it does not open, tell the site's administrator.",
        ),
    ),
    "tls": Outcome(
        Words("Sertifikat HTTPS situsnya tidak dapat dipercaya.", "The site's certificate can't be trusted."),
        Words(
            "Minta pengelola situs memperbarui atau memperbaiki sertifikat HTTPS-nya.",
            "Ask the site's administrator to renew or repair its HTTPS certificate.",
        ),
    ),
    "timeout": Outcome(
        Words("Situsnya terlalu lama menjawab.", "The site took too long to answer."),
        Words("Bila terus terjadi, beri tahu pengelola situs.", "If this lasts, tell the site's administrator."),
    ),
    "too_large": Outcome(
        Words("Dokumen umpannya terlalu besar.", "The feed is too large."),
        Words("Minta umpan yang lebih pendek kepada pengelola situs.", "Ask the site for a shorter feed."),
    ),
    "redirects": Outcome(
        Words("Alamatnya dialihkan terlalu banyak kali.", "The address is redirected too often."),
        Words("Daftarkan alamat akhir yang tampak di peramban.", "Register the address that the browser ends at."),
    ),
    "address_refused": Outcome(
        Words("Alamatnya tidak boleh dikunjungi oleh FeedHub.", "FeedHub may not go to that address."),
        Words("Daftarkan alamat http(s) yang terbuka untuk umum.", "Register a public http(s) address."),
    ),
    "bad_answer": Outcome(
        Words("Peladen situsnya menjawab dengan keliru.", "The site's server answers wrongly."),
        Words("Beri tahu pengelola situs.", "Tell the site's administrator."),
    ),
    "challenge": Outcome(
        Words(
            "Situsnya meminta bukti bahwa pengunjung adalah manusia.", "The site asks for proof that a person visits."
        ),
        Words(
            "Minta pengelola situs mengizinkan FeedHub membaca umpan tanpa pemeriksaan itu.",
            "Ask the site's administrator to let FeedHub read the feed without a challenge.",
        ),
    ),
    "unauthorized": Outcome(
        Words("Umpannya meminta kata sandi.", "The feed needs a login."),
        Words(
            "Daftarkan umpan yang terbuka untuk umum atau tambahkan kredensial.",
            "Register a public feed or add a credential.",
        ),
    ),
    "forbidden": Outcome(
        Words("Situsnya menolak FeedHub.", "The site refuses FeedHub."),
        Words(
            "Minta pengelola situs mengizinkan FeedHub membaca umpannya.",
            "Ask the site's administrator to let FeedHub read the feed.",
        ),
    ),
    "not_found": Outcome(
        Words("Tidak ada umpan di alamat itu.", "There is no feed at that address."),
        Words("Cari alamat umpan yang baru lalu daftarkan.", "Find the feed's new address and register it."),
    ),
    "gone": Outcome(
        Words("Situsnya menyatakan umpan ini sudah dihapus.", "The site says that this feed is gone for good."),
        Words("Pensiunkan akunnya atau daftarkan alamat barunya.", "Retire the account or register its new address."),
    ),
    "rate_limited": Outcome(
        Words("Situsnya meminta FeedHub datang lagi nanti.", "The site asks FeedHub to come back later."), _LATER
    ),
    "server_error": Outcome(
        Words("Situsnya sedang rusak.", "The site is broken just now."),
        Words("Bila terus terjadi, beri tahu pengelola situs.", "If this lasts, tell the site's administrator."),
    ),
    "bad_status": Outcome(
        Words("Jawaban situsnya bukan umpan.", "The site's answer is not a feed."),
        Words(
            "Buka alamatnya di peramban lalu daftarkan alamat yang menampilkan umpan.",
            "Open the address in a browser and register the one that shows the feed.",
        ),
    ),
    "not_a_feed": Outcome(
        Words("Yang ada di alamat itu bukan umpan.", "What is at that address is not a feed."),
        Words("Daftarkan alamat umpannya sendiri.", "Register the feed's own address."),
    ),
    "bridge_broken": Outcome(
        Words("Jembatan (RSSHub, RSS-Bridge) yang dipakai sedang rusak.", "The bridge (RSSHub, RSS-Bridge) is broken."),
        Words(
            "Perbarui jembatannya, atau beri FeedHub token resmi dari platform itu.",
            "Update the bridge, or give FeedHub the platform's own credential.",
        ),
    ),
    "empty": Outcome(
        Words("Situsnya mengirim dokumen kosong.", "The site sends an empty document."),
        Words("Beri tahu pengelola situs.", "Tell the site's administrator."),
    ),
    "unreadable": Outcome(
        Words("Umpannya rusak sehingga tidak terbaca.", "The feed is too broken to be read."),
        Words(
            "Beri tahu pengelola situs; FeedHub menyimpan apa yang diterima.",
            "Tell the site's administrator; FeedHub kept what came.",
        ),
    ),
    "reading_stopped": Outcome(
        Words("Pembacaan dihentikan karena terlalu berat.", "Reading was stopped because it took too much."),
        Words("Periksa dokumen itu lebih dahulu; mungkin berbahaya.", "Look at the document first; it may be hostile."),
    ),
    "no_connector": Outcome(
        Words("FeedHub belum dapat membaca platform ini.", "FeedHub can't read this platform yet."),
        Words("Perbarui FeedHub atau daftarkan umpan akun itu.", "Update FeedHub or register the account's feed."),
    ),
    "no_credential": Outcome(
        Words(
            "Platform ini meminta izin (token) yang belum diberikan kepada FeedHub.",
            "The platform wants a credential that FeedHub does not have yet.",
        ),
        Words("Hubungkan akun ini dengan FeedHub.", "Connect the account with FeedHub."),
    ),
    "token_expired": Outcome(
        Words("Masa berlaku tokennya sudah habis.", "The credential's time is over."), _CONNECT_AGAIN
    ),
    "token_refused": Outcome(
        Words("Platform tidak menerima tokennya lagi.", "The platform does not accept the credential any more."),
        _CONNECT_AGAIN,
    ),
    "permission_missing": Outcome(
        Words("Token FeedHub tidak memiliki izin untuk ini.", "FeedHub's credential does not allow this."),
        Words("Beri izin itu, lalu hubungkan lagi.", "Give that permission, then connect it again."),
    ),
    "payment_needed": Outcome(
        Words("Kuota berbayar di platform ini habis.", "The platform wants its credits paid first."),
        Words("Isi ulang kredit aplikasi di platform itu.", "Buy credits for the app at the platform."),
    ),
    "suspended": Outcome(
        Words("Platform menangguhkan akun ini.", "The platform suspended this account."),
        Words("Dinas perlu menghubungi platform itu.", "The department has to turn to the platform."),
    ),
    "private": Outcome(
        Words("Akun ini hanya terlihat oleh pengikutnya.", "The account shows its posts to followers only."),
        Words("Minta dinas membuka akunnya untuk umum.", "Ask the department to make the account public."),
    ),
    "unsupported": Outcome(
        Words("Jenis akun ini tidak boleh dibaca program lain.", "Programs may not read this kind of account."),
        Words(
            "Ubah jenis akunnya, atau kirim lewat kotak masuk FeedHub.",
            "Change the kind of the account, or use FeedHub's inbox.",
        ),
    ),
    "moved": Outcome(
        Words("Akun ini pindah alamat.", "The account lives elsewhere now."),
        Words("Periksa dan daftarkan alamat barunya.", "Check the new address and register it."),
    ),
}
