"""`python -m bench`: everything, or the named parts (reading children pipe unchanged pages)."""

import sys

from bench.pages import compare_pages
from bench.pipe import compare_pipe
from bench.reading import compare_children, compare_reading
from bench.unchanged import compare_unchanged

PARTS = {
    "reading": compare_reading,
    "children": compare_children,
    "pipe": compare_pipe,
    "unchanged": compare_unchanged,
    "pages": compare_pages,
}

for name in sys.argv[1:] or PARTS:
    PARTS[name]()
