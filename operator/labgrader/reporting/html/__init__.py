"""A report as one page for the browser, to be read, printed and handed on.

Called by ``cli``. Pure: the page loads nothing and runs nothing, and the same report gives the same
page everywhere.
"""
