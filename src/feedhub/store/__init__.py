"""Where it is kept: tables, sessions, the clock and the named questions."""
