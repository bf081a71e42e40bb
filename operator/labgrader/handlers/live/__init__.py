"""Live grading: what the checks would come to now, shown while learners work.

Started by ``handlers.operate``. Writes ``status.live`` and nothing else; must not grade
(docs/decisions/0026-live-grading.md).
"""
