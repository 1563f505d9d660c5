"""The files of our copies of pictures: in a folder, or wherever else fsspec can keep bytes."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from fsspec.core import url_to_fs

from feedhub.errors import SettingRefused

# What fsspec and its stores raise where bytes can't be had just now.
TROUBLE = (OSError, ValueError)


class PictureFiles:
    """Files by picture and name. `address`: a folder, or an address such as `s3://bucket/pictures`.

    Calls block: ask from a thread. Nothing is made until something is written.

    Raises:
        SettingRefused: no such kind of store is known, or what speaks to it is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            self._system, self._root = url_to_fs(address)
        except ImportError:
            raise SettingRefused(
                f"FEEDHUB_PICTURES_STORE names {address.partition(':')[0]}, for which something is missing here;"
                " install FeedHub with it, for S3 as `feedhub[s3]`."
            ) from None
        except ValueError:
            raise SettingRefused("FEEDHUB_PICTURES_STORE must be a folder or an address of fsspec's.") from None

    def write(self, picture: UUID, files: Iterable[tuple[str, bytes]]) -> None:
        """Write files of a picture, by name."""
        folder = self._folder(picture)
        self._system.makedirs(folder, exist_ok=True)
        for name, content in files:
            self._system.pipe_file(f"{folder}/{name}", content)

    def read(self, picture: UUID, name: str) -> bytes | None:
        """A file of a picture; None where there is none."""
        try:
            return self._system.cat_file(f"{self._folder(picture)}/{name}")
        except FileNotFoundError:
            return None

    def drop(self, picture: UUID) -> None:
        """Remove every file of a picture; twice is once."""
        with suppress(FileNotFoundError):
            self._system.rm(self._folder(picture), recursive=True)

    def _folder(self, picture: UUID) -> str:
        # A folder of a hundred thousand folders is slow on many systems.
        return f"{self._root}/{picture.hex[:2]}/{picture.hex}"
