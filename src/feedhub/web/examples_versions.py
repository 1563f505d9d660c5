"""A version and the keys of proofs as the documentation shows them."""

from feedhub.views.proofs import KeysJson
from feedhub.views.versions import VersionJson
from feedhub.web.examples import POST

_KEY = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

VERSION: VersionJson = {
    **POST,
    "redacted": False,
    "changes": [
        {
            "field": "content_text",
            "before": None,
            "after": None,
            "diff": [
                {"op": "equal", "text": "Imunisasi gratis, Senin pukul "},
                {"op": "delete", "text": "07.00, "},
                {"op": "insert", "text": "08.00, "},
                {"op": "equal", "text": "di semua puskesmas."},
            ],
        }
    ],
    "proof": {
        "key": _KEY,
        "algorithm": "Ed25519",
        "signed": '{"account":{"id":"0e8f5a0c-42c1-5d58-8a3a-6a7b1f0c2d9e",…},…}',
        "signature": "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg==",
    },
}

PROOF_KEYS: KeysJson = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": _KEY,
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "made_at": "2026-11-01T08:00:00+07:00",
            "retired_at": None,
        }
    ]
}
