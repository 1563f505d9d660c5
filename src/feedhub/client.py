"""A small client of the public API; imports nothing of FeedHub."""
