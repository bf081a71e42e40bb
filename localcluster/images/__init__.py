"""Container images without a registry: assembled here, kept ready for every node.

`oci.py` makes an image from files, `catalog.py` names the images that every
cluster has, `seed.py` unpacks them once for all nodes, `load.py` brings further
images into a running cluster.
"""
