"""Everything that is fetched is pinned by its hash, known by its licence, and in the bill of materials."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from models import artefacts
from steps import archive, audit, bundled, packages, sbom
from steps.layout import DOWNLOADS, REQUIREMENTS, VENDOR

SHA256 = re.compile(r"[0-9a-f]{64}")
PINNED = [it for value in vars(packages).values() for it in (value if isinstance(value, tuple) else (value,))]
GPL = re.compile(r"(?<!L)GPL")
# The only licence with those three letters that may be shipped, and why it is no copyleft for us.
ALLOWED = {"libgfortran": "its GCC exception leaves programs that merely use the library under their own licence"}
# Licence files that speak of the GPL, and why the code is not under it.
SPEAKS_OF_GPL = {
    "ml-dtypes": "MPL 2.0 of Eigen names it as a secondary licence",
    "numpy": "libgfortran, see ALLOWED",
    "onnxruntime": "MPL 2.0 of Eigen names it as a secondary licence; Mbed TLS may be had under Apache 2.0 instead",
    "packaging": "a table of all licences of SPDX",
    "soundfile": "LGPL 2.1 of libsndfile; of FLAC only the library, which is BSD, is in it",
    "soxr": "LGPL 2.1 of libsoxr",
    "typing-extensions": "says that Python's licence is compatible with it",
}


def locked(name: str) -> list[tuple[str, str, str]]:
    return sbom.LOCKED.findall((REQUIREMENTS / name).read_text("utf-8"))


def served() -> Iterator[importlib.metadata.Distribution]:
    return (importlib.metadata.distribution(name) for name, _, _ in locked("run.txt"))


@pytest.mark.parametrize("name", [path.stem for path in sorted(REQUIREMENTS.glob("*.in"))])
def test_every_python_package_is_pinned_by_its_hashes(name: str) -> None:
    for line in (REQUIREMENTS / f"{name}.in").read_text("utf-8").splitlines():
        assert line.startswith(("#", "-r ")) or re.fullmatch(r"[\w.-]+(\[[\w-]+\])?==[\w.]+", line), line
    lock = REQUIREMENTS / f"{name}.txt"
    lines = [line for line in lock.read_text("utf-8").splitlines() if line and not line.startswith((" ", "#"))]
    assert lines and len(lines) == len(locked(lock.name)), "a line without a hash"


def test_what_runs_on_a_cluster_is_what_runs_here() -> None:
    assert set(locked("run.txt")) <= set(locked("ray.txt")), "python3 build.py lock"


def test_every_other_file_is_pinned_by_its_hash() -> None:
    files = [it for it in PINNED if isinstance(it, packages.Package)]
    assert set(packages.SITE) <= set(files)
    everything: list[packages.Package | artefacts.Package] = [*files, *artefacts.PACKAGES]
    for package in everything:
        assert SHA256.fullmatch(package.sha256) and package.size > 0 and package.licence, package.name
        assert re.fullmatch(r"[\w.]+", package.version)
    pins = [*(m.sha256 for p in artefacts.PACKAGES for m in p.members), *(p.sha256 for p in artefacts.PRODUCTS)]
    assert all(SHA256.fullmatch(pin) for pin in [*pins, packages.NUMPY_SHA256])
    artefacts.check((VENDOR / packages.NUMPY).read_bytes(), packages.NUMPY_SHA256, packages.NUMPY)


@pytest.mark.parametrize("package", packages.SITE, ids=lambda package: package.name)
def test_a_licence_is_the_one_that_the_package_states(package: packages.Package) -> None:
    path = DOWNLOADS / package.filename
    if package.registry == "npm":
        stated = json.loads(archive.read_npm(path)["package.json"])["license"]
    else:
        with zipfile.ZipFile(path) as wheel:
            (metadata,) = (name for name in wheel.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
            text = wheel.read(metadata).decode().partition("\n\n")[0]
        found = re.search(r"^License(?:-Expression)?: (.*)$|^Classifier: License :: OSI Approved :: (.*)$", text, re.M)
        assert found
        stated = found[1] or found[2]
    family = sbom.spdx(package.licence).partition("-")[0]
    assert sbom.spdx(stated) == sbom.spdx(package.licence) or stated.startswith(family)


def test_the_bill_of_materials_is_valid_and_complete(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, again = (tmp_path_factory.mktemp("sbom") for _ in range(2))
    sbom.write(folder)
    sbom.write(again)
    for name in (sbom.BOM, sbom.REPORT):
        assert (folder / name).read_bytes() == (again / name).read_bytes()
    text = (folder / sbom.BOM).read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    listed = {(it["name"], it["version"]): it for it in json.loads(text)["components"]}
    wanted = [(it.name, it.version) for it in packages.SITE]
    wanted += [(it.name, it.version) for it in artefacts.PACKAGES if it.need == "run"]
    wanted += [(name, version) for name, version, _ in locked("run.txt")]
    wanted += [(it.filename, it.sha256[:12]) for it in artefacts.PRODUCTS if it.need == "run"]
    for key in wanted:
        assert all(SHA256.fullmatch(digest["content"]) for digest in listed[key]["hashes"])
        assert listed[key]["hashes"]
    report = (folder / sbom.REPORT).read_text("utf-8")
    assert all(f"| {name} | {version} |" in report for name, version in wanted)


def test_nothing_under_the_gpl_is_shipped() -> None:
    for component in sbom.components():
        assert component.licence != "not stated", component.name
        assert not GPL.search(component.licence), component.name
        for inner in component.inside:
            assert not GPL.search(inner.licence) or inner.name in ALLOWED, (component.name, inner.name)


def test_what_is_inside_the_scripts_of_others_is_listed(tmp_path: Path) -> None:
    """With versions where the wheel has them, and with the word that it has none where not."""
    sbom.write(tmp_path)
    listed = {it["name"]: it for it in json.loads((tmp_path / sbom.BOM).read_text("utf-8"))["components"]}
    panel, bokeh = ({it["name"]: it for it in listed[name]["components"]} for name in ("panel", "bokeh"))
    assert panel.keys() >= {"preact", "htm", "sucrase", "flatpickr"}
    assert bokeh.keys() >= {"@preact/signals", "dompurify", "flatpickr", "marked", "proj4"}
    assert not bokeh.keys() & bundled.OWN
    assert panel["preact"]["purl"] == f"pkg:npm/preact@{panel['preact']['version']}"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", it["version"]) for it in panel.values())
    assert all(it["properties"] == [{"name": "ownvoice:version", "value": sbom.UNKNOWN}] for it in bokeh.values())


def test_licence_files_that_speak_of_the_gpl_are_known() -> None:
    speaking = set()
    for distribution in served():
        for file in distribution.files or ():
            if file.suffix != ".pyc" and re.search("licen|notice|copying", str(file), re.IGNORECASE):
                text = Path(str(distribution.locate_file(file))).read_text("utf-8", "replace")
                if re.search(r"\bA?GPL|General Public Licen", text):
                    speaking.add(distribution.name.lower().replace("_", "-"))
    assert speaking <= set(SPEAKS_OF_GPL)


@pytest.mark.parametrize(
    ("answer", "clean", "said"),
    [
        ("", True, "can't be reached from here"),
        ('{"error": {"code": "ENOAUDIT"}}', True, "can't be reached from here"),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', True, "does not know all of them"),
        ('{"dependencies": [{"name": "a"}]}', True, "does not know all of them"),
        (f'{{"dependencies": [{", ".join(["{}"] * 999)}], "vulnerabilities": {{}}}}', True, "no known hole"),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X"}]}], "vulnerabilities": {}}',
            False,
            "a 1: X",
        ),
    ],
)
def test_the_audit_says_when_it_learned_nothing(
    answer: str, clean: bool, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the advisory services would answer can't be had on demand, so here they answer this."""
    done = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
    monkeypatch.setattr("steps.audit.subprocess.run", lambda *_, **__: done)
    monkeypatch.setattr("steps.audit.environment.tool", lambda _: DOWNLOADS)
    assert audit.audit() is clean
    assert said in capsys.readouterr().out
