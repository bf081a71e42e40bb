"""What the demo tells when it cannot go on. Printed by `demo.__main__`, without a traceback."""


class DemoError(Exception):
    """A whole sentence or more: what is wrong, and what to do about it."""
