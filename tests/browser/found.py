"""Where a Chromium is, and what is said where there is none."""

import shutil

NO_CHROMIUM = "no Chromium here: `make test-browser` installs it on Debian (apt-get install chromium)"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The first Chromium on the path, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)
