"""The README's pictures, beside the programs that make them."""
