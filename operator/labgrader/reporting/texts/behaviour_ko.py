"""Korean texts of what the checks that run experiments can find."""

TEXTS: dict[str, str] = {}
