"""What `pip install` brings must be enough: migrations, templates, static files, the demo's posts."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]

# Every file of these folders belongs into the wheel at the place named.
CARRIED = {
    "alembic": "feedhub/store/alembic",
    "kit": "feedhub/kit",
    "docs/examples": "feedhub/kit/examples",
    "src/feedhub": "feedhub",
    "src/feedhub_demo": "feedhub_demo",
}
NOT_CARRIED = re.compile(r"(^|/)__pycache__/|\.pyc$")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this tree, built once without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder that holds the wheel's content and nothing else of FeedHub."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-compile", "--target", folder, wheel)
    return folder


def test_wheel_holds_every_file_of_the_packages(wheel):
    held = set(ZipFile(wheel).namelist())
    wanted = {
        f"{place}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, place in CARRIED.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and not NOT_CARRIED.search(file.as_posix())
    }
    assert len(wanted) > 200
    assert not sorted(wanted - held)


def test_wheel_holds_nothing_else(wheel):
    strangers = [
        name for name in ZipFile(wheel).namelist() if not name.startswith(("feedhub/", "feedhub_demo/", "feedhub-"))
    ]
    assert not strangers
    assert not [name for name in ZipFile(wheel).namelist() if NOT_CARRIED.search(name) or name.endswith(".sqlite")]


def test_wheel_carries_its_licence_and_its_command(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files = ZipFile(wheel)
    told = {Path(name).name: name for name in files.namelist() if ".dist-info/" in name}
    assert files.read(told["LICENSE"]) == (ROOT / "LICENSE").read_bytes()
    assert f"License-Expression: {project['license']}" in files.read(told["METADATA"]).decode()
    assert f"feedhub = {project['scripts']['feedhub']}" in files.read(told["entry_points.txt"]).decode()


def test_installed_package_migrates_a_database_far_from_the_repository(installed, tmp_path):
    database = tmp_path / "city.sqlite"
    asked = "from feedhub.store.migrations import migrations_folder; print(migrations_folder())"
    folder = Path(python(installed, tmp_path, "-c", asked).strip())
    assert folder.is_relative_to(installed)
    assert "up to date" in python(
        installed, tmp_path, "-m", "feedhub", "migrate", "--database", f"sqlite:///{database}"
    )
    assert database.stat().st_size > 0


def test_installed_package_shows_pages_and_the_demo_city(installed, tmp_path):
    asked = (
        "from feedhub.views.page_template import STATIC, static_file;"
        "from feedhub_demo.city import DemoCity;"
        "from datetime import UTC, datetime;"
        "DemoCity(now=lambda: datetime.now(UTC), fast=False);"
        "print(min(len(static_file(name)) for name in STATIC))"
    )
    assert int(python(installed, tmp_path, "-c", asked)) > 0


def pip(*arguments: str | Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-cache-dir"]
    command, *rest = (str(argument) for argument in arguments)
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, *options, *rest], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def python(installed: Path, folder: Path, *arguments: str) -> str:
    """What Python prints in `folder`, finding FeedHub in `installed` before the checkout's."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("FEEDHUB_")}
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=settings | {"PYTHONPATH": str(installed)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
