"""A server of the fediverse on loopback whose one person follows: signatures by libraries that were not written here.

async with following() as reader:
    await reader.follow(f"dinkes@{host}")
    ...
    reader.notes   # what its timeline shows: id -> Note
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from apsig.draft import Signer, Verifier
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from feedhub_demo.platforms.serving import serving_apps

ACTIVITY = "application/activity+json"
SIGNED_BY_RFC = ("@method", "@target-uri", "content-digest")


class Keys(HTTPSignatureKeyResolver):
    """One pair, or the public half of one."""

    def __init__(self, *, private: RSAPrivateKey | None = None, public: str = "") -> None:
        self.private, self.public = private, public

    def resolve_private_key(self, key_id: str) -> RSAPrivateKey:  # noqa: ARG002  # the library's shape
        assert self.private
        return self.private

    def resolve_public_key(self, key_id: str) -> bytes:  # noqa: ARG002  # the library's shape
        return self.public.encode()


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=2048)


@cache
def usual_key() -> RSAPrivateKey:
    """Making one takes half a second of a busy machine."""
    return new_key()


def pem_of(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(
    method: str, url: str, body: bytes, *, key: RSAPrivateKey, key_id: str, form: str = "draft"
) -> dict[str, str]:
    """The headers of a request that a foreign library signs."""
    if form == "draft":
        made = Signer(
            headers={"Content-Type": ACTIVITY}, private_key=key, method=method, url=url, key_id=key_id, body=body
        )
        return {name: value for name, value in made.sign().items() if name.lower() not in {"host", "authorization"}}
    request = httpx.Request(method, url, headers={"content-type": ACTIVITY}, content=body)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=Keys(private=key))
    signer.sign(request, key_id=key_id, covered_component_ids=SIGNED_BY_RFC[:2], body=body)
    wanted = ("content-type", "content-digest", "signature", "signature-input")
    return {name: request.headers[name] for name in wanted}


def form_of(headers: dict[str, str]) -> str:
    return "rfc9421" if "signature-input" in headers else "draft"


def verified_by(method: str, url: str, headers: dict[str, str], body: bytes, *, public: str) -> str:
    """The id of the key that signed a request, in either form. Raises whatever the libraries raise."""
    if form_of(headers) == "draft":
        checked = Verifier(public, method, url, headers, body).verify(raise_on_fail=True)
        assert checked
        return checked
    request = httpx.Request(method, url, headers=headers, content=body)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=Keys(public=public))
    [result] = verifier.verify(request, require_components=SIGNED_BY_RFC, body=body)
    return result.parameters["keyid"]


@dataclass
class Reader:
    """A person and their server. `takes`: the forms of signatures that it accepts; `answer`: a status instead of taking."""

    base: str = ""
    key: RSAPrivateKey = field(default_factory=usual_key)
    takes: frozenset[str] = frozenset({"draft", "rfc9421"})
    answer: int = 0
    is_gone: bool = False
    wants_signed_gets: bool = False
    people: tuple[str, ...] = ("warga",)
    came: list[dict[str, Any]] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/users/{name}", self._actor),
                Route("/users/{name}/inbox", self._inbox, methods=["POST"]),
                Route("/inbox", self._inbox, methods=["POST"]),
            ]
        )

    def id(self, name: str = "warga") -> str:
        return f"{self.base}/users/{name}"

    def _client(self) -> httpx.AsyncClient:
        """Everything is on loopback: reading all authorities for each question would take longer than asking it."""
        return httpx.AsyncClient(verify=False, trust_env=False)

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.came]

    async def actor_of(self, handle: str) -> dict[str, Any]:
        """The actor behind `name@host`, by WebFinger, as a server finds it."""
        host = handle.partition("@")[2]
        async with self._client() as client:
            finger = await client.get(f"http://{host}/.well-known/webfinger", params={"resource": f"acct:{handle}"})
            assert finger.headers["content-type"] == "application/jrd+json"
            [self_link] = [one for one in finger.json()["links"] if one["rel"] == "self"]
            answer = await client.get(self_link["href"], headers={"Accept": self_link["type"]})
            assert answer.json()["id"] == self_link["href"]
            return answer.json()

    async def follow(self, handle: str, *, name: str = "warga", form: str = "draft") -> httpx.Response:
        actor = await self.actor_of(handle)
        follow = {
            "id": f"{self.id(name)}#follow-{handle}",
            "type": "Follow",
            "actor": self.id(name),
            "object": actor["id"],
        }
        return await self.say(actor["inbox"], follow, form=form)

    async def say(self, inbox: str, activity: dict[str, Any], *, form: str = "draft", **changed: Any) -> httpx.Response:
        """Post an activity, signed by its actor; `changed` are other arguments for `signed`."""
        body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **activity}).encode()
        how = {"key": self.key, "key_id": f"{activity['actor']}#main-key"} | changed
        headers = signed("POST", inbox, body, form=form, **how)
        async with self._client() as client:
            return await client.post(inbox, content=body, headers=headers)

    async def _actor(self, request: Request) -> Response:
        name, headers = request.path_params["name"], dict(request.headers)
        self.asked.append(headers)
        if self.is_gone:
            return Response(status_code=410)
        if self.wants_signed_gets and not await self._is_signed(request, b""):
            return Response(status_code=401)
        if name not in self.people:
            return Response(status_code=404)
        return JSONResponse(
            {
                "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
                "id": self.id(name),
                "type": "Person",
                "preferredUsername": name,
                "inbox": f"{self.id(name)}/inbox",
                "endpoints": {"sharedInbox": f"{self.base}/inbox"},
                "publicKey": {
                    "id": f"{self.id(name)}#main-key",
                    "owner": self.id(name),
                    "publicKeyPem": pem_of(self.key),
                },
            },
            media_type=ACTIVITY,
        )

    async def _inbox(self, request: Request) -> Response:
        body = await request.body()
        if not await self._is_signed(request, body):
            return Response(status_code=401)
        if self.answer:
            return Response(status_code=self.answer)
        activity = json.loads(body)
        self.came.append(activity)
        self.forms.append(form_of(dict(request.headers)))
        self.places.append(request.url.path)
        await self._show(activity)
        return Response(status_code=202)

    async def _is_signed(self, request: Request, body: bytes) -> bool:
        """Whether a form that is taken is used, and the libraries find it right, by the key of who is named."""
        headers = dict(request.headers)
        if "signature" not in headers or form_of(headers) not in self.takes:
            return False
        async with self._client() as client:
            named = json.loads(body)["actor"] if body else headers["signature"].split('keyId="')[1].split("#")[0]
            if named not in self.keys:  # remembered, as every server does
                self.keys[named] = (await client.get(named)).json()["publicKey"]
        key = self.keys[named]
        assert verified_by(request.method, str(request.url), headers, body, public=key["publicKeyPem"]) == key["id"]
        assert "digest" in headers or "content-digest" in headers
        return True

    async def _show(self, activity: dict[str, Any]) -> None:
        """The timeline, as Mastodon keeps it."""
        match activity["type"]:
            case "Create" | "Update":
                note = activity["object"]
                assert note["attributedTo"] == activity["actor"]
                self.notes[note["id"]] = note
            case "Delete":
                self.notes.pop(activity["object"]["id"], None)
            case "Announce":
                async with self._client() as client:
                    note = (await client.get(activity["object"], headers={"Accept": ACTIVITY})).json()
                assert urlsplit(note["id"]).netloc == urlsplit(activity["actor"]).netloc
                self.notes[note["id"]] = note


@asynccontextmanager
async def following(**how: Any) -> AsyncIterator[Reader]:
    reader = Reader(**how)
    async with serving_apps([reader.app()]) as (base,):
        reader.base = base
        yield reader
