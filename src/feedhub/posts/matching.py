"""Whether a post is one that somebody asked for: what the index answers for lists, told of a single post."""

from feedhub.posts.filters import DEFAULT_TYPES, Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.posts.search_terms import Term, read_search_terms, search_words
from feedhub.posts.text import fold


def matches(filters: Filters, kept: KeptPost) -> bool:
    """Whether a list with these filters has the post, or may have had it where its content is gone.

    Of a deleted post only whose it was is known: kinds, tags and words went with the content.
    """
    return is_theirs(filters, kept) and (kept.post is None or _says(filters, kept, kept.post))


def is_theirs(filters: Filters, kept: KeptPost) -> bool:
    """Whether the post is one of the departments', accounts' and platforms' that the filters leave."""
    department, account = kept.department, kept.account
    slugs = (department.slug, *department.formerly)  # a filter may have been kept under a former slug
    return (
        (not filters.departments or any(slug in filters.departments for slug in slugs))
        and (not filters.groups or department.group in filters.groups)
        and (not filters.areas or department.area in filters.areas)
        and (not filters.accounts or account.id in filters.accounts)
        and (not filters.platforms or account.platform in filters.platforms)
    )


def _says(filters: Filters, kept: KeptPost, post: Post) -> bool:
    return (
        post.type in (filters.types or DEFAULT_TYPES)
        and (not filters.kinds or any(kind in filters.kinds for kind in post.kinds))
        and (not filters.tags or not {fold(tag) for tag in filters.tags}.isdisjoint(map(fold, post.tags)))
        and (not filters.languages or _primary(post.language) in {_primary(each) for each in filters.languages})
        and (filters.since is None or filters.since <= kept.published_at)
        and (filters.until is None or kept.published_at < filters.until)
        and _is_found(filters.q, post)
    )


def _primary(language: str | None) -> str | None:
    """The language of a tag, whatever its region."""
    return None if language is None else language.partition("-")[0].lower()


def _is_found(typed: str, post: Post) -> bool:
    if not typed.strip():
        return True
    terms = read_search_terms(typed)
    words = f" {search_words(post.title, post.content_text, *post.tags)} "
    return (
        not terms.is_empty
        and all(_holds(words, term) for term in terms.wanted)
        and not any(_holds(words, term) for term in terms.unwanted)
    )


def _holds(words: str, term: Term) -> bool:
    return f" {' '.join(term.words)}{'' if term.is_prefix else ' '}" in words
