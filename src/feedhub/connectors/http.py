"""The guarded fetcher."""


class Http:
    """Placeholder for the shape; replaced by the fetcher."""
