"""The command line. Each command's module is imported only when it is called: start-up counts."""

import importlib

import click

_COMMANDS = {
    "forget": "labgrader.cli.forget:forget",
    "grade": "labgrader.cli.grade:grade",
    "lint": "labgrader.cli.lint:lint",
    "namespace": "labgrader.cli.namespace:namespace",
    "probe": "labgrader.cli.probe:probe",
    "regrade": "labgrader.cli.regrade:regrade",
    "reset": "labgrader.cli.reset:reset",
    "run": "labgrader.cli.run:run",
    "test": "labgrader.cli.selftest:selftest",
}


class _Lazy(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="labgrader")
def main() -> None:
    """Grade hands-on Kubernetes lab exercises by what the cluster really does."""
