"""For those who work on playpage: serving, testing, locking. May import every other room."""
