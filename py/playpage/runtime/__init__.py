"""Runs a program in the page's worker: packages, stand-ins, the script, the ASGI call.

`bridge` is the only module that touches JavaScript; the others are plain Python.
The worker (js/worker/) imports `bridge` and nothing else.
"""
