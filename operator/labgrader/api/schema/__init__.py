"""Makes the CRDs and the editor's JSON schema from the models of ``api``.

``make generate`` runs ``python -m labgrader.api.schema``; ``make check`` runs it with
``--check``. Of the running program only ``api.templates`` needs it, for what takes a template.
"""
