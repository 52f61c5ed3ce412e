"""Puts the built site together; the sole writer of build/.

May use `pyodide`, `packs`, `registry` and `common`.
"""
