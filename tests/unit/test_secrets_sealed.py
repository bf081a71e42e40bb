"""No value of a Secret gets into evidence: not by any road that an API server's answer has."""

import json
import re
from base64 import b64encode
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.objects import Objects
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Found, Items
from labgrader.evidence.bundle import written
from labgrader.evidence.packing import unpack
from labgrader.evidence.record import record
from labgrader.evidence.requests import GetObject, ListObjects
from tests.unit.evidence.bundles import some_bundle
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

PLAIN = {"password": "correct horse", "이름": "비밀번호", "binary": "\x00\x01tls key", "empty": ""}
ENCODED = {name: b64encode(text.encode()).decode() for name, text in PLAIN.items()}
GET = GetObject("kim", "v1", "Secret", "db")
LIST = ListObjects("kim", "v1", "Secret")


def secret() -> dict[str, Any]:
    annotations = {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"data": ENCODED}),
        "objectset.rio.cattle.io/applied": "H4sIAAAA",
        "some-tool/remembers": f"password={PLAIN['password']}",
        "other-tool/remembers": f"data: {ENCODED['password']}",
        "harmless": "kept",
    }
    fields: dict[str, Any] = {f"f:{name}": {} for name in PLAIN}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "db",
            "namespace": "kim",
            "uid": "s",
            "annotations": annotations,
            "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:data": fields}}],
        },
        "type": "Opaque",
        "data": ENCODED,
    }


async def api_server(request: web.Request) -> web.StreamResponse:
    if request.path.endswith("/secrets/db"):
        return web.json_response(secret())
    items = {"metadata": {"resourceVersion": "7"}, "items": [secret()]}
    return web.json_response(items)


async def looked(key: bytes) -> tuple[Found, Items]:
    async with serving(api_server) as address, talking_to(address) as client:
        objects = Objects(client, Resources(client), key)
        one, all_ = await objects.look(GET), await objects.look(LIST)
    assert isinstance(one, Found)
    assert isinstance(all_, Items)
    return one, all_


async def test_no_bundle_holds_a_plain_secret() -> None:
    one, all_ = await looked(b"key")
    kept = record({GET: one, LIST: all_}, {"there": {GET: one}})
    _, packed = written(some_bundle(kept))
    text = unpack(packed.file)[1].decode()
    for name in ("password", "이름", "binary"):
        assert name in text, "the names are evidence"
        assert PLAIN[name] not in text
        assert json.dumps(PLAIN[name])[1:-1] not in text
        assert ENCODED[name] not in text
    assert "H4sIAAAA" not in text
    assert text.count('"annotations":{"harmless":"kept"}') == 2


@pytest.mark.parametrize("name", PLAIN)
async def test_a_digest_tells_the_length_and_needs_the_key(name: str) -> None:
    (one, _), (other, _) = await looked(b"key"), await looked(b"another")
    digest = one.object["data"][name]
    assert re.fullmatch(rf"hmac-sha256:[0-9a-f]{{64}};{len(PLAIN[name].encode())}", digest)
    assert digest != other.object["data"][name]
    assert digest == (await looked(b"key"))[1].objects[0]["data"][name]
