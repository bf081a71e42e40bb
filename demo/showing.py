"""Shows the grading to people: a live table on a terminal, plain lines elsewhere, and the end.

Called by `demo.__main__` with what `demo.watching` saw. Decides nothing.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import MappingProxyType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from demo.cast import LEARNERS, LEE, Part
from demo.picture import save
from demo.texts import Texts
from demo.watching import Scene, Seen
from labgrader.api.status import Outcome, Result

_WIDTH = 100
_MARKS = MappingProxyType(
    {
        Outcome.PASSED: ("✔", "green"),
        Outcome.FAILED: ("✘", "red"),
        Outcome.SKIPPED: ("-", "red"),
        Outcome.UNKNOWN: ("?", "yellow"),
        Outcome.ERROR: ("!", "magenta"),
    }
)
_STYLES = MappingProxyType(
    {
        Result.PENDING: "dim",
        Result.GRADING: "cyan",
        Result.PASSED: "green",
        Result.FAILED: "red",
    }
)


def show_live(
    scenes: Iterable[Scene], parts: Sequence[Part], lang: str, texts: Texts, console: Console
) -> Scene:
    """Show the scenes as they come, and return the last one."""
    if console.is_terminal:
        return _on_terminal(scenes, parts, lang, texts, console)
    return _as_lines(scenes, parts, texts, console)


def show_end(
    scene: Scene, parts: Sequence[Part], lang: str, texts: Texts, console: Console
) -> None:
    """The final table, why Lee lost points, and what to type next."""
    console.print()
    console.print(table(scene, parts, lang, texts))
    console.print(_legend(texts))
    console.print()
    console.print(_why(scene, parts, texts))


def show_commands(reach: str, parts: Sequence[Part], texts: Texts, console: Console) -> None:
    """The kubectl commands to look further, on lines of their own for copying."""
    example = next(part for part in parts if part.learner == LEE)
    place = f"-n {example.namespace} --as={LEE}"
    patch = '{"spec":{"attempt":2}}'
    further = (
        reach,
        "kubectl get submissions -A",
        f"kubectl get submission {example.exercise} {place} -o yaml",
        "kubectl get labexercises -n course",
        f"kubectl get deployments,pods {place}",
    )
    mend = (
        f"kubectl set image deployment/web web=web:1 {place}",
        f"kubectl patch submission {example.exercise} {place} --type=merge -p '{patch}'",
        f"kubectl get submission {example.exercise} {place} --watch",
    )
    for title, commands in (("further", further), ("mend", mend)):
        console.print(Text(f"\n{texts[title]}", style="bold"))
        for command in commands:
            console.print(f"  {command}", soft_wrap=True, highlight=False, markup=False)


def picture(scene: Scene, parts: Sequence[Part], lang: str, texts: Texts, file: Path) -> None:
    """Write the end as a picture."""
    with Path("/dev/null").open("w") as nowhere:
        console = Console(
            record=True, file=nowhere, width=_WIDTH, force_terminal=True, color_system="truecolor"
        )
        show_end(scene, parts, lang, texts, console)
        save(console, file)


def table(scene: Scene, parts: Sequence[Part], lang: str, texts: Texts) -> Table:
    """Learners down, exercises across."""
    made = Table(title=f"{texts['title']} ({scene.seconds:.0f} s)", title_justify="left")
    made.add_column(texts["learner"], style="bold", no_wrap=True)
    by_place = {(part.learner, part.exercise): part for part in parts}
    folders = {part.exercise: part.folder for part in parts}
    for folder in folders.values():
        made.add_column(folder.exercise.spec.title.render(lang), overflow="fold")
    for learner in LEARNERS:
        cells = (scene.of(by_place[learner, exercise]) for exercise in folders)
        made.add_row(learner, *(_cell(seen, texts) for seen in cells))
    return made


def _on_terminal(
    scenes: Iterable[Scene], parts: Sequence[Part], lang: str, texts: Texts, console: Console
) -> Scene:
    last = Scene(0)
    with Live(table(last, parts, lang, texts), console=console, transient=True) as live:
        for last in scenes:
            live.update(table(last, parts, lang, texts))
    return last


def _as_lines(
    scenes: Iterable[Scene], parts: Sequence[Part], texts: Texts, console: Console
) -> Scene:
    last = Scene(0)
    for scene in scenes:
        for part in parts:
            now = scene.of(part)
            if now.result != last.of(part).result:
                told = f"{scene.seconds:6.1f} s  {part.learner:5} {part.exercise:13} "
                console.print(Text(told) + _told(now, texts), highlight=False)
        last = scene
    return last


def _cell(seen: Seen, texts: Texts) -> RenderableType:
    if seen.result == Result.GRADING:
        return Spinner("dots", Text(texts[Result.GRADING], style="cyan"))
    if seen.result == Result.PENDING:
        return Text(texts[Result.PENDING], style="dim")
    marks = [_MARKS[Outcome(check["outcome"])] for check in seen.checks]
    return Group(Text.assemble(*marks), _told(seen, texts))


def _told(seen: Seen, texts: Texts) -> Text:
    style = _STYLES.get(Result(seen.result), "yellow")
    score = "" if seen.score is None else f"{seen.score}/{seen.max_score}  "
    return Text(f"{score}{texts[seen.result]}", style=style)


def _legend(texts: Texts) -> Text:
    shown = (Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED)
    parts = [(_MARKS[outcome], f" {texts[f'check-{outcome.lower()}']}   ") for outcome in shown]
    return Text.assemble(*(piece for part in parts for piece in part), style="dim")


def _why(scene: Scene, parts: Sequence[Part], texts: Texts) -> RenderableType:
    told: list[RenderableType] = [Text(texts["why"].format(learner=LEE.title()), style="bold")]
    for part in parts:
        if part.learner == LEE:
            told += _lost(part, scene.of(part))
    return Group(*told)


def _lost(part: Part, seen: Seen) -> Iterable[RenderableType]:
    for check in seen.checks:
        if check["outcome"] != Outcome.PASSED:
            mark, style = _MARKS[Outcome(check["outcome"])]
            points = f"{check.get('earned', '?')}/{check['points']}"
            yield Text.assemble(
                (mark, style), f" {part.exercise} / ", (check["name"], "bold"), f"  {points}"
            )
            yield Padding(Text(check.get("message", "")), (0, 0, 0, 4))
