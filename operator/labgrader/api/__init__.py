"""What people write and read: the LabExercise and Submission kinds as pydantic models.

Every other package reads these; nothing here does I/O or knows a cluster.
"""
