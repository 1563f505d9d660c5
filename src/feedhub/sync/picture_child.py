"""A picture child: decodes strangers' pictures where a hostile one can be stopped.

Run as `python -m feedhub.sync.picture_child SECONDS BYTES`; takes length-prefixed pictures on its
standard input, answers in MessagePack on its standard output, and ends when its parent does.
"""

from feedhub.posts.picture_copies import Thumbnails
from feedhub.sync.child import serve_tasks
from feedhub.sync.tasks import ENCODER, PictureDone
from feedhub.views.thumbnails import thumbnails


def main() -> None:
    """Serve pictures until the parent closes the pipe."""
    serve_tasks(bytes, lambda content: ENCODER.encode(_done(content)))


def _done(content: bytes) -> PictureDone:
    found = thumbnails(content)
    return PictureDone(made=found) if isinstance(found, Thumbnails) else PictureDone(refused=found)


if __name__ == "__main__":
    main()
