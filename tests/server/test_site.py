"""The page is served compressed and cached where that is safe, and under one policy."""

from __future__ import annotations

import httpx
import pytest

BOOT = "/app/0123456789abcdef/boot.mjs"


@pytest.mark.parametrize(
    ("accepted", "content", "encoding"),
    [
        ("gzip, deflate, br", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
        ("identity", "export default 1;", None),
        ("", "export default 1;", None),
    ],
)
def test_the_best_encoding_that_is_accepted_is_sent(
    client: httpx.Client, accepted: str, content: str, encoding: str | None
) -> None:
    with client.stream("GET", BOOT, headers={"accept-encoding": accepted}) as answer:
        assert b"".join(answer.iter_raw()).decode() == content
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_what_is_named_by_its_content_is_kept_for_good_and_the_page_is_asked_for_each_time(
    client: httpx.Client,
) -> None:
    assert client.get("/app/0123456789abcdef/model.wasm").headers["cache-control"].endswith("immutable")
    page = client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_webassembly_has_its_media_type(client: httpx.Client) -> None:
    assert client.get("/app/0123456789abcdef/model.wasm").headers["content-type"] == "application/wasm"


POLICY = {
    "default-src": "'none'",  # frames, objects and whatever is not named here
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

SHUT = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)


@pytest.mark.parametrize("path", ["/", "/healthz", "/openapi.json", "/v1/audio/speech", "/nothing", BOOT])
def test_every_answer_carries_the_policy(client: httpx.Client, path: str) -> None:
    headers = client.get(path, headers={"accept-encoding": "identity"}).headers
    assert dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; ")) == POLICY
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert set(headers["permissions-policy"].split(", ")) == {"microphone=(self)", *(f"{name}=()" for name in SHUT)}
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
