"""`python -m demo up` and `python -m demo down`; `make demo` and `make demo-down` call these.

`up` may be repeated and interrupted: what is there already is used, what an earlier run graded
is graded anew. Leaves with 0 only when every score is what it must be. The READMEs' pictures
are drawn by it: `--lang en --picture docs/images/demo.svg`, `--lang ko --picture
docs/images/demo.ko.svg`.
"""

import locale
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from demo import showing, stage
from demo.cast import Part, cast
from demo.clusters import UP, Place, remove
from demo.errors import DemoError
from demo.installation import install, uninstall
from demo.progress import Progress
from demo.texts import TEXTS, Texts
from demo.watching import Scene, Seen, watch
from labgrader.api.names import LANGS

_PATIENCE_SECONDS = 360


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DemoError as error:
            raise click.ClickException(str(error)) from error


def _language() -> str:
    spoken, _ = locale.getlocale()
    return "ko" if (spoken or "").lower().startswith(("ko", "korean")) else "en"


def _cluster(command: Callable[..., None]) -> Callable[..., None]:
    choice = click.Choice(list(UP))
    where = "local: made here without Docker; kind; current: your kube-context."
    return click.option(
        "--cluster", "choice", type=choice, default="local", show_default=True, help=where
    )(command)


@click.group(cls=_Group)
def main() -> None:
    """Watch three learners being graded."""


@main.command()
@_cluster
@click.option("--lang", type=click.Choice(LANGS), default=_language, help="Of what is shown.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Write the end as an SVG."
)
def up(choice: str, lang: str, picture: Path | None) -> None:
    """Set everything up, grade, and show what came of it."""
    progress, parts, texts = Progress(), cast(), TEXTS[lang]
    place = UP[choice](progress)
    stage.clear(place.kubectl, parts, progress)
    install(place, progress)
    scene = _grade(place, parts, lang, progress)
    showing.show_end(scene, parts, lang, texts, Console())
    showing.show_commands(place.reach, parts, texts, Console())
    if picture:
        showing.picture(scene, parts, lang, texts, picture)
    sys.exit(_verdict(scene, parts, texts))


@main.command()
@_cluster
def down(choice: str) -> None:
    """Remove the demo, and its cluster where the demo made it."""
    progress = Progress()
    if not remove(choice, progress):
        kubectl = UP[choice](progress).kubectl
        stage.clear(kubectl, cast(), progress)
        uninstall(kubectl, progress)


def _grade(place: Place, parts: Sequence[Part], lang: str, progress: Progress) -> Scene:
    stage.prepare(place.kubectl, parts, progress)
    stage.work(place.kubectl, parts, progress)
    stage.submit(place.kubectl, parts, lang, progress)
    scenes = watch(place.kubectl, parts, _PATIENCE_SECONDS)
    return showing.show_live(scenes, parts, lang, TEXTS[lang], Console())


def _verdict(scene: Scene, parts: Sequence[Part], texts: Texts) -> int:
    """The exit status: 0 when every score is what it must be."""
    wrong = [part for part in parts if not part.as_expected(scene.of(part).score)]
    if not wrong:
        click.secho(f"\n{texts['right'].format(count=len(parts))}", fg="green")
        return 0
    click.secho(f"\n{texts['wrong']}", fg="red", err=True)
    for part in wrong:
        click.echo(f"  {_difference(part, scene.of(part), texts)}", err=True)
    if not scene.settled(parts):
        click.echo(f"  {texts['patience'].format(seconds=_PATIENCE_SECONDS)}", err=True)
    return 1


def _difference(part: Part, seen: Seen, texts: Texts) -> str:
    """The score that is wrong, and the checks that made it so."""
    told = (
        texts["no-score"].format(result=texts[seen.result])
        if seen.score is None
        else texts["scored"].format(score=seen.score)
    )
    place = f"{part.learner} {part.exercise}"
    line = texts["expected"].format(place=place, least=part.work.least, seen=told)
    checks = (
        f"\n    {check['name']}: {check.get('message', check['outcome'])}"
        for check in seen.checks
        if check["outcome"] != part.work.outcomes.get(check["name"], check["outcome"])
    )
    return line + "".join(checks)


if __name__ == "__main__":
    main()
