"""What an exercise expects of an object's fields: a tree that is compared with the object.

Used by ``checks.matches`` for objects and by ``checks.answers`` for a single text. Pure.
"""
