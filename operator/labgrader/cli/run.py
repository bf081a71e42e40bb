"""``labgrader run``: the operator, in the cluster or outside with a kubeconfig."""

import asyncio
import gc
import json
import logging
import os
import platform
import signal
import tempfile
import time
import uuid
from pathlib import Path

import click
import uvloop

from labgrader.cluster.configuration import NoCluster
from labgrader.cluster.lease import LeaseLost
from labgrader.evidence.store import StoreTrouble
from labgrader.handlers.operate import operate
from labgrader.handlers.settings import Settings

_YOUNG_OBJECTS = 20_000
"""So many are made between two collections; 700 by default."""


@click.command()
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="Instead of the pod's own.")
@click.option("--context", help="The kube-context; the current one where left out.")
@click.option(
    "--namespace",
    envvar="POD_NAMESPACE",
    default="labgrader-system",
    show_default=True,
    help="Where records of experiments and probe Jobs live.",
)
@click.option(
    "--probe-image",
    envvar="LABGRADER_PROBE_IMAGE",
    default="",
    help="Image of the probe Jobs (the operator's own).",
)
@click.option(
    "--own-cluster",
    envvar="LABGRADER_OWN_CLUSTER",
    is_flag=True,
    help="The cluster is one learner's alone: allow checks that drain a node.",
)
@click.option("--port", default=8080, show_default=True, help="Of /healthz, /readyz, /metrics.")
@click.option(
    "--evidence",
    envvar="LABGRADER_EVIDENCE",
    default="",
    metavar="URL",
    help="Where evidence of gradings is kept: file:///folder, s3://bucket/folder; else nowhere.",
)
@click.option(
    "--evidence-spool",
    envvar="LABGRADER_EVIDENCE_SPOOL",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder where evidence waits for its store (at most 32 MiB).",
)
@click.option(
    "--evidence-count",
    envvar="LABGRADER_EVIDENCE_COUNT",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many gradings of one Submission are kept.",
)
@click.option(
    "--evidence-days",
    envvar="LABGRADER_EVIDENCE_DAYS",
    type=click.IntRange(1, 36_500),
    default=365,
    show_default=True,
    help="For how long they are kept.",
)
def run(
    kubeconfig: Path | None,
    context: str | None,
    namespace: str,
    probe_image: str,
    own_cluster: bool,  # noqa: FBT001 (a flag of the command line)
    port: int,
    evidence: str,
    evidence_spool: Path | None,
    evidence_count: int,
    evidence_days: int,
) -> None:
    """Run the operator until it is told to stop (SIGTERM, Ctrl-C)."""
    _log_json()
    _collect_seldom()
    settings = Settings(
        namespace=namespace,
        probe_image=probe_image,
        own_cluster=own_cluster,
        identity=platform.node(),
        run=f"{platform.node()}-{uuid.uuid4().hex[:8]}",
        kubeconfig=kubeconfig or _environment_kubeconfig(),
        context=context,
        port=port,
        evidence=evidence,
        spool=evidence_spool or Path(tempfile.gettempdir()) / "labgrader-spool",
        evidence_count=evidence_count,
        evidence_days=evidence_days,
    )
    try:
        uvloop.run(_until_stopped(settings))
    except NoCluster as error:
        raise click.ClickException(f"no cluster to connect to: {error}") from error
    except StoreTrouble as error:
        raise click.ClickException(f"no store for evidence: {error}") from error
    except LeaseLost as error:
        raise click.ClickException(f"stopped: {error}") from error


async def _until_stopped(settings: Settings) -> None:
    task = asyncio.ensure_future(operate(settings))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


def _environment_kubeconfig() -> Path | None:
    path = os.environ.get("KUBECONFIG")
    return Path(path) if path else None


def _collect_seldom() -> None:
    """Keep the garbage collector from looking through the program itself again and again.

    A grading makes thousands of short-lived objects, so the collector comes often, and each
    time looks at the hundreds of thousands that the imports made: a fifth of the operator's
    CPU in a burst (docs/decisions/0006-what-a-grading-costs.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)


def _log_json() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("kopf").setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    """One JSON object a line, as log collectors read it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
