"""Pure renderers of a finished grading: the status, and the sentences that people read."""
