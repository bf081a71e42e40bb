"""Programs for working on this repository; not a part of the product."""
