"""Every value of a TOML text is found on its line."""

import tomllib
from datetime import UTC, datetime

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.toml_lines import line_at, lines_of

TEXT = '''# a comment with [brackets] and "quotes"
title = "a # no comment" # 2
"quoted key" . b = [ # 3
  1, [ 2, "]" ], # 4
  { c = """
[not.a.header]
x = 1 """, d = 7 }, # 5
]
when = 2026-11-01 10:00:00 # 9
[ table . "x.y" ] # 10
float = 1.5 # 11
[[array]] # 12
[[array.inner]] # 13
k = \'\'\'
'quoted\'\' \'\'\' # 14
[[array]] # 16
[array.sub] # 17
z = {} # 18
[[array.inner]] # 19
[[array.inner]] # 20
k = 1 # 21'''


def test_every_place_has_its_line():
    lines = lines_of(TEXT)
    assert tomllib.loads(TEXT)
    assert {
        ("title",): 2,
        ("quoted key",): 3,
        ("quoted key", "b"): 3,
        ("quoted key", "b", 0): 4,
        ("quoted key", "b", 1): 4,
        ("quoted key", "b", 1, 1): 4,
        ("quoted key", "b", 2): 5,
        ("quoted key", "b", 2, "c"): 5,
        ("quoted key", "b", 2, "d"): 7,
        ("when",): 9,
        ("table",): 10,
        ("table", "x.y"): 10,
        ("table", "x.y", "float"): 11,
        ("array",): 12,
        ("array", 0): 12,
        ("array", 0, "inner", 0): 13,
        ("array", 0, "inner", 0, "k"): 14,
        ("array", 1): 16,
        ("array", 1, "sub"): 17,
        ("array", 1, "sub", "z"): 18,
        ("array", 1, "inner", 0): 19,
        ("array", 1, "inner", 1): 20,
        ("array", 1, "inner", 1, "k"): 21,
    }.items() <= lines.items()


def test_what_is_missing_has_the_line_of_the_table_around_it():
    lines = lines_of(TEXT)
    assert line_at(lines, ("array", 1, "sub", "missing")) == 17
    assert line_at(lines, ("missing",)) == 0


keys = st.text(st.sampled_from("ab-.\"' #é"), min_size=1, max_size=3)
leaves = (
    st.integers(0, 9)
    | st.text(st.sampled_from("ab#[]{}=\"'\\\n,"), max_size=6)
    | st.just(1.5)
    | st.just(datetime(2026, 11, 1, 10, tzinfo=UTC))
    | st.booleans()
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


@given(st.dictionaries(keys, values, max_size=4))
def test_every_place_of_any_document_is_known(document):
    text = tomlkit.dumps(document)
    lines = lines_of(text)
    count = len(text.split("\n"))
    for path in paths(tomllib.loads(text)):
        assert 1 <= lines[path] <= count, path


def paths(value, path=()):
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))
