"""What is told about an address that somebody asks about: for programs, and in words."""

from typing import NamedTuple

import orjson

from feedhub.accounts.account import Department
from feedhub.accounts.look_alikes import name_at, shown_name
from feedhub.accounts.refusals import PLATFORM_NAMES
from feedhub.posts.post import PostStatus
from feedhub.posts.verdict import Problem, Verdict, is_official
from feedhub.views.api import account_brief
from feedhub.views.api_shapes import VerifyJson
from feedhub.views.messages import is_said, speaker
from feedhub.views.page_outcomes import outcome_words

# Where the remedy is the operator's, what a citizen can do.
_FOR_CITIZENS = {
    Problem.PERSONAL: "verify_personal_citizen",
    Problem.PRIVATE: "verify_private_citizen",
    Problem.UNKNOWN: "verify_unknown_citizen",
    Problem.BRIDGE: "verify_bridge_citizen",
    Problem.UNVERIFIED: "verify_unverified_citizen",
    Problem.OUTAGE: "verify_outage_citizen",
    Problem.FAILING: "verify_failing_citizen",
    Problem.HELD: "verify_held_citizen",
    Problem.WITHDRAWN: "verify_withdrawn_citizen",
    Problem.GONE: "verify_gone_citizen",
    Problem.NOT_SEEN: "verify_not_seen_citizen",
}
_STANDING = ("verify_registered", "verify_standing_official")


class Answer(NamedTuple):
    """Why something is not official or not collected, and what to do, in one language."""

    problem: str
    remedy: str


def verify_document(verdict: Verdict, *, public_url: str) -> bytes:
    """The JSON of an answer; its sentences are English, as in the rest of the API."""
    found = verdict.found
    said = answer_in(verdict, "en")
    post = found.post
    told: VerifyJson = {
        "url": found.url,
        "official": verdict.official,
        "collected": verdict.collected,
        "account": account_brief(found.account) if found.account else None,
        "post": None,
        "problem": said.problem if said else None,
        "remedy": said.remedy or None if said else None,
        "look_alike_of": account_brief(found.alike) if found.alike else None,
    }
    if post is not None and post.was_public:
        told["post"] = {
            "id": post.id,
            "url": f"{public_url}/posts/{post.id}",
            "source_url": post.source_url,
            "status": (PostStatus.GONE if post.status is PostStatus.HELD else post.status).value,
            "version": post.version,
        }
    return orjson.dumps(told)


def answer_in(verdict: Verdict, language: str, owner: Department | None = None) -> Answer | None:
    """Problem and remedy as sentences in the language; None where there is no problem."""
    if verdict.problem is None:
        return None
    say, values = speaker(language), _values(verdict, language, owner)
    remedy = f"verify_{verdict.problem}_remedy"
    return Answer(
        say(f"verify_{verdict.problem}_problem", **values).strip(),
        say(remedy, **values).strip() if is_said(remedy) else "",
    )


def advice_in(verdict: Verdict, language: str, owner: Department | None = None) -> Answer | None:
    """The same for the page: the remedy is what a citizen can do, and nothing is told in a visit's own words."""
    answer = answer_in(verdict, language, owner)
    if answer is None or verdict.problem not in _FOR_CITIZENS:
        return answer
    say, values = speaker(language), _values(verdict, language, owner)
    health = verdict.found.health
    known = outcome_words(health.outcome, language) if health else None
    if verdict.problem is Problem.FAILING and known:
        values["reason"] = known.why
    return Answer(
        say(f"verify_{verdict.problem}_problem", **values).strip(),
        say(_FOR_CITIZENS[verdict.problem], **values).strip(),
    )


def _values(verdict: Verdict, language: str, owner: Department | None) -> dict[str, str]:
    """What the sentences are filled with; names from outside never hold braces that matter."""
    found = verdict.found
    account = found.account
    name = (shown_name(account) or account.key) if account else ""
    reason, remedy = _visit_words(verdict, language)
    notice = found.post.notice.reason if found.post and found.post.notice else ""
    return {
        "url": found.url,
        "name": name,
        "platform": PLATFORM_NAMES[account.platform] if account else "",
        "department": owner.name if owner else (account.department if account else ""),
        "alike": (shown_name(found.alike) or "") if found.alike else "",
        "alike_url": (found.alike.url or shown_name(found.alike) or "") if found.alike else "",
        "standing": speaker(language)(_STANDING[found.alike is not None and is_official(found.alike)]),
        "asked": name_at(found.url) or found.url,
        "reason": reason,
        "visit_remedy": remedy,
        "notice": notice,
    }


def _visit_words(verdict: Verdict, language: str) -> tuple[str, str]:
    health = verdict.found.health
    if health is None or verdict.problem is not Problem.FAILING:
        return "", ""
    known = outcome_words(health.outcome, language)
    if language == "en" or known is None:
        return health.reason or "", health.remedy or ""
    return known.why, known.remedy
