"""Packs, the form in which the site serves Python's files: many files as one, compressed.

May use `common` alone.
"""
