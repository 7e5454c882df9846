"""Retention: what is kept for how long, and the clearing out at a night's end."""
