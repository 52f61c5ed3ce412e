"""Runs the site's own Pyodide at build time, and keeps what came of it."""
