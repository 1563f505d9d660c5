"""Text comes out right whatever a document claims about its bytes."""

import pytest

from feedhub.payloads.charset import decoded, in_utf8

INDONESIAN = "<?xml version='1.0'?><t>Café Jum’at – “Pasar”</t>"
JAPANESE = "<t>お知らせ</t>"


def declared(charset: str, text: str = "Café") -> str:
    return f"<?xml version='1.0' encoding='{charset}'?><t>{text}</t>"


CASES = {
    "UTF-8 without any claim": (INDONESIAN.encode(), None, INDONESIAN),
    "UTF-8 with a mark": (INDONESIAN.encode("utf-8-sig"), None, INDONESIAN),
    "UTF-8 with a mark under a lying header": (INDONESIAN.encode("utf-8-sig"), "text/xml; charset=latin1", INDONESIAN),
    "UTF-16 little-endian with a mark": (b"\xff\xfe" + INDONESIAN.encode("utf-16-le"), None, INDONESIAN),
    "UTF-16 big-endian with a mark": (b"\xfe\xff" + INDONESIAN.encode("utf-16-be"), None, INDONESIAN),
    "UTF-16 little-endian without a mark": (INDONESIAN.encode("utf-16-le"), None, INDONESIAN),
    "UTF-16 big-endian without a mark": (INDONESIAN.encode("utf-16-be"), "text/xml; charset=utf-8", INDONESIAN),
    "UTF-32 little-endian with a mark": (b"\xff\xfe\0\0" + INDONESIAN.encode("utf-32-le"), None, INDONESIAN),
    "UTF-32 big-endian without a mark": (INDONESIAN.encode("utf-32-be"), None, INDONESIAN),
    "UTF-16 JSON": ('{"a": "é"}'.encode("utf-16-le"), None, '{"a": "é"}'),
    "windows-1252 by header": (INDONESIAN.encode("cp1252"), "text/xml; charset=windows-1252", INDONESIAN),
    "windows-1252 called latin1": (INDONESIAN.encode("cp1252"), "text/xml; charset=ISO-8859-1", INDONESIAN),
    "windows-1252 by declaration": (
        declared("windows-1252", "“é”").encode("cp1252"),
        "text/xml",
        declared("windows-1252", "“é”"),
    ),
    "windows-1252 without any claim": (INDONESIAN.encode("cp1252"), None, INDONESIAN),
    "windows-1252 that claims to be UTF-8": (declared("utf-8").encode("cp1252"), "text/xml; charset=utf-8", declared("utf-8")),
    "UTF-8 whose header says latin1": (INDONESIAN.encode(), 'text/html; charset="iso-8859-1"', INDONESIAN),
    "UTF-8 whose declaration says latin1": (declared("iso-8859-1").encode(), None, declared("iso-8859-1")),
    "UTF-8 whose declaration says UTF-16": (declared("utf-16").encode(), None, declared("utf-16")),
    "windows-1252 whose declaration says UTF-16": (declared("utf-16").encode("cp1252"), None, declared("utf-16")),
    "ISO-2022-JP by declaration": (declared("iso-2022-jp", "お知らせ").encode("iso2022_jp"), None, declared("iso-2022-jp", "お知らせ")),
    "ISO-2022-JP by header": (JAPANESE.encode("iso2022_jp"), "text/xml; charset=iso-2022-jp", JAPANESE),
    "Shift JIS": (declared("Shift_JIS", "お知らせ").encode("cp932"), None, declared("Shift_JIS", "お知らせ")),
    "EUC-JP": (declared("euc-jp", "お知らせ").encode("euc_jp"), None, declared("euc-jp", "お知らせ")),
    "GB2312 beyond its table": (declared("gb2312", "镕").encode("gb18030"), None, declared("gb2312", "镕")),
    "Big5": (declared("big5", "公告").encode("big5"), None, declared("big5", "公告")),
    "EUC-KR": (declared("euc-kr", "공지").encode("cp949"), None, declared("euc-kr", "공지")),
    "KOI8-R": (declared("koi8-r", "новости").encode("koi8-r"), None, declared("koi8-r", "новости")),
    "Thai": (declared("tis-620", "ข่าว").encode("cp874"), None, declared("tis-620", "ข่าว")),
    "header before declaration": (declared("koi8-r", "šé").encode("cp1250"), "text/xml; charset=windows-1250", declared("koi8-r", "šé")),
    "UTF-8 with an island of windows-1252": ("<t>é ".encode() + "’".encode("cp1252") + b"</t>", None, "<t>é ’</t>"),
    "UTF-8 cut in the middle of a letter": ("<t>é".encode()[:-1], "text/xml; charset=utf-8", "<t>Ã"),
    "an unknown charset": (INDONESIAN.encode("cp1252"), "text/xml; charset=x-martian", INDONESIAN),
    "UTF-7 is not believed": (b"<t>+ADw-script+AD4-</t>", "text/xml; charset=utf-7", "<t>+ADw-script+AD4-</t>"),
    "nothing": (b"", None, ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "content_type", "text"), CASES.values(), ids=CASES)
def test_text_is_what_the_bytes_mean(body, content_type, text):
    assert decoded(body, content_type) == text
    assert in_utf8(body, content_type).decode() == text


def test_ascii_is_handed_back_as_it_came():
    body = b"<rss version='2.0'/>"
    assert in_utf8(body) is body
