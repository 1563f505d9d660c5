"""How the API's description tells of a question and its answers."""

from typing import Any

from feedhub.web import examples
from feedhub.web.problems import BUSY, GONE, MEDIA_TYPE, REFUSED, Problem

Json = dict[str, Any]  # JSON as OpenAPI defines it

SCHEMA = "#/components/schemas/"
_JSON = "application/json"


def get(summary: str, description: str, parameters: list[Json], content: Json, *problems: Problem) -> Json:
    operation: Json = {
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": "OK", "content": content}}
        | {str(problem.status): _problem(problem) for problem in (*problems, BUSY)},
    }
    if description:
        operation["description"] = description
    return {"get": operation}


def _problem(problem: Problem) -> Json:
    media: Json = {"schema": {"$ref": f"{SCHEMA}Problem"}}
    if problem is REFUSED:
        media["example"] = examples.REFUSED_EXAMPLE
    if problem is GONE:
        media["example"] = examples.GONE_EXAMPLE
    return {"description": f"{problem.title}. {problem.meaning}", "content": {MEDIA_TYPE: media}}


def one(shape: str, example: object) -> Json:
    return {_JSON: {"schema": {"$ref": f"{SCHEMA}{shape}"}, "example": example}}


def page(name: str, example: object) -> Json:
    return {_JSON: {"schema": {"$ref": f"{SCHEMA}{name.title()}Page"}, "example": {name: [example], "next": None}}}
