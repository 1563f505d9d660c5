"""What it means: the normal form of a post and the pure rules that make it."""
