"""Files of pictures, wherever fsspec can keep them."""

from uuid import UUID

import pytest

from feedhub.errors import SettingRefused
from feedhub.store.picture_files import PictureFiles

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("place", ["{folder}/new/pictures", "file://{folder}/pictures", "memory://pictures"])
def test_files_are_written_read_and_dropped_by_picture(place, tmp_path):
    files = PictureFiles(place.format(folder=tmp_path))
    assert files.read(ONE, "320.jpg") is None
    files.drop(ONE)
    files.write(ONE, [("320.jpg", b"a"), ("320.webp", b"b")])
    files.write(OTHER, [("320.jpg", b"c")])
    files.write(ONE, [("320.jpg", b"again")])
    assert files.read(ONE, "320.jpg") == b"again"
    assert files.read(ONE, "640.jpg") is None
    files.drop(ONE)
    assert [files.read(ONE, name) for name in ("320.jpg", "320.webp")] == [None, None]
    assert files.read(OTHER, "320.jpg") == b"c"


@pytest.mark.parametrize("address", ["nothing://bucket/x", "s3x://bucket"])
def test_store_that_nobody_knows_is_refused_in_one_sentence(address):
    with pytest.raises(SettingRefused, match="FEEDHUB_PICTURES_STORE"):
        PictureFiles(address)


def test_nothing_is_made_until_something_is_written(tmp_path):
    PictureFiles(str(tmp_path / "pictures")).read(ONE, "320.jpg")
    assert not list(tmp_path.iterdir())
