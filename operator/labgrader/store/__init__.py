"""Where bundles of evidence are kept: the only package that knows fsspec. Must not judge."""
