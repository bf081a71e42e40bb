"""An aiohttp session to the API server of a kubeconfig that holds certificates.

For the driver and the bare peers; the smallest that works.
"""

import base64
import ssl
import tempfile
from pathlib import Path

import aiohttp
import yaml


def session(kubeconfig: Path, agent: str) -> aiohttp.ClientSession:
    """A session with paths relative to the server. Use as ``async with``."""
    body = yaml.safe_load(kubeconfig.read_text("utf-8"))
    cluster, user = body["clusters"][0]["cluster"], body["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    context = ssl.create_default_context(cadata=authority)
    with tempfile.NamedTemporaryFile(suffix=".pem") as pair:
        pair.write(base64.b64decode(user["client-certificate-data"]) + b"\n")
        pair.write(base64.b64decode(user["client-key-data"]))
        pair.flush()
        context.load_cert_chain(pair.name)
    return aiohttp.ClientSession(
        cluster["server"],
        connector=aiohttp.TCPConnector(ssl=context, limit=100),
        headers={"User-Agent": agent},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
    )
