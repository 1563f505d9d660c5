"""`python -m feedhub` and the `feedhub` command."""

from feedhub.cli import main

if __name__ == "__main__":
    main()
