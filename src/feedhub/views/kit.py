"""The consumers' kit as one file to take along: the recorded week with its replay, the plugin, the examples."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import feedhub

MEDIA_TYPE: Final = "application/zip"
_FOLDER: Final = "feedhub-kit"
_PACKAGED: Final = Path(feedhub.__file__).with_name("kit")
_SOURCES: Final = Path(feedhub.__file__).parents[2]


@cache
def kit_archive() -> bytes:
    """The same bytes as long as the files are the same."""
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for name, file in sorted(_files().items()):
            entry = ZipInfo(f"{_FOLDER}/{name}")  # its time is 1980, whenever it is packed
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return body.getvalue()


def _files() -> dict[str, Path]:
    """Where each file of the kit is: in the package, or in the sources that run as they are."""
    if _PACKAGED.is_dir():
        return _below(_PACKAGED, "")
    return _below(_SOURCES / "kit", "") | _below(_SOURCES / "docs/examples", "examples/")


def _below(folder: Path, prefix: str) -> dict[str, Path]:
    return {
        f"{prefix}{file.relative_to(folder).as_posix()}": file
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
