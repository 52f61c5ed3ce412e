"""The smallest example: a plain script. What it prints appears in the console."""

import platform

print("Hello from Python", platform.python_version())
print("1 + 1 =", 1 + 1)
