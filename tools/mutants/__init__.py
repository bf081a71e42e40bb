"""`make mutants`: is every line of the judges held by a test? See `__main__`."""
