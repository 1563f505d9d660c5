"""The demo city's pictures: small scenes that are drawn when they are asked for, and kept in memory."""
