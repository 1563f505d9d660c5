"""Who asks: the HTTP surface."""
