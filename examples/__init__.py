"""The documents rebuilt and trained, and networks beside them. `python -m examples` runs all.

The documents are five articles on backpropagation, numbered 000 to 004: see the README.
"""
