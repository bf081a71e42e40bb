"""The picture of an experiment, from its Timeline: lanes for the terminal, and SVG for reports.

Called by ``cli.showing`` and ``reporting.html``. Pure: the same Timeline gives the same
picture everywhere.
"""
