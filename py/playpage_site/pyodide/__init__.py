"""Runs the site's own Pyodide at build time, and keeps the results: byte code, a snapshot.

May import `packs`, `registry` and `common`. `warm_up.py` and `compile_in_pyodide.py` run inside
Pyodide, where only the page's own Python packages are there.
"""
