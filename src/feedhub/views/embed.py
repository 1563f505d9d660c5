"""The posts as a small page for an `<iframe>` on somebody else's site, without script."""

from feedhub.views.page_lists import PostList, shown_list
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered


def embed_page(site: Site, given: PostList, *, all_path: str) -> str:
    """The list alone. Its links open a new window, since a frame is no place to read in.

    `all_path` is the path and query of the page for people that shows the same posts.
    """
    return rendered("embed.html", site, shown=shown_list(site, given), all_url=site.url(all_path))
