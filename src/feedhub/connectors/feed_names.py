"""The namespaces that feeds are written in, with the spellings found in the wild."""

ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "https://www.w3.org/2005/Atom")
# RSS 2.0 has none; 0.90, 1.0 and a few mistaken ones do.
RSS = (
    "",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd",
)
RDF = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",)
CONTENT = ("http://purl.org/rss/1.0/modules/content/",)
DC = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/")
DCTERMS = ("http://purl.org/dc/terms/",)
SYNDICATION = ("http://purl.org/rss/1.0/modules/syndication/", "http://purl.org/rss/modules/syndication/")
MEDIA = (
    "http://search.yahoo.com/mrss/",
    "http://search.yahoo.com/mrss",
    "https://search.yahoo.com/mrss/",
    "http://tools.search.yahoo.com/mrss/",
    "http://video.search.yahoo.com/mrss/",
)
ITUNES = (
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "http://www.itunes.com/DTDs/Podcast-1.0.dtd",
    "http://example.com/dtds/podcast-1.0.dtd",
)
GEORSS = ("http://www.georss.org/georss", "http://www.georss.org/georss/", "http://www.georss.org/georss/10")
GEO = ("http://www.w3.org/2003/01/geo/wgs84_pos#",)
GML = ("http://www.opengis.net/gml",)
THREAD = ("http://purl.org/syndication/thread/1.0",)
FEEDBURNER = ("http://rssnamespace.org/feedburner/ext/1.0",)
XHTML = ("http://www.w3.org/1999/xhtml",)

# What everybody means by a prefix that a document forgot to declare.
KNOWN_PREFIXES = {
    "atom": ATOM[0],
    "a10": ATOM[0],
    "content": CONTENT[0],
    "dc": DC[0],
    "dcterms": DCTERMS[0],
    "feedburner": FEEDBURNER[0],
    "geo": GEO[0],
    "georss": GEORSS[0],
    "gml": GML[0],
    "itunes": ITUNES[0],
    "media": MEDIA[0],
    "rdf": RDF[0],
    "sy": SYNDICATION[0],
    "thr": THREAD[0],
    "xhtml": XHTML[0],
}


def tags(namespaces: tuple[str, ...], name: str) -> list[str]:
    """`name` in each of `namespaces`, as lxml writes it; in lower case too where it has capitals.

    >>> tags(("", "urn:x"), "pubDate")
    ['pubDate', '{urn:x}pubDate', 'pubdate', '{urn:x}pubdate']
    """
    names = [name] if name.islower() else [name, name.lower()]
    return [f"{{{space}}}{spelling}" if space else spelling for spelling in names for space in namespaces]
