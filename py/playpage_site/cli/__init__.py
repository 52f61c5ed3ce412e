"""The commands of build.py: each reads its arguments, calls the other rooms, and prints.

May use `site`, `links`, `registry` and `common`.
"""
