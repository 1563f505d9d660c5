"""`python -m bench`: everything, or the named parts (reading pipe pages)."""

import sys

from bench.reading import compare_reading

PARTS = {"reading": compare_reading}

for name in sys.argv[1:] or PARTS:
    PARTS[name]()
