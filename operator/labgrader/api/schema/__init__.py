"""Makes the CRDs and the editor's JSON schema from the models of ``api``.

``make generate`` runs ``python -m labgrader.api.schema``; ``make check`` runs it with
``--check``. Nothing else imports this package, and the running program never needs it.
"""
