"""What developers of newsrooms copy: a program for each task in each language, with this FeedHub's own address in it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from feedhub.accounts.account import Register
from feedhub.views.messages import speaker
from feedhub.views.page_prose import Listed, prose, sections
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered

_HERE: Final = Path(__file__).with_name("snippets")
# What stands in the files, and becomes the address and a department of the FeedHub that shows them.
_ADDRESS, _DEPARTMENT = "https://kabar.example.go.id", "dinkes"
_LANGUAGES: Final = {"curl": "curl", "python": "Python", "javascript": "JavaScript", "php": "PHP"}
_TASKS: Final = (
    ("newest", "developers_newest", "developers_newest_text"),
    ("follow", "developers_follow", "developers_follow_text"),
    ("listen", "developers_listen", "developers_listen_text"),
    ("receive", "developers_receive", "developers_receive_text"),
    ("prove", "developers_prove", "developers_prove_text"),
    ("ask", "developers_ask", "developers_ask_text"),
)
_MORE: Final[tuple[Listed, ...]] = (
    ("developers_terms", ("developers_terms_text",), ()),
    (
        "developers_kit",
        ("developers_kit_text",),
        (
            "developers_kit_whole",
            "developers_kit_week",
            "developers_kit_wordpress",
            "developers_kit_examples",
            "developers_kit_schemas",
            "developers_kit_openapi",
            "developers_kit_client",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One to copy. `language` is its proper name, `id` unique on the page."""

    id: str
    language: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What programs are for."""

    id: str
    heading: str
    text: Markup
    programs: tuple[Program, ...]


def developers_page(site: Site, known: Register) -> str:
    """Tasks with programs that run as they stand, the terms, and what else there is to take."""
    say = speaker(site.language)
    department = known.departments[0].slug if known.departments else _DEPARTMENT
    tasks = tuple(
        Task(id=id, heading=say(heading), text=prose(site, say(text)), programs=_programs(id, site, department))
        for id, heading, text in _TASKS
    )
    return rendered("developers.html", site, tasks=tasks, sections=sections(site, _MORE, {}))


def _programs(task: str, site: Site, department: str) -> tuple[Program, ...]:
    return tuple(
        Program(
            id=f"{task}-{language}",
            language=proper,
            code=snippet(task, language).replace(_ADDRESS, site.public_url).replace(_DEPARTMENT, department),
        )
        for language, proper in _LANGUAGES.items()
    )


@cache
def snippet(task: str, language: str) -> str:
    """A program as its file has it."""
    return (_HERE / f"{task}.{language}").read_text(encoding="utf-8").rstrip()
