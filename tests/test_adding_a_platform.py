"""Adding a platform touches one source file, its table row and its fixtures: where platforms are named is counted."""

import ast
import re
from pathlib import Path

import pytest

from feedhub.accounts.account import Platform
from feedhub.connectors import CONNECTORS

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src/feedhub/connectors/__init__.py"
PAGE = ROOT / "docs/adding-a-platform.md"


def platforms_in(module: Path) -> set[str]:
    """The platforms that a module's code (not its doctests) names as `Platform.NAME`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Platform"
        and node.attr in Platform.__members__
    }


def is_own(module: Path, platform: str) -> bool:
    """Whether a module is the platform's connector, or a part of it."""
    return module.parent.name == "connectors" and re.fullmatch(rf"{platform.lower()}(_\w+)?", module.stem) is not None


def test_platforms_are_named_in_their_connector_and_in_the_tables_of_the_docs_only():
    named = {
        str(module.relative_to(ROOT))
        for module in (ROOT / "src/feedhub").rglob("*.py")
        if module != TABLE and any(not is_own(module, platform) for platform in platforms_in(module))
    }
    told = set(re.findall(r"^\| `(src/feedhub/[\w/]+\.py)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == told


@pytest.mark.parametrize("platform", Platform)
def test_a_platform_is_one_row_of_the_table_and_one_module_of_its_name(platform):
    assert CONNECTORS[platform].platform is platform
    assert platform.name in platforms_in(ROOT / f"src/feedhub/connectors/{platform}.py")
