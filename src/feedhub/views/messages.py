"""Every sentence that the pages say by themselves, in Indonesian and in English."""

from collections.abc import Callable
from typing import NamedTuple


class Words(NamedTuple):
    """One message in both languages; `{…}` are filled in by name."""

    id: str
    en: str


MESSAGES: dict[str, Words] = {
    # the frame of every page
    "skip": Words("Langsung ke isi", "Skip to content"),
    "tagline": Words("Kabar resmi dari seluruh perangkat daerah", "Official news from every department"),
    "main_navigation": Words("Navigasi utama", "Main"),
    "home": Words("Terbaru", "Latest"),
    "departments": Words("Perangkat daerah", "Departments"),
    "search": Words("Cari", "Search"),
    "status": Words("Status", "Status"),
    "widget": Words("Pasang di situs Anda", "Put it on your site"),
    "for_programs": Words("Untuk pengembang (API)", "For developers (API)"),
    "every_feed": Words("Semua umpan (OPML)", "Every feed (OPML)"),
    "footer_about": Words(
        "Dikumpulkan otomatis dari akun resmi {publisher}. Isi setiap kabar adalah milik perangkat daerah yang menulisnya.",
        "Collected automatically from the official accounts of {publisher}. Each post belongs to the department that wrote it.",
    ),
    "license": Words("Lisensi isi", "Licence of the content"),
    "page_navigation": Words("Kaki halaman", "Footer"),
    # lists of posts
    "latest_title": Words("Kabar terbaru", "Latest news"),
    "kinds": Words("Jenis kabar", "Kinds of news"),
    "every_kind": Words("Semua", "All"),
    "emergency": Words("Darurat", "Emergency"),
    "service": Words("Layanan", "Service"),
    "assistance": Words("Bantuan", "Assistance"),
    "event": Words("Agenda", "Event"),
    "announcement": Words("Pengumuman", "Announcement"),
    "news": Words("Berita", "News"),
    "posts": Words("Kabar", "Posts"),
    "no_posts": Words("Belum ada kabar di sini.", "There are no posts here yet."),
    "older": Words("Kabar yang lebih lama", "Older posts"),
    "newest": Words("Kembali ke yang terbaru", "Back to the newest"),
    "pages": Words("Halaman", "Pages"),
    "subscribe": Words("Berlangganan", "Subscribe"),
    "subscribe_why": Words(
        "Buka salah satu alamat ini di aplikasi pembaca umpan; kabar baru akan datang sendiri.",
        "Open one of these addresses in a feed reader; new posts then come by themselves.",
    ),
    "corrected": Words("Diralat", "Corrected"),
    "thread": Words("Utas: {n} bagian", "Thread: {n} parts"),
    "version_short": Words("Versi {n}", "Version {n}"),
    "no_alt": Words(
        "Gambar dari {department}; penerbit tidak menulis keterangan gambar.",
        "Picture from {department}; the publisher wrote no description of it.",
    ),
    "no_title": Words("Tanpa judul", "Untitled"),
    # departments and accounts
    "departments_lead": Words(
        "Setiap perangkat daerah dan akun resminya.", "Every department and its official accounts."
    ),
    "no_departments": Words("Belum ada perangkat daerah yang terdaftar.", "No department is registered yet."),
    "other_group": Words("Lainnya", "Others"),
    "accounts": Words("Akun resmi", "Official accounts"),
    "no_accounts": Words("Belum ada akun yang terdaftar.", "No account is registered yet."),
    "website": Words("Situs resmi", "Official website"),
    "email": Words("Surel", "E-mail"),
    "phone": Words("Telepon", "Phone"),
    "area": Words("Wilayah", "Area"),
    "verified": Words("Diperiksa sebagai akun resmi pada {date}", "Checked as an official account on {date}"),
    "verified_short": Words("sudah diperiksa", "verified"),
    "evidence": Words("Bukti", "Evidence"),
    "open_account": Words("Buka akun aslinya", "Open the account itself"),
    "retired": Words("Akun ini tidak dipakai lagi.", "This account is no longer used."),
    "platform_webfeed": Words("Situs web", "Website"),
    "platform_wordpress": Words("Situs web", "Website"),
    "platform_webpage": Words("Situs web", "Website"),
    "platform_inbox": Words("Kiriman langsung", "Sent directly"),
    "platform_youtube": Words("YouTube", "YouTube"),
    "platform_instagram": Words("Instagram", "Instagram"),
    "platform_facebook": Words("Facebook", "Facebook"),
    "platform_threads": Words("Threads", "Threads"),
    "platform_x": Words("X", "X"),
    "platform_tiktok": Words("TikTok", "TikTok"),
    "platform_telegram": Words("Telegram", "Telegram"),
    "platform_mastodon": Words("Mastodon", "Mastodon"),
    "platform_bluesky": Words("Bluesky", "Bluesky"),
    "platform_activitypub": Words("ActivityPub", "ActivityPub"),
    "platform_linkedin": Words("LinkedIn", "LinkedIn"),
    # one post
    "published": Words("Terbit", "Published"),
    "edited": Words("Disunting penulisnya", "Edited by its author"),
    "collected": Words("Ditemukan", "Collected"),
    "updated": Words("Diperbarui di sini", "Updated here"),
    "time_made": Words(
        "Sumber tidak menyebut waktu terbit; yang tertulis ialah saat kabar ini ditemukan.",
        "The source gives no time; shown is when this post was found.",
    ),
    "original": Words("Baca di sumber aslinya", "Read it at its source"),
    "from_account": Words("Akun", "Account"),
    "topic_tags": Words("Tagar", "Tags"),
    "media": Words("Gambar dan lampiran", "Pictures and attachments"),
    "media_image": Words("Lihat gambar", "See the picture"),
    "media_video": Words("Putar video", "Play the video"),
    "media_audio": Words("Dengarkan", "Listen"),
    "media_document": Words("Unduh dokumen", "Download the document"),
    "media_sensitive": Words("Tampilkan media yang mungkin mengganggu", "Show media that may disturb"),
    "about_post": Words("Tentang kabar ini", "About this post"),
    "event_when": Words("Waktu", "When"),
    "event_where": Words("Tempat", "Where"),
    "event_title": Words("Jadwal", "Event"),
    "until": Words("sampai", "until"),
    "all_day": Words("sepanjang hari", "all day"),
    "versions": Words("Riwayat: {n} versi", "History: {n} versions"),
    "as_json": Words("Kabar ini sebagai JSON", "This post as JSON"),
    "correction": Words("Ralat", "Correction"),
    "withdrawal": Words("Penarikan", "Withdrawal"),
    "gone_title": Words("Kabar ini tidak tersedia lagi", "This post is no longer available"),
    "gone_withdrawn": Words("Kabar ini ditarik oleh {publisher}.", "This post was withdrawn by {publisher}."),
    "gone_source": Words(
        "Kabar ini sudah tidak ada di sumbernya, jadi tidak ditampilkan lagi.",
        "This post no longer exists at its source, so it is no longer shown.",
    ),
    "gone_held": Words("Kabar ini sedang ditinjau.", "This post is being reviewed."),
    "gone_reason": Words("Alasan", "Reason"),
    "gone_since": Words("Sejak", "Since"),
    # search
    "search_title": Words("Cari kabar", "Search the news"),
    "search_words": Words("Kata kunci", "Words"),
    "search_hint": Words(
        'Contoh: imunisasi puskesmas, "air bersih", beasiswa -pendaftaran, vaksin*',
        'For example: immunisation clinic, "clean water", grant -closed, vaccin*',
    ),
    "search_department": Words("Perangkat daerah", "Department"),
    "search_kind": Words("Jenis", "Kind"),
    "search_since": Words("Sejak tanggal", "From"),
    "search_until": Words("Sebelum tanggal", "Before"),
    "search_any": Words("Semua", "Any"),
    "search_go": Words("Cari", "Search"),
    "search_results": Words("Hasil", "Results"),
    "search_for": Words("Hasil untuk {q}", "Results for {q}"),
    "search_none": Words("Tidak ada kabar yang cocok.", "No post matches."),
    "search_advice": Words(
        "Coba kata yang lebih sedikit, periksa ejaannya, atau hapus saringan.",
        "Try fewer words, check the spelling, or remove a filter.",
    ),
    "filters": Words("Saringan yang dipakai", "Filters in use"),
    "remove_filter": Words("Hapus saringan {name}", "Remove the filter {name}"),
    "clear_filters": Words("Hapus semua saringan", "Remove all filters"),
    # status
    "status_title": Words("Status pengumpulan", "Collection status"),
    "status_summary": Words(
        "{delivering} dari {all} akun mengirim kabar.", "{delivering} of {all} accounts are delivering."
    ),
    "status_caption": Words(
        "Setiap akun, apakah mengirim kabar, dan mengapa", "Every account, whether it delivers, and why"
    ),
    "status_account": Words("Akun", "Account"),
    "status_state": Words("Keadaan", "State"),
    "status_since": Words("Terakhir berhasil", "Last success"),
    "status_visit": Words("Kunjungan terakhir", "Last visit"),
    "status_next": Words("Kunjungan berikutnya", "Next visit"),
    "status_why": Words("Sebab dan tindakan", "Why and what to do"),
    "status_posts": Words("Jumlah kabar", "Posts"),
    "status_yes": Words("Mengirim", "Delivering"),
    "status_no": Words("Tidak mengirim", "Not delivering"),
    "status_waiting": Words("Menunggu", "Waiting"),
    "status_off": Words("Tidak dikunjungi", "Not visited"),
    "status_paused": Words("Kunjungan dijeda oleh pengelola.", "The desk paused its visits."),
    "status_stopped": Words(
        "Dihentikan oleh pengelola; unggahan barunya ditahan.", "The desk stopped it; its new posts are held."
    ),
    "status_retired": Words(
        "Akun ini sudah tidak terdaftar; kabarnya tetap ada.", "The account left the register; its posts stay."
    ),
    "status_waits_one": Words(
        "Satu token {platform} ditunggu oleh satu akun.", "One {platform} token: one account waits for it."
    ),
    "status_waits_shared": Words(
        "Satu token {platform} ditunggu oleh {count} akun.", "One {platform} token: {count} accounts wait for it."
    ),
    "status_waits_each": Words(
        "Token {platform} untuk tiap akun: {count} akun menunggu.",
        "A {platform} token for each account: {count} accounts wait.",
    ),
    "status_credential_ends": Words(
        "Tokennya berakhir pada {day}; hubungkan lagi sebelum itu.",
        "Its credential ends on {day}; connect it again before.",
    ),
    "status_never": Words("Belum pernah", "Never"),
    "status_detail": Words("Rincian dari sistem:", "The system says:"),
    # is this address official?
    "verify_title": Words("Periksa akun atau kiriman", "Check an account or a post"),
    "verify_lead": Words(
        "Tempelkan alamatnya: apakah resmi, apakah dikumpulkan di sini, dan bila tidak, mengapa.",
        "Paste its address: is it official, is it collected here, and if not, why.",
    ),
    "verify_address": Words("Alamat akun, kiriman, atau berita", "Address of an account, a post or an article"),
    "verify_hint": Words(
        "Misalnya https://www.instagram.com/nama.dinas/ atau tautan sebuah kiriman.",
        "Such as https://www.instagram.com/name.of.department/ or the link of a post.",
    ),
    "verify_go": Words("Periksa", "Check"),
    "verify_official": Words("Resmi", "Official"),
    "verify_not_official": Words("Tidak tercatat resmi", "Not known to be official"),
    "verify_collected": Words("Dikumpulkan di sini.", "It is collected here."),
    "verify_not_collected": Words("Tidak dikumpulkan di sini.", "It is not collected here."),
    "verify_post": Words("Baca di sini", "Read it here"),
    "verify_alike": Words("Akun yang terdaftar", "The registered account"),
    "verify_why": Words("Mengapa", "Why"),
    "verify_what_to_do": Words("Apa yang perlu dilakukan", "What to do"),
    # what goes wrong
    "error_back": Words("Ke kabar terbaru", "To the latest news"),
    "error_404": Words("Halaman ini tidak ada", "There is no such page"),
    "error_404_text": Words(
        "Alamatnya mungkin salah ketik atau sudah pindah. Coba cari kabarnya.",
        "The address may be mistyped or may have moved. Try searching for the post.",
    ),
    "error_410": Words("Halaman ini sudah tidak ada", "This page is gone"),
    "error_410_text": Words("Halaman ini pernah ada, tetapi sudah dihapus.", "This page existed but was removed."),
    "error_422": Words("Permintaan ini tidak dapat dijawab", "This request can't be answered"),
    "error_422_text": Words("Ada bagian alamat yang tidak dikenal.", "Part of the address is not known."),
    "error_429": Words("Terlalu banyak permintaan", "Too many requests"),
    "error_429_text": Words("Tunggu sebentar, lalu coba lagi.", "Wait a moment, then try again."),
    "error_500": Words("Ada yang rusak di pihak kami", "Something broke on our side"),
    "error_500_text": Words(
        "Kesalahan ini sudah dicatat. Silakan coba lagi sebentar lagi.",
        "The fault has been recorded. Please try again in a moment.",
    ),
    "error_503": Words("Sedang sibuk", "Busy just now"),
    "error_503_text": Words("Silakan coba lagi sebentar lagi.", "Please try again in a moment."),
    # widget and embed
    "widget_title": Words("Pasang kabar di situs Anda", "Put the news on your site"),
    "widget_lead": Words(
        "Salin potongan ini ke halaman Anda. Tanpa kuki, tanpa pelacak, tanpa pustaka lain.",
        "Copy this snippet into your page. No cookies, no trackers, no other library.",
    ),
    "widget_element": Words("Sebagai elemen", "As an element"),
    "widget_iframe": Words("Sebagai bingkai, tanpa skrip", "As a frame, without script"),
    "widget_attributes": Words("Atribut", "Attributes"),
    "widget_attribute": Words("Atribut", "Attribute"),
    "widget_meaning": Words("Arti", "Meaning"),
    "widget_department": Words(
        "Satu atau beberapa perangkat daerah, dipisah koma.", "One or more departments, separated by commas."
    ),
    "widget_kind": Words(
        "Satu atau beberapa jenis: darurat, layanan, bantuan, agenda, pengumuman, berita.",
        "One or more kinds: emergency, service, assistance, event, announcement, news.",
    ),
    "widget_limit": Words("Berapa kabar, 1 sampai 50; bawaannya 5.", "How many posts, 1 to 50; 5 by default."),
    "widget_language": Words("Hanya kabar dalam bahasa ini, misalnya id.", "Only posts in this language, such as en."),
    "widget_heading_level": Words(
        "Tingkat judul kabar di halaman Anda, 2 sampai 6; bawaannya 3.",
        "The level of the posts' headings in your page, 2 to 6; 3 by default.",
    ),
    "widget_theme": Words(
        "Warna dan sudut diatur dengan properti CSS --feedhub-accent, --feedhub-surface, --feedhub-text, --feedhub-border, --feedhub-radius, dan ::part(post).",
        "Colours and corners follow the CSS properties --feedhub-accent, --feedhub-surface, --feedhub-text, --feedhub-border, --feedhub-radius, and ::part(post).",
    ),
    "embed_all": Words("Semua kabar di {publisher}", "All posts at {publisher}"),
    "new_window": Words("terbuka di jendela baru", "opens in a new window"),
}


def language_of_pages(language: str) -> str:
    """The language that the pages speak for a publisher: English where asked, else Indonesian.

    >>> language_of_pages("en-GB"), language_of_pages("id"), language_of_pages("jv")
    ('en', 'id', 'id')
    """
    return "en" if language.lower().split("-")[0] == "en" else "id"


def speaker(language: str) -> Callable[..., str]:
    """A function that says a message in one of the two languages.

    >>> speaker("id")("version_short", n=2)
    'Versi 2'
    """

    def say(key: str, **values: object) -> str:
        words = MESSAGES[key]
        return (words.en if language == "en" else words.id).format(**values)

    return say
