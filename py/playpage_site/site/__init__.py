"""Puts the built site together; the sole writer of build/."""
