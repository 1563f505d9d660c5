"""FeedHub collects the posts of all department accounts and republishes them as one API."""

__version__ = "0.1.0"
