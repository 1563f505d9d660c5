"""The line by which the fediverse names a quoted post to software that knows no quotes."""

_LINES = (('<p class="quote-inline">', "</p>"), ('<span class="quote-inline">', "</a></span>"))


def without_quote_line(html: str) -> str:
    """`html` without that line, for posts whose quote is known.

    >>> without_quote_line('<p class="quote-inline">RE: <a href="https://a.example/1">…</a></p><p>Awas banjir</p>')
    '<p>Awas banjir</p>'
    """
    for opening, closing in _LINES:
        before, found, rest = html.partition(opening)
        if found and closing in rest:
            return before + rest.partition(closing)[2]
    return html
