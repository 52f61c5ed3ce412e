"""Links that carry a program: the two formats, keys in them, and what may not be in one.

js/link/ is the same in JavaScript, and tests/golden/ holds the two together. May use `common`,
and reads the two data files of js/link/ (dictionary.txt, limits.json).
"""
