"""The exercise's questions as learners read them: in the task of their Submission's status.

Called by ``reporting.status``. Must not tell what is right: only the question, its options, and
how an answer is written. Pure.
"""

from collections.abc import Iterator, Sequence

from labgrader.api.kinds import Asks
from labgrader.grading.plan import Plan
from labgrader.reporting.messages import text


def questions(plan: Plan, lang: str) -> str:
    """All questions, in markdown; nothing where there are none."""
    asked = [check.params for check in plan.exercise.spec.checks if check.kind == "asks"]
    if not asked:
        return ""
    head = f"\n\n## {text('Questions', {}, lang)}\n\n{text('HowToAnswer', {}, lang)}"
    parts = ("\n".join(_lines(params, lang)) for params in asked)
    return "\n\n".join([head, _example(asked), *parts]) + "\n"


def _example(asked: Sequence[Asks]) -> str:
    """What to write where, with the questions' names."""
    lines = ["```yaml", "spec:", "  answers:"]
    for params in asked:
        lines += [f"  - name: {params.name}", '    value: "…"']
    return "\n".join([*lines, "```"])


def _lines(params: Asks, lang: str) -> Iterator[str]:
    yield f"### {params.name}\n"
    yield f"{params.question.render(lang).strip()}\n"
    for option in params.options:
        yield f"- `{option.name}`: {option.text.render(lang)}"
    if params.options:
        yield ""
    yield _form(params, lang)


def _form(params: Asks, lang: str) -> str:
    if params.choice is not None:
        return text("ChooseOne", {}, lang)
    if params.choices is not None:
        return text("ChooseSeveral", {}, lang)
    if params.number is not None and params.number.unit is not None:
        return text("NumberInUnit", {"unit": params.number.unit}, lang)
    return text("PlainNumber" if params.number is not None else "FewWords", {}, lang)
