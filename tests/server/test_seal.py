"""Sealing for the studio: its own statement is signed, and the key signs nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import c2pa  # type: ignore[import-untyped]
import cbor2
import httpx
import numpy as np
import pytest
import soundfile

from frontend.check import read_credentials
from frontend.manifest_store import HEADER, find_box, find_store, first_content
from models.contract import ContractError
from models.seal import SEAL_BYTES, SEAL_PATH, STUDIO, TOOL, definition
from server import claims
from server.certificates import CertificateError
from server.credentials import SETTINGS, Credentials
from tests.server.listening import refused

FREE = {"instanceID", "signature", "created_assertions", "claim_generator_info"}  # what may differ from file to file
Change = Callable[[dict[str, Any]], Any]


def prepared(
    credentials: Credentials, tool: str = STUDIO, age: timedelta = timedelta(), composed: bool = False
) -> tuple[bytes, bytes, bytes, bytes]:
    """A file as the official library makes it, its claim, its actions, and the signature in it."""
    file, out = io.BytesIO(), io.BytesIO()
    soundfile.write(file, np.zeros(4_000, np.float32), 22_050, format="FLAC")
    when = (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (
        c2pa.Context.from_dict(SETTINGS) as context,
        c2pa.Signer.from_info(credentials._info) as signer,
        c2pa.Builder(json.dumps(definition(tool, "audio/flac", when, composed)), context) as builder,
    ):
        builder.sign(signer, "audio/flac", file, out)
    store = find_store(out.getvalue())
    assert store
    claim = first_content(find_box(store, b"c2pa.claim.v2"))
    actions = find_box(store, b"c2pa.assertions", b"c2pa.actions.v2")[HEADER:]
    return out.getvalue(), claim, actions, first_content(find_box(store, b"c2pa.signature"))


def asked(client: httpx.Client, claim: bytes, actions: bytes) -> httpx.Response:
    body = {"claim": base64.b64encode(claim).decode(), "actions": base64.b64encode(actions).decode()}
    return client.post(SEAL_PATH, json=body)


@pytest.mark.parametrize("composed", [False, True])
def test_the_studios_own_statement_is_sealed(client: httpx.Client, credentials: Credentials, composed: bool) -> None:
    content, claim, actions, signature = prepared(credentials, composed=composed)
    answer = asked(client, claim, actions)
    assert answer.status_code == 200, answer.text
    assert (answer.headers["content-type"], len(answer.content)) == ("application/cose", SEAL_BYTES)
    assert answer.headers["cache-control"] == "no-store"
    fitting = credentials.seal(claim, len(signature))  # as the endpoint makes it, in the room that this file has
    found = read_credentials(content.replace(signature, fitting), ".flac")
    assert (found.status, found.tool, found.generated) == ("intact", STUDIO, True)
    stranger = credentials.seal(claim.replace(b"sha256", b"sha255"), len(signature))
    assert read_credentials(content.replace(signature, stranger), ".flac").status == "altered"


def test_certificates_that_need_more_room_than_there_is_are_refused(credentials: Credentials) -> None:
    with pytest.raises(CertificateError) as caught:
        credentials.seal(b"claim", 1_000)
    assert caught.value.kind == "too-long"


def test_another_tool_or_an_old_statement_is_not_sealed(client: httpx.Client, credentials: Credentials) -> None:
    _, claim, actions, _ = prepared(credentials, tool=TOOL)
    refused(asked(client, claim, actions), "not-sealed", "claim")
    _, claim, actions, _ = prepared(credentials, age=timedelta(minutes=11))
    refused(asked(client, claim, actions), "not-sealed", "actions")


@pytest.mark.parametrize(
    "change",
    [
        lambda claim: claim | {"dc:title": "A photograph"},
        lambda claim: claim | {"redacted_assertions": []},
        lambda claim: claim | {"alg": "sha512"},
        lambda claim: claim | {"instanceID": "Ada Lovelace"},
        lambda claim: claim | {"signature": "self#jumbf=elsewhere"},
        lambda claim: claim | {"claim_generator_info": claim["claim_generator_info"] | {"name": "A camera"}},
        lambda claim: claim | {"claim_generator_info": claim["claim_generator_info"] | {"owner": "Ada"}},
        lambda claim: claim | {"gathered_assertions": []},
        lambda claim: claim | {"gathered_assertions": claim["gathered_assertions"] * 2},
        lambda claim: claim | {"created_assertions": [*claim["created_assertions"], claim["created_assertions"][0]]},
        lambda claim: claim | {"created_assertions": "all"},
        lambda claim: {name: value for name, value in claim.items() if name != "alg"},
        lambda claim: [claim],
        lambda claim: "a text",
    ],
)
def test_a_claim_with_anything_else_is_not_sealed(
    client: httpx.Client, credentials: Credentials, change: Change
) -> None:
    _, claim, actions, _ = prepared(credentials)
    refused(asked(client, cbor2.dumps(change(cbor2.loads(claim))), actions), "not-sealed", "claim")


def test_bytes_that_are_no_claim_are_not_sealed(client: httpx.Client, credentials: Credentials) -> None:
    _, claim, actions, _ = prepared(credentials)
    for other in (
        b"\xff\xff\xff",
        claim + b"\0",
        cbor2.dumps(["Signature1", b"", b"", claim]),
        hashlib.sha256().digest(),
    ):
        refused(asked(client, other, actions), "not-sealed", "claim")
    refused(client.post(SEAL_PATH, json={"claim": "AAAA"}), "missing-field", "actions")
    refused(client.post(SEAL_PATH, json={"claim": "AAAA", "actions": "AAAA", "x": 1}), "unknown-field", "x")
    refused(client.post(SEAL_PATH, json={"claim": "?", "actions": "AAAA"}), "wrong-length", "claim")
    refused(client.get(SEAL_PATH), "method-not-allowed")
    refused(client.post(SEAL_PATH, json={"claim": "A" * 20_000, "actions": "AAAA"}), "too-large")


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said | {"actions": said["actions"][:1]},
        lambda said: said | {"actions": said["actions"] * 2},
        lambda said: said | {"metadata": {"author": "Ada"}},
        lambda said: said | {"actions": [said["actions"][0] | {"digitalSourceType": "digitalCapture"}]},
        lambda said: said | {"actions": [said["actions"][0] | {"when": "now"}, *said["actions"][1:]]},
        lambda said: {"actions": []},
    ],
)
def test_other_actions_are_not_sealed_even_if_the_claim_names_them(
    client: httpx.Client, credentials: Credentials, change: Change
) -> None:
    _, claim, actions, _ = prepared(credentials)
    label = actions[: int.from_bytes(actions[:4], "big")]
    content = cbor2.dumps(change(cbor2.loads(actions[len(label) + HEADER :])))
    other = label + (len(content) + HEADER).to_bytes(4, "big") + b"cbor" + content
    said = cbor2.loads(claim)
    said["gathered_assertions"][0]["hash"] = hashlib.sha256(other).digest()
    refused(asked(client, cbor2.dumps(said), other), "not-sealed", "actions")
    refused(asked(client, claim, other), "not-sealed", "claim")


def test_no_altered_byte_is_sealed_and_none_makes_it_fail(credentials: Credentials) -> None:
    _, claim, actions, _ = prepared(credentials)
    rng = np.random.default_rng(4)
    for _ in range(1_000):
        altered = [bytearray(claim), bytearray(actions)]
        part = altered[int(rng.integers(2))]
        part[int(rng.integers(len(part)))] ^= int(rng.integers(1, 256))
        body = dict(zip(("claim", "actions"), (base64.b64encode(it).decode() for it in altered), strict=True))
        try:
            sealed = cbor2.loads(claims.parse(body))
        except ContractError as error:
            assert error.kind == "not-sealed"
        else:  # another random number in the file's name, or another hash of the file, is as good as the first
            said = cbor2.loads(claim)
            assert {k: v for k, v in sealed.items() if v != said[k]}.keys() <= FREE
            assert sealed["gathered_assertions"] == said["gathered_assertions"]
