"""Links that carry a program: the two formats, keys in them, and what may not be in one."""
