"""Content Credentials: what we sign is read back by the official reader, and no flipped bit goes unnoticed."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from frontend.check import read_credentials
from frontend.manifest_store import find_store, is_intact
from models.contract import SIGNED_FORMATS
from server import files
from server.certificates import CHAIN, KEY, CertificateError, check, main, make_development
from server.credentials import Credentials


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("credentials")
    make_development(folder)
    return folder


@pytest.fixture(scope="module")
def signed(folder: Path) -> dict[str, bytes]:
    noise = np.random.default_rng(0).standard_normal(4_000).astype(np.float32) * 0.1

    def made(name: str) -> bytes:
        file = files.File(name, "en")
        for piece in np.array_split(noise, 3):
            file.write(piece)
        return file.close(Credentials(folder))

    return {name: made(name) for name in SIGNED_FORMATS}


@pytest.mark.parametrize("name", SIGNED_FORMATS)
def test_what_is_signed_is_read_back(signed: dict[str, bytes], name: str) -> None:
    found = read_credentials(signed[name], f".{name}")
    assert (found.status, found.tool, found.generated, found.trusted) == ("intact", "Ownvoice", True, False)
    assert abs(datetime.fromisoformat(found.when) - datetime.now(UTC)) < timedelta(minutes=5)
    with soundfile.SoundFile(io.BytesIO(signed[name])) as file:
        assert (file.frames, file.title, file.comment) == (4_000, "AI-generated speech", "Synthetic voice (Ownvoice)")


@pytest.mark.parametrize("name", SIGNED_FORMATS)
def test_a_bit_flipped_anywhere_is_reported(signed: dict[str, bytes], name: str) -> None:
    content = signed[name]
    store = find_store(content)
    assert store and is_intact(content)
    rng = np.random.default_rng(1)
    start = content.find(store)
    in_store = rng.integers(start - 12, start + len(store), 60)  # among them padding that no signature covers
    anywhere = rng.integers(0, len(content), 60)
    for at in (*in_store, *anywhere):
        altered = bytearray(content)
        altered[at] ^= 1 << int(rng.integers(8))
        assert read_credentials(bytes(altered), f".{name}").status != "intact", f"byte {at}"


def test_a_file_without_credentials_has_none() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(2_000, np.float32), 22_050, format="WAV")
    assert read_credentials(file.getvalue(), ".wav").status == "none"


def test_no_personal_data_is_signed(signed: dict[str, bytes]) -> None:
    import c2pa  # type: ignore[import-untyped]

    with c2pa.Reader("audio/wav", io.BytesIO(signed["wav"])) as reader:
        manifest = json.loads(reader.json())
    (claim,) = manifest["manifests"].values()
    assert {a["label"] for a in claim["assertions"]} <= {"c2pa.actions.v2", "c2pa.hash.data"}
    assert "ingredients" not in claim and "thumbnail" not in claim and "title" not in claim


@pytest.mark.parametrize(("days", "kind"), [(400, "expired"), (-2, "not-yet-valid")])
def test_a_certificate_out_of_its_time_is_refused(folder: Path, days: int, kind: str) -> None:
    with pytest.raises(CertificateError) as caught:
        check(folder, datetime.now(UTC) + timedelta(days=days))
    assert caught.value.kind == kind


def test_what_cannot_sign_is_refused(folder: Path, tmp_path: Path) -> None:
    def kind() -> str:
        with pytest.raises(CertificateError) as caught:
            Credentials(tmp_path)
        return caught.value.kind

    assert kind() == "missing"
    make_development(tmp_path)
    Credentials(tmp_path)
    (tmp_path / KEY).write_bytes((folder / KEY).read_bytes())
    assert kind() == "mismatched"
    (tmp_path / KEY).write_text("no key")
    assert kind() == "unreadable"
    (tmp_path / CHAIN).write_text("no certificate")
    assert kind() == "unreadable"


def test_development_certificates_are_renewed_and_an_operators_never_touched(folder: Path, tmp_path: Path) -> None:
    make_development(tmp_path, datetime.now(UTC) - timedelta(days=350))
    before = (tmp_path / CHAIN).read_bytes()
    main(tmp_path)
    renewed = (tmp_path / CHAIN).read_bytes()
    assert renewed != before
    main(tmp_path)
    assert (tmp_path / CHAIN).read_bytes() == renewed
    (tmp_path / CHAIN).write_text("an operator's, not readable by us")
    main(tmp_path)
    assert (tmp_path / CHAIN).read_text() == "an operator's, not readable by us"
