"""Writes the reference page of every check kind, and the list of them, into ``docs/reference``.

``make generate`` runs ``python -m tools.kinds``; ``make check`` runs it with ``--check``. What a
page says by hand stands above its marker and is kept; all below is made from the params model,
the judge's source, the texts, and the kind's worked example.
"""
