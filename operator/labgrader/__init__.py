"""labgrader grades hands-on Kubernetes lab exercises by what the cluster really does.

The packages are layers; imports point down only (``pyproject.toml``, import-linter):
cli > handlers > cluster, reporting > grading > checks > evidence > api.
"""
