"""The documents rebuilt and trained, and networks beside them. `python -m examples` runs all."""
