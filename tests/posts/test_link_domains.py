"""Which sites a post leads to, however many it names."""

from dataclasses import replace

from feedhub.posts.link_domains import domain_of, domains_of
from feedhub.posts.link_names import WELL_KNOWN
from posts_made import made_post


def test_behind_many_sites_that_everybody_knows_no_other_is_hidden():
    others = [f"kabar-{number:02}.example" for number in range(40)]
    text = " ".join(f"https://{name}/x" for name in [*sorted(WELL_KNOWN), *others])
    found = domains_of(replace(made_post(), content_text=text))
    assert len(found) == 50
    assert set(others) <= set(found)


def test_a_name_longer_than_names_can_be_is_none():
    assert domain_of("https://" + "a." * 30_000 + "com/") is None
