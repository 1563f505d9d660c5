"""Differences and proofs as pure functions, on texts that break writers."""

import json
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

import jcs
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.accounts.account import Publisher
from feedhub.posts.post import Media, MediaType
from feedhub.views.post_forms import FIELDS
from feedhub.views.proofs import statement
from feedhub.views.versions import COMPARED, differences
from feedhub.views.word_diff import Op, word_diff
from posts_made import kept_posts, made_kept, made_post, texts

HERE = "https://kabar.example"
CITY = Publisher(name="Kota Contoh", license="https://creativecommons.org/licenses/by/4.0/")
# What the department did not say itself, or what follows from something else.
NOT_SAID = (
    {"id", "uri", "url", "change", "version", "status", "backfill", "department", "account", "via"}
    | {"title_is_made", "summary", "published_is_made", "edited_at", "collected_at", "updated_at", "thread", "counts"}
    | {"license", "attribution", "restrictions"}
)


@given(before=texts(400), after=texts(400))
def test_pieces_make_both_texts_again(before, after):
    pieces = word_diff(before, after)
    assert "".join(text for op, text in pieces if op is not Op.INSERT) == before
    assert "".join(text for op, text in pieces if op is not Op.DELETE) == after
    assert all(text for _, text in pieces)
    assert all(one[0] is not other[0] for one, other in pairwise(pieces))


@given(words=st.lists(st.sampled_from(["a", "b", "kota"]), min_size=1, max_size=30), place=st.integers(0, 29))
def test_one_changed_word_is_one_change(words, place):
    changed = list(words)
    changed[place % len(words)] = "lain"
    pieces = word_diff(" ".join(words), " ".join(changed))
    assert [text.strip() for op, text in pieces if op is Op.INSERT] == ["lain"]
    assert len(pieces) <= 4


def test_no_text_takes_long_to_compare():
    shapes = {
        "nothing in common": (" ".join(map(str, range(40_000))), " ".join(map(str, range(40_000, 80_000)))),
        "every other word": ("\n".join(f"{n} x" for n in range(249)), "\n".join(f"{n} y" for n in range(249))),
        "lines beyond counting": ("\n".join(f"{n} x" for n in range(9_000)), "\n".join(f"{n} y" for n in range(9_000))),
    }
    for name, (before, after) in shapes.items():
        started = perf_counter()
        pieces = word_diff(before, after)
        assert perf_counter() - started < 1, name
        assert "".join(text for op, text in pieces if op is not Op.DELETE) == after


@settings(max_examples=50)
@given(kept=kept_posts())
def test_what_is_signed_is_canonical_to_another_writer(kept):
    post = kept.post or made_post()
    signed = statement(kept, post, publisher=CITY, public_url=HERE)
    assert jcs.canonicalize(json.loads(signed)) == signed


def test_a_text_that_changed_is_told_once_and_markup_alone_by_itself():
    kept = made_kept()
    other = replace(kept, post=made_post(content_text="Lain.", content_html="<p>Lain.</p>"))
    bold = replace(kept, post=made_post(content_html="<p><b>Imunisasi gratis</b>, Senin pukul 08.00.</p>"))
    told = [
        [one["field"] for one in differences(new, kept, publisher=CITY, public_url=HERE)] for new in (other, bold, kept)
    ]
    assert told == [["content_text"], ["content_html"], []]


def test_an_address_that_was_signed_anew_is_no_change():
    def pictured(signature):
        url = f"https://scontent-{signature}.cdninstagram.com/a.jpg?sig={signature}"
        return made_kept(post=made_post(media=(Media(type=MediaType.IMAGE, url=url),)))

    assert differences(pictured("b"), pictured("a"), publisher=CITY, public_url=HERE) == []


def test_every_field_of_the_contract_is_compared_or_known_not_to_be():
    assert set(COMPARED) | NOT_SAID == set(FIELDS)
    assert set(COMPARED) & NOT_SAID == set()
