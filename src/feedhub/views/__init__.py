"""How it is shown: one file a format, pure functions of a channel."""
