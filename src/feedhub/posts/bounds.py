"""How deep HTML may nest, told before a parser is asked."""

import re

# 256 KB of badly nested formatting keep a correct HTML parser busy for more than a minute
# and grow a thousandfold (HTML 13.2.4.3, reconstructing the active formatting elements).
MAX_DEPTH = 250  # elements open at once; pages made by people stay below 50
MAX_REOPENED = 50_000  # formatting elements that are opened again, summed over all tags
_ALWAYS_TAME = 2_000  # characters: too short to cost anything

_TAGS = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:-]*")
# Their end tags are implied, or they have none: they don't make what follows deeper.
_SHALLOW_TAGS = """
p li dt dd option optgroup tr td th thead tbody tfoot colgroup rp rt rb rtc
area base br col embed hr img input keygen link meta param source track wbr
"""
_SHALLOW = frozenset(_SHALLOW_TAGS.split())
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
_ONCE = frozenset({"a", "nobr"})  # a second one closes the first


def is_tame(html: str) -> bool:
    """Whether parsing `html` costs a time that is in proportion to its length.

    >>> is_tame("<p>Imunisasi gratis</p>" * 1_000), is_tame("<b x=1><p>" * 1_000)
    (True, False)
    """
    if len(html) <= _ALWAYS_TAME or html.count("<") <= MAX_DEPTH:
        return True
    tags = _TAGS.findall(html)
    meant = {tag: (1, tag[1:].lower()) if tag[1] != "/" else (-1, tag[2:].lower()) for tag in set(tags)}
    opened = dict.fromkeys([name for _, name in meant.values()], 0)
    depth = formatting = reopened = 0
    for tag in tags:
        reopened += formatting
        step, name = meant[tag]
        already = opened[name]
        if name in _SHALLOW or not (already or step > 0) or (already and step > 0 and name in _ONCE):
            continue
        opened[name] = already + step
        depth += step
        if name in _FORMATTING:
            formatting += step
        if depth > MAX_DEPTH or reopened > MAX_REOPENED:
            return False
    return True
