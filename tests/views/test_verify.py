"""Every answer about an address has its words, in both languages."""

import orjson
import pytest

from feedhub.accounts.account import Account, Platform, Publisher
from feedhub.posts.verdict import Findings, Health, Problem, Verdict
from feedhub.views.page_site import Site
from feedhub.views.page_verify import verify_page
from feedhub.views.verify import advice_in, answer_in, verify_document

ACCOUNT = Account(key="k", platform=Platform.X, department="dinkes", handle="dinkes{kota}")


def told(problem, **found):
    return Verdict(found=Findings(url="https://x.com/<b>", **found), official=False, collected=False, problem=problem)


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_answer_is_whole_sentences_in_both_languages(problem, language):
    health = Health(outcome="tls", reason="The certificate ended.", remedy="Renew it.")
    answer = answer_in(told(problem, account=ACCOUNT, health=health, alike=ACCOUNT), language)
    for sentence in answer:
        assert sentence.endswith((".", "/", "x.com/<b>")), sentence
        assert "{" not in sentence.replace("dinkes{kota}", "")


def test_no_problem_has_no_words():
    assert answer_in(told(None), "en") is None
    assert orjson.loads(verify_document(told(None), public_url="https://k.example"))["problem"] is None


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_shows_what_was_asked_as_text(language):
    site = Site(publisher=Publisher(language=language), public_url="https://k.example")
    page = verify_page(site, "https://x.com/<b>", told(Problem.LOOK_ALIKE, alike=ACCOUNT), ())
    assert "https://x.com/&lt;b&gt;" in page
    assert "<b>" not in page
    assert f"/accounts/{ACCOUNT.id}" in page


# What only whoever runs FeedHub, or a department, can do.
_NO_CITIZENS_WORK = ("pengelola:", "the desk:", "verified_at", "token", "feedhub ")


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_advises_what_a_citizen_can_do(problem, language):
    health = Health(outcome="no_credential", reason="It wants a token.", remedy="`feedhub credentials add`.")
    answer = advice_in(told(problem, account=ACCOUNT, health=health, alike=ACCOUNT), language)
    assert answer.remedy.endswith((".", "/"))
    assert not [word for word in _NO_CITIZENS_WORK if word in answer.remedy.lower()]
    assert "It wants a token." not in answer.problem


@pytest.mark.parametrize(
    ("problem", "official", "shade"),
    [
        (None, True, "official"),
        (Problem.FAILING, True, "official"),
        (Problem.WITHDRAWN, True, "unknown"),
        (Problem.UNKNOWN, False, "unknown"),
        (Problem.UNVERIFIED, False, "unknown"),
        (Problem.LOOK_ALIKE, False, "danger"),
        (Problem.STOPPED, True, "danger"),
    ],
)
def test_the_sign_is_seen_before_anything_is_read(problem, official, shade):
    site = Site(publisher=Publisher(), public_url="https://k.example")
    verdict = Verdict(
        found=Findings(url="https://x.com/a", account=ACCOUNT, alike=ACCOUNT),
        official=official,
        collected=True,
        problem=problem,
    )
    assert f'class="panel verdict is-{shade}"' in verify_page(site, "https://x.com/a", verdict, ())
