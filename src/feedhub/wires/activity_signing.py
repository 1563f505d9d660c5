"""Speaking to servers of the fediverse as one of our actors: every request is signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedhub.connectors.activity_follows import Stranger, stranger
from feedhub.connectors.addresses import target_of
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.failures import Unauthorized
from feedhub.store.actors import made_actor_key
from feedhub.store.message_signatures import DRAFT, RFC9421, PrivateKey, SignedRequest, signed_headers, signing_key
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.views.activity_actor import ACTIVITY_TYPE, CITY, actor_url, key_id

FORMS = (DRAFT, RFC9421)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Our actors' keys, and the way out. Keys are opened once in a process."""

    store: Store
    keyring: Keyring
    new_http: Callable[[], Http]
    public_url: str
    _keys: dict[str, PrivateKey] = field(default_factory=dict)

    async def post(self, url: str, body: bytes, *, name: str, form: str, now: datetime) -> Answer:
        """The answer to `body` at an inbox, signed by the actor `name` in one of FORMS. Raises VisitFailed's children."""
        headers = await self._headers("POST", url, body, name=name, form=form, now=now)
        async with self.new_http() as http:
            return await http.ask(url, method="POST", headers=headers, content=body, now=now)

    async def stranger(self, id: str, *, now: datetime) -> Stranger:
        """An actor of another server, asked by the city's. Raises VisitFailed's children."""
        async with self.new_http() as http:
            try:
                return await stranger(http, id, headers=await self._asking(id, DRAFT, now), now=now)
            except Unauthorized:
                return await stranger(http, id, headers=await self._asking(id, RFC9421, now), now=now)

    async def _asking(self, id: str, form: str, now: datetime) -> Mapping[str, str]:
        headers = await self._headers("GET", id, b"", name=CITY, form=form, now=now)
        return {"accept": ACTIVITY_TYPE, **headers}

    async def _headers(
        self, method: str, url: str, body: bytes, *, name: str, form: str, now: datetime
    ) -> Mapping[str, str]:
        if name not in self._keys:
            made = await made_actor_key(self.store, name, self.keyring, now=now)
            self._keys[name] = signing_key(made.private)
        said = {"content-type": ACTIVITY_TYPE} if body else {}
        request = SignedRequest(method=method, url=target_of(url).url, headers=said, body=body)
        key = key_id(actor_url(self.public_url, name))
        return signed_headers(request, form=form, key=key, private=self._keys[name], now=now)
