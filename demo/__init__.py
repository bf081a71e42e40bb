"""`make demo`: a real Kubernetes grades three learners while you watch.

Kim solves every exercise, Lee makes the mistakes that learners make, Park does nothing.
Their work and what it must earn come from `exercises/`; nothing about scores is written
here. Uses the product as its users do: its image, its manifests, its objects. Not a part of
the product and of no use to it.
"""
