"""The demo city and the loopback stand-ins of its platforms."""
