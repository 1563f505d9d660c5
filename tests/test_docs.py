"""The documentation says what the code does: tables, commands, addresses, links and examples are held against it."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, get_origin
from urllib.parse import unquote, urlsplit

import pytest
import typer
from pydantic import SecretStr

from feedhub import __version__
from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Need
from feedhub.accounts.kinds import ALIASES, Kind
from feedhub.accounts.register_file import read_register
from feedhub.cli import app
from feedhub.connectors import CONNECTORS
from feedhub.connectors.oauth import PROVIDERS
from feedhub.failures import VisitFailed
from feedhub.settings import Settings
from feedhub.views.page_site import language_of_path
from feedhub.web import problems
from feedhub.web.app import ROUTERS
from feedhub.web.asked import FILTERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted(DOCS.glob("decisions/[0-9]*.md"))
DEPLOYED = [ROOT / "Dockerfile", ROOT / "docker-compose.yml", ROOT / "deploy/feedhub.service"]

TYPES = {str: "text", int: "whole number", float: "number", SecretStr | None: "secret text"}
MOST_PICTURE_BYTES = 300 * 1024
# Where a line of a shell, a unit or a compose file calls us.
COMMAND = re.compile(
    r"(?:^\s*|&& |sudo -u feedhub |exec web |ExecStart=|^\w+=\S+ )(?:\S*bin/)?(feedhub +(?:\"[^\"\n]*\"|[^#|&;>\n\"])+)",
    re.MULTILINE,
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A file of this repository, named in the running text.
NAMED_FILE = re.compile(
    r"`((?:src|tests|docs|deploy|alembic|bench)/[^`*{}… ]+|[\w.-]+\.(?:toml|lock|yml)|Dockerfile|LICENSE)`"
)
# What a reader has, not the repository.
READERS_FILES = {"register.toml"}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def docs_named(name: str) -> str:
    return text_of(DOCS / f"{name}.md")


def rows_under(text: str, header: str) -> list[list[str]]:
    """The cells of the table whose header row begins with `header`."""
    after = text.split(f"\n| {header} |", 1)[1].split("\n")[2:]
    lines = after[: next((number for number, line in enumerate(after) if not line.startswith("|")), len(after))]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]


def fences(page: Path, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text_of(page)) if language in languages]


# Settings


def shown_type(annotation: type) -> str:
    """A closed list of words is text to whoever sets it; its description names them."""
    return "text" if get_origin(annotation) is Literal else TYPES[annotation]


def test_settings_table_is_the_code():
    held = {row[0].strip("`"): row[1:] for row in rows_under(docs_named("settings"), "setting")}
    said = {
        f"FEEDHUB_{name.upper()}": [shown_type(field.annotation), shown_default(field.default), field.description]
        for name, field in Settings.model_fields.items()
    }
    assert held == said


def test_docs_name_no_setting_that_does_not_exist():
    known = {f"FEEDHUB_{name.upper()}" for name in Settings.model_fields} | {
        "FEEDHUB_TEST_POSTGRES",
        "FEEDHUB_NAMESPACE",
        "FEEDHUB_KEY",  # the client's own; it knows no settings
    }
    for page in [*PAGES, *DEPLOYED]:
        assert not set(re.findall(r"FEEDHUB_[A-Z_]+[A-Z]", text_of(page))) - known, name_of(page)


def test_settings_without_effect_are_said_to_have_none():
    read = text_of(ROOT / "src/feedhub/settings.py").partition("\n\n\ndef ")[2]  # what is made of them
    read += "\n".join(text_of(file) for file in (ROOT / "src/feedhub").rglob("*.py") if file.name != "settings.py")
    idle = {f"FEEDHUB_{name.upper()}" for name in Settings.model_fields if not re.search(rf"settings\.{name}\b", read)}
    told = set(re.findall(r"^- `(\w+)` has no effect yet", docs_named("settings"), re.MULTILINE))
    assert told == idle


def shown_default(default: object) -> str:
    if default is None:
        return "none"
    return f"`{default}`" if default != "" else "empty"


# Commands


@cache
def commands() -> dict[str, typer.core.TyperCommand]:
    """Every command by its whole name."""
    return dict(_commands(typer.main.get_command(app), "feedhub"))


def _commands(command, name) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    is_group = hasattr(command, "commands")
    if not is_group or (command.invoke_without_command and name != "feedhub"):  # `feedhub log` says something itself
        yield name, command
    if not is_group:
        return
    for part, below in command.commands.items():
        yield from _commands(below, f"{name} {part}")


def test_commands_table_is_the_code():
    held = {row[0].strip("`"): row[1:] for row in rows_under(docs_named("commands"), "command")}
    assert held == {name: [takes(command), command.help] for name, command in commands().items()}


def takes(command: typer.core.TyperCommand) -> str:
    arguments = [each.metavar or each.name.upper() for each in command.params if each.param_type_name == "argument"]
    options = [each.opts[-1] for each in command.params if each.param_type_name == "option" and each.name != "help"]
    return " ".join(f"`{one}`" for one in arguments + options)


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=name_of)
def test_every_command_that_is_shown_exists(page):
    for written in shown_commands(page):
        assert fault_in(written) is None, f"{name_of(page)}: {written!r}: {fault_in(written)}"


def test_shown_commands_are_found():
    assert "feedhub register import register.toml" in shown_commands(ROOT / "README.md")
    assert any("--no-sync" in written for written in shown_commands(ROOT / "docker-compose.yml"))
    assert any("--host" in written for written in shown_commands(ROOT / "Dockerfile"))
    assert any("--host" in written for written in shown_commands(ROOT / "deploy/feedhub.service"))


def test_commands_that_the_program_itself_names_exist():
    named = {
        written
        for file in (ROOT / "src/feedhub").rglob("*.py")
        for written in re.findall(r"`(feedhub [^`]+)`", text_of(file))
    }
    assert len(named) > 5
    assert not {written for written in named if fault_in(written)}


@pytest.mark.parametrize(
    ("written", "is_faulty"),
    [
        ("feedhub serve --port 8000", False),
        ("feedhub --version", False),
        ("feedhub accounts", False),
        ("feedhub accounts status", False),
        ("feedhub withdraw ID --reason TEXT", False),
        ("feedhub conquer", True),
        ("feedhub serve --ports 8000", True),
        ("feedhub accounts conquer", True),
    ],
)
def test_wrong_commands_are_told_from_right_ones(written, is_faulty):
    assert (fault_in(written) is not None) is is_faulty


def shown_commands(page: Path) -> list[str]:
    """What stands in code as a command of ours: fences, `inline`, and lists in YAML and Docker's JSON."""
    text = text_of(page)
    if page.suffix == ".md":
        shell = "\n".join(body for language, body in FENCE.findall(text) if language in {"", "sh"})
        inline = "\n".join(re.findall(r"`(feedhub [^`]+)`", FENCE.sub("", text)))
        text = f"{shell}\n{inline}"
    else:
        lists = [json.loads(found) for found in re.findall(r'\["feedhub".*?\]', text)]
        text = "\n".join([re.sub(r'\["feedhub".*?\]', "", text), *(" ".join(one) for one in lists)])
    return [found.strip() for found in COMMAND.findall(text)]


def fault_in(written: str) -> str | None:
    _, *words = shlex.split(written.replace("…", ""))
    name = "feedhub"
    while (
        words
        and any(known.startswith(f"{name} {words[0]}") for known in commands())
        and f"{name} {words[0]}" in prefixes()
    ):
        name = f"{name} {words.pop(0)}"
    if name not in commands():
        strangers = [word for word in words if word not in {"--help", "--version"}]
        return f"no command {strangers[0]!r}" if strangers else None
    known = {option for each in commands()[name].params for option in each.opts} | {"--help"}
    return next((f"no option {word}" for word in words if word.startswith("--") and word not in known), None)


@cache
def prefixes() -> frozenset[str]:
    """Every beginning of a command's name: `feedhub accounts`, `feedhub accounts pause`, …"""
    return frozenset(" ".join(name.split()[:count]) for name in commands() for count in range(1, len(name.split()) + 1))


def test_make_targets_that_are_shown_exist():
    targets = set(re.findall(r"^([a-z-]+):.*##", text_of(ROOT / "Makefile"), re.MULTILINE))
    for page in PAGES:
        assert not set(re.findall(r"(?:`|^)make ([a-z-]+)", text_of(page), re.MULTILINE)) - targets, name_of(page)


# Outcomes, metrics, problems


def test_outcomes_table_is_the_code():
    held = {row[0].strip("`"): row[-1] for row in rows_under(docs_named("operations"), "outcome")}
    failures = {failure.outcome: failure.remedy for failure in (VisitFailed, *VisitFailed.__subclasses__())}
    assert {"never", "ok", "not_modified"} <= held.keys()
    assert {name: remedy for name, remedy in held.items() if name in failures} == failures
    assert held.keys() - failures.keys() == {"never", "ok", "not_modified"}


def test_metrics_table_is_the_code():
    written = set(re.findall(r'MetricFamily\(\s*"(feedhub_\w+)"', text_of(ROOT / "src/feedhub/web/metrics.py")))
    counters = set(re.findall(r'CounterMetricFamily\(\s*"(feedhub_\w+)"', text_of(ROOT / "src/feedhub/web/metrics.py")))
    told = {row[0].strip("`") for row in rows_under(docs_named("operations"), "metric")}
    assert told == {f"{name}_total" if name in counters else name for name in written}


def test_problems_table_is_the_code():
    told = {(row[0], row[1].strip("`")) for row in rows_under(docs_named("api"), "status")}
    assert told == {(str(problem.status), problem.name) for problem in problems.PROBLEMS}


# Platforms

PLATFORM_PARTS = [
    "What to ask for, step by step",
    "The credential",
    "What arrives",
    "What it costs",
    "What the terms forbid",
    "How it is followed",
    "Limits",
    "When something is wrong",
]
CREDENTIAL_SAID = {
    Need.NONE: "None is needed.",
    Need.OPTIONAL: "One for all accounts, if you like: `feedhub credentials add {platform}`.",
    Need.PLATFORM: "One for all accounts: `feedhub credentials add {platform}`.",
    Need.ACCOUNT: "One for each account: `feedhub credentials link ACCOUNT`.",
}
PLATFORM_PAGES = [page for page in sorted(DOCS.glob("platforms/*.md")) if page.name != "README.md"]
READ = [platform for platform in Platform if platform is not Platform.INBOX]  # it is written to: docs/inbox.md


def parts_of(page: Path) -> dict[str, str]:
    _, *parts = re.split(r"^## (.+)\n", text_of(page), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_platform_has_a_page_and_is_in_the_table():
    assert {page.stem for page in PLATFORM_PAGES} == {*READ, "bridge"}
    told = {row[0].strip("[`").split("`")[0] for row in rows_under(docs_named("platforms/README"), "platform")}
    assert told == set(Platform)


@pytest.mark.parametrize("page", PLATFORM_PAGES, ids=name_of)
def test_pages_of_platforms_say_the_same_things_in_the_same_order(page):
    parts = parts_of(page)
    assert list(parts) == PLATFORM_PARTS
    assert re.search(r"^1\. ", parts["What to ask for, step by step"], re.MULTILINE)
    assert "| field | from |" in parts["What arrives"]
    outcomes = {failure.outcome for failure in VisitFailed.__subclasses__()}
    for said, *_ in rows_under(parts["When something is wrong"], "status says"):
        assert {name for name in re.findall(r"`([a-z_]+)`", said) if "_" in name} <= outcomes | {"threads_read_replies"}
        assert not re.fullmatch(r"`\w+`", said) or said.strip("`") in outcomes


@pytest.mark.parametrize("platform", READ)
def test_pages_of_platforms_name_the_credential_that_the_connector_needs(platform):
    connector, parts = CONNECTORS[platform], parts_of(DOCS / f"platforms/{platform}.md")
    assert parts["The credential"].strip().startswith(CREDENTIAL_SAID[connector.need].format(platform=platform))
    assert connector.renew is None or "renew" in parts["The credential"]
    assert connector.media_last is None or "renew" in parts["How it is followed"] + parts["Limits"]
    assert connector.allowance is None or f"{connector.allowance.units:,} units" in parts["What it costs"]


def test_logins_ask_for_what_the_docs_say():
    told = {row[0]: re.findall(r"`([\w.]+)`", row[1]) for row in rows_under(docs_named("credentials"), "platform")}
    assert told == {platform.proper: list(provider.scopes) for platform, provider in PROVIDERS.items()}


# Filters and kinds


def test_filters_table_is_the_code():
    told = {name for row in rows_under(docs_named("api"), "parameter") for name in re.findall(r"`(\w+)`", row[0])}
    assert told == FILTERS


def test_kinds_table_is_the_code():
    told = {row[0].strip("`"): row[1].strip("`") for row in rows_under(docs_named("register"), "kind")}
    assert list(told) == [kind.value for kind in Kind]
    assert {alias: Kind(name) for name, alias in told.items()} | {kind.value: kind for kind in Kind} == ALIASES


def test_widget_attributes_are_the_code():
    script = text_of(ROOT / "src/feedhub/views/static/feedhub.js")
    observed = re.search(r"observedAttributes = \[\.\.\.Object\.keys\(FILTERS\), (.*?)\]", script)
    filters = re.search(r"const FILTERS = \{(.*?)\}", script, re.DOTALL)
    assert observed
    assert filters
    told = {name for row in rows_under(docs_named("widget"), "attribute") for name in re.findall(r"`([\w-]+)`", row[0])}
    assert told == {*re.findall(r'"?([\w-]+)"?: "', filters[1]), *re.findall(r'"([\w-]+)"', observed[1])}
    shown = fences(DOCS / "widget.md", "css")[0]
    assert set(re.findall(r"--feedhub-\w+", shown)) == set(re.findall(r"--feedhub-\w+", script))


# Addresses


@cache
def routes() -> tuple:
    return tuple(route for router in ROUTERS for route in router.routes)


def test_every_address_that_is_shown_is_answered():
    for page in PAGES:
        for path in shown_paths(page):
            plain = language_of_path(path)[1]
            assert any(route.path_regex.match(plain) for route in routes()), f"{name_of(page)}: nothing is at {path}"


def test_every_address_is_in_the_docs():
    shown = [path for page in PAGES for path in shown_paths(page)]
    hidden = [route.path for route in routes() if not any(route.path_regex.match(path) for path in shown)]
    assert hidden == ["/static/{name}"]  # our pages' own


def shown_paths(page: Path) -> list[str]:
    """Addresses of ours: whole ones on our examples' hosts, and paths in `code`."""
    text = text_of(page)
    whole = re.findall(r"https?://(?:127\.0\.0\.1:8000|kabar\.example\.go\.id)(/[^\s'\"`<>)]*)?", text)
    inline = re.findall(r"`(/[^`\s]*)`", FENCE.sub("", text))
    paths = [unquote(urlsplit(path or "/").path) for path in whole + inline]
    # Folders of the reader's machine, and a FeedHub below a path.
    return [path for path in paths if not path.startswith(("/var/", "/etc/", "/opt/", "/data/feedhub."))]


# Links and files


def anchors_in(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text_of(page))):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        assert place.exists(), f"{name_of(page)}: {target}"
        assert not anchor or anchor in anchors_in(place), f"{name_of(page)}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page):
    missing = [
        file for file in NAMED_FILE.findall(text_of(page)) if file not in READERS_FILES and not (ROOT / file).exists()
    ]
    assert not missing


def test_every_page_of_the_docs_is_linked():
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    }
    assert not [name_of(page) for page in DOCS.rglob("*.md") if page not in linked]


def test_pictures_are_light_and_described():
    for page in PAGES:
        for said, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of(page)):
            assert len(said) > 20, target
            assert (page.parent / target).stat().st_size <= MOST_PICTURE_BYTES, target


# Examples


@pytest.mark.parametrize("page", [page for page in PAGES if fences(page, "toml")], ids=name_of)
def test_registers_that_are_shown_can_be_imported(page):
    for example in fences(page, "toml"):
        assert read_register(example, name=name_of(page)).departments


@pytest.mark.parametrize("page", [page for page in PAGES if fences(page, "json")], ids=name_of)
def test_json_that_is_shown_is_json(page):
    for example in fences(page, "json"):
        assert json.loads(example)


def test_the_whole_register_shows_every_key():
    longest = max(fences(DOCS / "register.md", "toml"), key=len)
    said = set(re.findall(r"^(\w+) =", longest, re.MULTILINE))
    file = text_of(ROOT / "src/feedhub/accounts/register_file.py")
    keys = "".join(
        re.findall(r"^_(?:PUBLISHER|KIND|DEPARTMENT|ACCOUNT)_KEYS = \((.*?)\)\n", file, re.MULTILINE | re.DOTALL)
    )
    assert said == set(re.findall(r'"(\w+)"', keys)) - {"accounts", "handle"}


# Decisions


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_is_one_page_of_four_parts(page):
    text = text_of(page)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Check"]
    assert re.match(rf"# {page.name[:4]}: \S", text)
    assert len(re.findall(r"^> .+$", text, re.MULTILINE)) == 1, "one line that can be quoted"
    assert text.count("\n") <= 60
    assert NAMED_FILE.search(text.split("## Check")[1]), "names the check that enforces it"


def test_decisions_are_numbered_and_listed():
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    listed = re.findall(r"\((\d{4}[\w.-]+)\)", text_of(DOCS / "decisions/README.md"))
    assert listed == [page.name for page in DECISIONS]


def test_code_names_decisions_that_exist():
    for file in (ROOT / "src").rglob("*.py"):
        for number in re.findall(r"docs/decisions/(\d{4})", text_of(file)):
            assert list(DOCS.glob(f"decisions/{number}-*.md")), name_of(file)


# The project's papers


def test_changelog_begins_with_this_version():
    assert re.search(r"^## \[([^\]]+)\]", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)[1] == __version__


def test_licence_is_whole_and_the_one_that_is_named():
    licence = text_of(ROOT / "LICENSE")
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert licence.lstrip().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [int(number) for number in re.findall(r"^    (\d+)\. [A-Z]", licence, re.MULTILINE)] == list(range(1, 16))
    assert licence.rstrip().endswith("EUPL version.")


# Images and services


def test_only_the_web_opens_a_port():
    services = compose_services()
    assert [name for name, text in services.items() if re.search(r"^    ports:", text, re.MULTILINE)] == ["web"]


def test_every_service_says_how_it_restarts_and_is_watched():
    for name, text in compose_services().items():
        assert re.search(r"^    restart: ", text, re.MULTILINE), name
        assert name == "web" or re.search(r"^    healthcheck:", text, re.MULTILINE), name  # the image's own


def test_services_wait_for_the_schema():
    services = compose_services()
    assert "db" in services
    for name in services.keys() - {"db"}:
        assert "db: {condition: service_healthy}" in services[name], name
    for name in services.keys() - {"db", "migrate"}:
        assert "migrate: {condition: service_completed_successfully}" in services[name], name


def test_image_holds_no_secret_and_no_root():
    text = text_of(ROOT / "Dockerfile")
    assert re.search(r"^USER feedhub$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert "/livez" in text
    assert not re.search(r"SECRET|PASSWORD|TOKEN", text)
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists()
            assert f"!{name}\n" in text_of(ROOT / ".dockerignore")


def compose_services() -> dict[str, str]:
    """The text of each service, by name."""
    block = text_of(ROOT / "docker-compose.yml").split("\nservices:\n")[1].split("\nnetworks:\n")[0]
    parts = re.split(r"^  (\w+):\n", block, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
