"""The desk and its public log in the API's description."""

from typing import Any

from feedhub.posts.acts import ActKind, ActName
from feedhub.web import examples
from feedhub.web.openapi_answers import SCHEMA, get
from feedhub.web.problems import ACT_REFUSED, MEDIA_TYPE, NARROW, NO_KEY, NOT_KNOWN, REFUSED, Problem

Json = dict[str, Any]  # JSON as OpenAPI defines it

_JSON = "application/json"
_SECURITY: list[Json] = [{"key": []}]
_POST = examples.POST["id"]
_ENTRY: Json = {
    "number": 1,
    "at": "2026-11-20T01:00:00Z",
    "actor": "desk",
    "kind": "withdrawal",
    "subject": _POST,
    "department": "dinkes",
    "change": 1204,
    "reason": "Jadwal ini keliru.",
    "before": "0" * 64,
}
_HASH = "a0b2c4d6e8f00112233445566778899aabbccddeeff00112233445566778899a"
_LOGGED: Json = {**_ENTRY, "hash": _HASH, "told": 12, "acknowledged": 9}
_LOG: Json = {"entries": [_LOGGED], "next": None, "head": {"number": 1, "hash": _HASH}}
_DONE: Json = {"state": "done", "entry": _ENTRY, "proposal": None}
_PROPOSAL: Json = {
    "id": 3,
    "act": "reinstate",
    "subject": _POST,
    "department": "dinkes",
    "reason": "Jadwal ini ternyata benar.",
    "redact": False,
    "since": None,
    "actor": "desk",
    "at": "2026-11-20T01:00:00Z",
}
_WORDS = {
    ActName.WITHDRAW: "Take a post back",
    ActName.CORRECT: "Let a public notice stand beside a post",
    ActName.REINSTATE: "Show a withdrawn post again",
    ActName.STOP: "Stop an account: withdraw what it said since a moment, hold everything new",
    ActName.LIFT: "End a stop",
}


def desk_paths() -> Json:
    """What the desk's programs ask, with a key of the scope `desk`; and the log, which anybody reads."""
    acts = {f"/api/v1/desk/{name}": {"post": _act(name)} for name in _WORDS}
    decided = {
        f"/api/v1/desk/proposals/{{id}}/{word}": {"post": _deciding(f"{word.title()} what somebody else proposed")}
        for word in ("confirm", "reject")
    }
    return acts | decided | {"/api/v1/desk/proposals": {"get": _proposals()}} | _log_paths()


def desk_schemas() -> Json:
    """The shapes of acts, of what became of them, and of the log."""
    text: Json = {"type": "string"}
    entry = _shape(_ENTRY, kind={**text, "enum": list(ActKind)}, change={"type": ["integer", "null"]})
    logged = _shape(_LOGGED, kind={**text, "enum": list(ActKind)}, change={"type": ["integer", "null"]})
    optional: Json = {"anyOf": [{"$ref": f"{SCHEMA}LogEntry"}, {"type": "null"}]}
    state = {**text, "enum": ["done", "unchanged", "proposed", "rejected"]}
    page = {
        "entries": {"type": "array", "items": {"$ref": f"{SCHEMA}LoggedAct"}},
        "next": {"type": ["string", "null"], "format": "uri"},
        "head": _shape(_LOG["head"]),
    }
    return {
        "ActBody": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {**text, "format": "uuid"},
                "reason": {**text, "maxLength": 500, "description": "Public, and needed but for a lift."},
                "redact": {"type": "boolean", "description": "A correction: show what was said earlier nowhere."},
                "since": {**text, "description": "A stop: since when it counts."},
            },
        },
        "LogEntry": entry,
        "LoggedAct": logged,
        "LogPage": {"type": "object", "required": list(page), "properties": page},
        "Acted": _shape(_DONE, state=state, entry=optional, proposal={"type": ["integer", "null"]}),
        "Proposal": _shape(_PROPOSAL, since={"type": ["string", "null"]}, act={**text, "enum": list(ActName)}),
    }


def _act(name: ActName) -> Json:
    example: Json = {"id": _POST, "reason": _ENTRY["reason"]}
    if name is ActName.STOP:
        example["since"] = "2026-11-20T08:00:00+07:00"
    return {
        "summary": _WORDS[name],
        "description": "Twice changes nothing more. 202: it waits for a second person.",
        "security": _SECURITY,
        "parameters": [],
        "requestBody": {
            "required": True,
            "content": {_JSON: {"schema": {"$ref": f"{SCHEMA}ActBody"}, "example": example}},
        },
        "responses": {"200": _acted("Done, or so already."), "202": _acted("Proposed.")}
        | _problems(NO_KEY, NARROW, NOT_KNOWN, ACT_REFUSED, REFUSED),
    }


def _deciding(summary: str) -> Json:
    return {
        "summary": summary,
        "security": _SECURITY,
        "parameters": [_in_path("id", 3)],
        "responses": {"200": _acted("Decided.")} | _problems(NO_KEY, NARROW, NOT_KNOWN, ACT_REFUSED),
    }


def _proposals() -> Json:
    listed = {"type": "object", "properties": {"proposals": {"type": "array", "items": _ref("Proposal")}}}
    media = {"schema": listed, "example": {"proposals": [_PROPOSAL]}}
    return {
        "summary": "Acts that wait for a second person",
        "security": _SECURITY,
        "parameters": [],
        "responses": {"200": {"description": "OK", "content": {_JSON: media}}} | _problems(NO_KEY, NARROW),
    }


def _log_paths() -> Json:
    numbers: list[Json] = [
        {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}, "example": 0},
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": 1_000, "default": 50},
            "example": 50,
        },
    ]
    acknowledge = {
        "summary": "Say by your key that you read of an act",
        "description": "The log counts who did; it never says who.",
        "security": _SECURITY,
        "parameters": [_in_path("number", 1)],
        "responses": {"200": {"description": "Noted.", "content": {_JSON: {"schema": _ref("LoggedAct")}}}}
        | _problems(NO_KEY, NOT_KNOWN),
    }
    log = get(
        "The public log of the desk's acts, oldest first",
        "Each entry is hashed with the hash of the one before, so anybody can check it.",
        numbers,
        {_JSON: {"schema": _ref("LogPage"), "example": _LOG}},
        REFUSED,
    )
    return {"/api/v1/log": log, "/api/v1/log/{number}/acknowledge": {"post": acknowledge}}


def _acted(description: str) -> Json:
    return {"description": description, "content": {_JSON: {"schema": _ref("Acted"), "example": _DONE}}}


def _ref(shape: str) -> Json:
    return {"$ref": f"{SCHEMA}{shape}"}


def _in_path(name: str, example: int) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}, "example": example}


def _shape(example: Json, **told: Json) -> Json:
    """An object with the keys of an example; what is not told is of the type that it has there."""
    types = {bool: "boolean", int: "integer", str: "string"}
    properties = {name: told.get(name) or {"type": types[type(value)]} for name, value in example.items()}
    return {"type": "object", "required": list(example), "properties": properties}


def _problems(*problems: Problem) -> Json:
    content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
    return {
        str(problem.status): {"description": f"{problem.title}. {problem.meaning}", "content": content}
        for problem in problems
    }
