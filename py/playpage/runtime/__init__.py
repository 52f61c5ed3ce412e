"""Runs a program in the page's worker: packages, stand-ins, the script, the ASGI call.

`bridge` is the only module that touches JavaScript; the others are plain Python. The worker
(js/worker/) calls `bridge` and `wake`, nothing else. This package may import `playpage.patches`,
through which it changes third parties, and `httpx_pyfetch`; nothing of `playpage.chat`.
"""
