"""Set-up, tests and servers on a developer's machine."""
