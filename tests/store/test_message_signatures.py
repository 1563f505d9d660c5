"""Signed requests, against two libraries that were not written here, and against whoever changes something on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from feedhub.errors import SignatureRefused
from feedhub.store.message_signatures import DRAFT, RFC9421, SignedRequest, claim_of, signed_headers
from receivers_activity import ACTIVITY, pem_of, signed, usual_key, verified_by

URL, BODY, KEY_ID = "https://kabar.example/ap/dinkes/inbox?x=1", b'{"type": "Follow"}', "https://a.example/w#main-key"
FORMS = (DRAFT, RFC9421)


def ours(form: str, *, now: datetime | None = None, url: str = URL, body: bytes = BODY, method: str = "POST"):
    request = SignedRequest(method=method, url=url, headers={"content-type": ACTIVITY} if body else {}, body=body)
    at = now or datetime.now(UTC)
    headers = signed_headers(request, form=form, key=KEY_ID, private=usual_key(), now=at)
    return replace(request, headers=headers)


def is_believed(request: SignedRequest, *, now: datetime | None = None, public: str | None = None) -> bool:
    try:
        claim = claim_of(request, now=now or datetime.now(UTC))
    except SignatureRefused:
        return False
    return claim.key == KEY_ID and claim.fits(public or pem_of(usual_key()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_foreign_libraries_verify_what_we_sign(form, method):
    # apsig leaves the query out of what it signs and verifies.
    made = ours(form, url=URL.partition("?")[0], method=method, body=BODY if method == "POST" else b"")
    public = pem_of(usual_key())
    assert verified_by(made.method, made.url, dict(made.headers), made.body, public=public) == KEY_ID
    assert is_believed(made)


@pytest.mark.parametrize("form", FORMS)
def test_we_verify_what_foreign_libraries_sign(form):
    url = URL.partition("?")[0]
    said = signed("POST", url, BODY, key=usual_key(), key_id=KEY_ID, form=form)
    headers = {name.lower(): value for name, value in said.items()}
    assert is_believed(SignedRequest(method="POST", url=url, headers=headers, body=BODY))


def with_header(name, change):
    return lambda made: replace(made, headers=dict(made.headers) | {name: change(made.headers[name])})


def without(*names):
    return lambda made: replace(made, headers={name: said for name, said in made.headers.items() if name not in names})


CHANGED = {
    "another body": lambda made: replace(made, body=made.body + b" "),
    "another address": lambda made: replace(made, url=made.url.replace("dinkes", "bpbd")),
    "another query": lambda made: replace(made, url=made.url.replace("x=1", "x=2")),
    "another host": lambda made: replace(made, url=made.url.replace("kabar", "evil")),
    "another method": lambda made: replace(made, method="PUT"),
    "no digest": without("digest", "content-digest"),
    "no signature": without("signature", "signature-input"),
    "half a signature": with_header("signature", lambda said: said.replace("=", "", 1)),
    "no base64": with_header(
        "signature", lambda said: said.replace('signature="', 'signature="%').replace("sig1=:", "sig1=:%")
    ),
}
OF_DRAFT = {
    "time changed": with_header("date", lambda _: "Fri, 20 Nov 2026 03:00:00 GMT"),
    "time no time": with_header("date", lambda _: "yesterday"),
    "digest of nothing": with_header("digest", lambda _: "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    "another algorithm": with_header("signature", lambda said: said.replace("rsa-sha256", "hmac-sha256")),
    "digest not signed": with_header("signature", lambda said: said.replace(" digest", "")),
    "target not signed": with_header("signature", lambda said: said.replace("(request-target) ", "")),
    "host not signed": with_header("signature", lambda said: said.replace(" host", "")),
    "time not signed": with_header("signature", lambda said: said.replace(" date", "")),
    "a header that is not there": with_header("signature", lambda said: said.replace(" date", " date x-none")),
}
OF_RFC = {
    "time changed": with_header("signature-input", lambda said: said.replace("created=1", "created=2")),
    "no time": with_header("signature-input", lambda said: said.replace("created", "nonce")),
    "another algorithm": with_header("signature-input", lambda said: said.replace("rsa-v1_5-sha256", "hmac-sha256")),
    "digest not signed": with_header("signature-input", lambda said: said.replace(' "content-digest"', "")),
    "target not signed": with_header("signature-input", lambda said: said.replace(' "@target-uri"', "")),
    "method not signed": with_header("signature-input", lambda said: said.replace('"@method" ', "")),
    "one thing twice": with_header("signature-input", lambda said: said.replace('"@method"', '"@method" "@method"')),
    "what no request has": with_header(
        "signature-input", lambda said: said.replace('"@method"', '"@method" "@status"')
    ),
    "parameters of components": with_header("signature-input", lambda said: said.replace('"@method"', '"@method";req')),
    "another label": with_header("signature-input", lambda said: said.replace("sig1", "sig2")),
    "nothing readable": with_header("signature-input", lambda _: "()"),
    "a number without end": with_header(
        "signature-input", lambda said: said.replace("created=1", "created=" + "9" * 5000)
    ),
}


@pytest.mark.parametrize(
    ("form", "change"),
    [
        *((form, name) for form in FORMS for name in CHANGED),
        *((DRAFT, name) for name in OF_DRAFT),
        *((RFC9421, name) for name in OF_RFC),
    ],
)
def test_whatever_is_changed_on_the_way_is_not_believed(form, change):
    made = ours(form)
    assert is_believed(made)
    changes = CHANGED | (OF_DRAFT if form == DRAFT else OF_RFC)
    assert not is_believed(changes[change](made))


@pytest.mark.parametrize("form", FORMS)
def test_recordings_are_too_old_after_half_a_day(form):
    made = ours(form)
    hours = {hours: is_believed(made, now=datetime.now(UTC) + timedelta(hours=hours)) for hours in (-2, 0, 11, 13)}
    assert hours == {-2: False, 0: True, 11: True, 13: False}


@pytest.mark.parametrize("form", FORMS)
def test_only_the_owner_of_the_key_is_believed_and_weak_keys_never(form):
    other = generate_private_key(public_exponent=65_537, key_size=2048)
    made = ours(form)
    assert not is_believed(made, public=pem_of(other))
    assert not is_believed(made, public="no key at all")
    weak = generate_private_key(public_exponent=65_537, key_size=1024)
    url = URL.partition("?")[0]
    said = signed("POST", url, BODY, key=weak, key_id=KEY_ID, form=form)
    headers = {name.lower(): value for name, value in said.items()}
    assert not is_believed(SignedRequest(method="POST", url=url, headers=headers, body=BODY), public=pem_of(weak))


def test_times_of_the_draft_may_be_in_its_own_words():
    made = ours(DRAFT)
    now = int(datetime.now(UTC).timestamp())
    old = made.headers["signature"].replace(
        'headers="(request-target) host date', f'created={now - 90_000},headers="(request-target) host (created)'
    )
    with pytest.raises(SignatureRefused, match="12 hours"):
        claim_of(replace(made, headers=dict(made.headers) | {"signature": old}), now=datetime.now(UTC))


WORDS = st.sampled_from(
    [
        "sig1=",
        '("@method" "@target-uri" "content-digest")',
        ";created=",
        "1795770000",
        ';keyid="k"',
        ":",
        "=",
        ",",
        '"',
        "(",
        ")",
        'keyId="',
        'headers="',
        "(request-target) host date digest",
        'signature="',
        "(created)",
        "é",
        "\t",
        ";expires=",
        "0",
    ]
)


@given(st.lists(WORDS, max_size=12).map("".join), st.lists(WORDS, max_size=6).map("".join), st.booleans())
def test_whatever_headers_say_it_is_believed_or_refused(first, second, by_rfc):
    headers = {"signature": first} | ({"signature-input": second} if by_rfc else {})
    try:
        claim = claim_of(SignedRequest(method="POST", url=URL, headers=headers, body=b""), now=datetime.now(UTC))
    except SignatureRefused:
        return
    assert not claim.fits(pem_of(usual_key()))


def test_what_is_long_and_means_nothing_costs_nothing():
    request = replace(ours(DRAFT), headers=ours(DRAFT).headers | {"signature": "a" * 8_000})
    begun = process_time()
    assert not is_believed(request)
    assert process_time() - begun < 0.2
