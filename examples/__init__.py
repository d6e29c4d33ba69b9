"""The documents, rebuilt: one script and one claims file each. `python -m examples` runs them."""
