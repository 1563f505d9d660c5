"""How we ask: one file a platform, each with fetch, split and read."""
