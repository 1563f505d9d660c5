"""The departments that have a site of their own, each with another kind of feed."""

from feedhub_demo.feeds import atom, json_feed, rdf, rss2
from feedhub_demo.sites import CITY, Site

SITES = (
    Site(
        slug="dinkes",
        name="Dinas Kesehatan",
        motto="Tirtasari sehat, dari rumah sampai puskesmas.",
        feed_path="/feed/",
        feed_type="application/rss+xml",
        content_type="text/html; charset=UTF-8",  # as many WordPress sites do
        permalink="/{year}/{month}/{day}/{slug}/",
        native_id="https://dinkes.tirtasari.example/?p={number}",
        colour="#0b7a5c",
        write=rss2,
    ),
    Site(
        slug="bpbd",
        name="BPBD",
        motto="Siaga bencana, selamat bersama.",
        feed_path="/warta/terbaru.atom",
        feed_type="application/atom+xml",
        content_type="application/atom+xml; charset=utf-8",
        permalink="/warta/{number}/{slug}",
        native_id="tag:bpbd.tirtasari.example,2026:warta/{number}",
        colour="#b3431e",
        write=atom,
    ),
    Site(
        slug="dinsos",
        name="Dinas Sosial",
        motto="Tidak ada warga yang berjalan sendiri.",
        feed_path="/feed.json",
        feed_type="application/feed+json",
        content_type="application/feed+json",
        permalink="/kabar/{slug}",
        native_id="dinsos-tirtasari-{number}",
        colour="#6a3d9a",
        write=json_feed,
    ),
    Site(
        slug="diskominfo",
        name="Dinas Komunikasi dan Informatika",
        motto=f"Kabar {CITY} untuk semua warga.",
        feed_path="/index.rdf",
        feed_type="application/rdf+xml",
        content_type="application/rdf+xml; charset=utf-8",
        permalink="/berita/{number}-{slug}.html",
        native_id="https://diskominfo.tirtasari.example/berita/{number}",
        colour="#1558a6",
        write=rdf,
    ),
)
