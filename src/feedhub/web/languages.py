"""The languages that a question may name: ISO 639-1, and the archipelago's larger ones of 639-3."""

import re

# https://www.loc.gov/standards/iso639-2/php/code_list.php, the two-letter codes in force.
_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
# Madurese is what half of the coast around Probolinggo speaks.
_THREE_LETTERS = "abs ace ban bbc bew bjn btk bts btx bug fil gor ind jav ljp mad mak min mui nia osi rej sas sun tet"
_KNOWN = frozenset(f"{_TWO_LETTERS} {_THREE_LETTERS}".split())
_TAG = re.compile(r"([a-z]{2,3})(-[a-z0-9]{2,8})*", re.IGNORECASE)


def is_language(tag: str) -> bool:
    """Whether `tag` is a BCP 47 tag of a language that we know of.

    >>> is_language("id"), is_language("en-US"), is_language("mad"), is_language("xx"), is_language("english")
    (True, True, True, False, False)
    """
    match = _TAG.fullmatch(tag)
    return match is not None and match[1].lower() in _KNOWN
