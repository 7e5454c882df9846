"""One customer whole, from the last release."""
