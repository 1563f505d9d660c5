"""The shapes of the public contract as JSON Schemas (2020-12), each whole in itself."""

import re
from functools import cache
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.errors import NotKnown
from feedhub.web.openapi_answers import SCHEMA
from feedhub.web.openapi_schemas import api_schemas
from feedhub.web.query import refuse_unknown
from feedhub.web.state import state

router = APIRouter()

Json = dict[str, Any]  # JSON Schema

# By the name in the address: what it is called in the API's description.
SERVED: Final = {
    "post": "Post",
    "posts": "PostsPage",
    "version": "Version",
    "versions": "VersionsPage",
    "change": "Change",
    "changes": "ChangesPage",
    "webhook-event": "WebhookEvent",
    "department": "Department",
    "departments": "DepartmentsPage",
    "account": "Account",
    "accounts": "AccountsPage",
    "kind": "Kind",
    "kinds": "KindsPage",
    "verify": "Verify",
    "keys": "Keys",
    "problem": "Problem",
}
_REFERENCE: Final = re.compile(f'"{SCHEMA}(\\w+)"')


@router.get("/schemas/{name}.json")
async def schema(request: Request, name: str) -> Response:
    refuse_unknown(request.query_params, ())
    if name not in SERVED:
        raise NotKnown("schema", name)
    body = orjson.dumps(schema_document(name, state(request).public_url), option=orjson.OPT_INDENT_2)
    return Response(body, media_type="application/schema+json")


def schema_document(name: str, public_url: str) -> Json:
    """The schema that `/schemas/{name}.json` serves, with every shape that it is made of."""
    shapes, wanted = _shapes(), [SERVED[name]]
    for shape in wanted:  # grows while it is read
        wanted += [each for each in _named_in(shapes[shape]) if each not in wanted]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{public_url}/schemas/{name}.json",
        **_local(shapes[SERVED[name]]),
        "$defs": {each: _local(shapes[each]) for each in sorted(wanted[1:])},
    }


@cache
def _shapes() -> Json:
    return api_schemas()


def _named_in(schema: Json) -> list[str]:
    return list(dict.fromkeys(_REFERENCE.findall(orjson.dumps(schema).decode())))


def _local(schema: Json) -> Json:
    """The schema with what it refers to beside it."""
    local: Json = orjson.loads(_REFERENCE.sub(r'"#/$defs/\1"', orjson.dumps(schema).decode()))
    return local
