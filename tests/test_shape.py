"""The house's measures: small modules, small functions, words from the department's world."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
# A word that fits everything says nothing; the glossary has a better one.
BANNED = frozenset({"utils", "util", "helpers", "helper", "common", "base", "core", "misc"}) | frozenset(
    {"manager", "handler", "service", "processor", "data", "info", "item", "obj"}
)
# Words of the formats and libraries that these modules speak with.
EXCUSED = (
    (
        re.compile(r"feedhub/(connectors/feed_\w+|views/(rss|jsonfeed)|errors)\.py"),
        "item",
        "RSS and JSON Feed hold items",
    ),
    (re.compile(r"feedhub/connectors/feed_\w+\.py"), "base", "xml:base"),
    (re.compile(r"feedhub/connectors/(guard|asyncio_network)\.py"), "info", "httpcore's get_extra_info"),
    (re.compile(r"feedhub/web/connections\.py"), "data", "asyncio's data_received"),
)
STATIONS = ["accounts", "connectors", "payloads", "posts", "store", "sync", "views", "web", "wires"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(module: Path) -> str:
    return str(module.relative_to(SOURCE))


@pytest.fixture(params=MODULES, ids=name_of)
def module(request) -> Path:
    return request.param


def test_module_fits_on_a_few_screens(module):
    lines = module.read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{name_of(module)} has {lines} lines: split it along a noun, not along a line count"


def test_module_begins_with_one_sentence(module):
    said = ast.get_docstring(tree_of(module)) or ""
    first = said.split("\n", 1)[0].strip()
    assert first, f"{name_of(module)} has no docstring: say in one line what it is"
    assert first.rstrip("`)").endswith((".", "?", "!")), f"{name_of(module)}: its first line is no sentence: {first!r}"


def test_functions_fit_on_a_postcard(module):
    long = {
        function.name: length
        for function in functions_of(module)
        if (length := length_of(function)) > MOST_FUNCTION_LINES
    }
    assert not long, f"{name_of(module)}: {long} lines: give a part of it a name"


def test_names_say_something(module):
    tree = tree_of(module)
    named = [module.stem, *module.relative_to(SOURCE).parts[:-1]]
    named += [node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)]
    excused = {word for place, word, _reason in EXCUSED if place.fullmatch(name_of(module))}
    empty = sorted(name for name in named if empty_words(name) - excused)
    assert not empty, f"{name_of(module)}: {empty} say nothing: take a word from the glossary"


def test_folders_are_the_rivers_stations():
    found = [folder.name for folder in sorted((SOURCE / "feedhub").iterdir()) if folder.is_dir()]
    assert [name for name in found if name != "__pycache__"] == STATIONS


def test_every_ignore_says_its_code_and_reason():
    ignore = re.compile(r"#\s*(noqa|type: ignore)(?P<code>:\s*[A-Z]+[0-9]+|\[[a-z-]+\])?(?P<rest>.*)")
    unsaid = [
        f"{name_of(module)}:{number}: {line.strip()}"
        for module in MODULES
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if (found := ignore.search(line)) and not (found["code"] and re.search("[a-z]{3}", found["rest"]))
    ]
    assert not unsaid, "an ignore without its code or its reason:\n" + "\n".join(unsaid)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("utils", {"utils"}),
        ("feed_utils", {"utils"}),
        ("DataManager", {"data", "manager"}),
        ("handle_data", {"data"}),
        ("_item_of", {"item"}),
        ("database_url", set()),
        ("baseline", set()),
        ("HttpBase", {"base"}),
    ],
)
def test_empty_words_are_found_inside_names(name, found):
    assert empty_words(name) == found


def empty_words(name: str) -> set[str]:
    return {word.lower() for word in re.findall("[A-Z]?[a-z0-9]+|[A-Z]+", name)} & BANNED


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def functions_of(module: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(module)) if isinstance(node, Function))


def length_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: prose is no complexity."""
    end = function.end_lineno or function.lineno
    said = function.body[0]
    is_said = isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str)
    prose = (said.end_lineno or said.lineno) - said.lineno + 1 if is_said else 0
    return end - function.lineno + 1 - prose
