"""A raw-socket HTTP/1.1 server that records what really went over the wire."""
