"""Feeds of 20 entries made of plausible Indonesian words, and a server for them in its own process."""

import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_WORDS = [
    "warga",
    "kota",
    "dinas",
    "kesehatan",
    "layanan",
    "bantuan",
    "imunisasi",
    "puskesmas",
    "jadwal",
    "kegiatan",
    "masyarakat",
    "pemerintah",
    "program",
    "pendidikan",
    "sekolah",
    "anak",
    "keluarga",
    "pelayanan",
    "kecamatan",
    "kelurahan",
    "pasar",
    "jalan",
    "air",
    "bersih",
    "banjir",
    "hujan",
    "petugas",
    "informasi",
    "pendaftaran",
    "gratis",
    "syarat",
    "kartu",
    "keluarga",
    "hari",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "pagi",
    "siang",
    "sore",
    "bersama",
    "wali",
    "sosialisasi",
    "pelatihan",
    "usaha",
    "kecil",
    "menengah",
    "taman",
    "lingkungan",
    "sampah",
    "penghijauan",
    "festival",
    "budaya",
    "olahraga",
]


def made_feed(number: int, *, entries: int = 20) -> bytes:
    """One RSS document of about 46 KB; the same for the same number."""
    chance = random.Random(number)
    items = "".join(_entry(number, place, chance) for place in range(entries))
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>Dinas {number}</title><link>https://dinas{number}.example/</link><description>Kabar</description>"
        f"<language>id</language>{items}</channel></rss>"
    ).encode()


def _entry(number: int, place: int, chance: random.Random) -> str:
    link = f"https://dinas{number}.example/2026/11/{place:02}/kabar-{place}/"
    paragraphs = "".join(
        f'<p>{_sentence(chance, 28)} <a href="{link}?utm_source=rss">{_sentence(chance, 3)}</a> {_sentence(chance, 20)}</p>'
        for _ in range(4)
    )
    return (
        f"<item><title>{_sentence(chance, 7)}</title><link>{link}</link><guid isPermaLink='false'>{link}?p={place}</guid>"
        f"<dc:creator>admin</dc:creator><pubDate>{place % 28 + 1:02} Oct 2026 {place % 24:02}:00:00 +0700</pubDate>"
        f"<category>{chance.choice(_WORDS)}</category><description><![CDATA[{_sentence(chance, 30)}]]></description>"
        f"<content:encoded><![CDATA[{paragraphs}<p><img src='https://dinas{number}.example/foto-{place}.jpg' alt='Foto' "
        f"width='800' height='600'></p>]]></content:encoded></item>"
    )


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the library's name
        body = made_feed(int(self.path.strip("/")))
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    print(server.server_port, flush=True)
    sys.stdin.close()
    server.serve_forever()
