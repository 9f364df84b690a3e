"""The client of the server: text and a voice profile out, speech back, sounding while it still arrives."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from frontend.audio import Samples
from frontend.ledger import Ledger
from frontend.wav import WavError, WavReader, complete
from models.contract import SYNTHESIS_LANGUAGES
from models.seal import SEAL_PATH

SPEECH_PATH = "/v1/audio/speech"


class TransportError(Exception):
    """The request did not get through, or its answer broke off."""


class Answer(Protocol):
    """The beginning of an HTTP answer; its body still arrives."""

    status: int

    def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. Raises TransportError when it breaks off."""


Post = Callable[[str, bytes, Mapping[str, str]], AbstractAsyncContextManager[Answer]]
"""POST (path, body, headers) to where the page came from; leaving the context ends the request.

Raises TransportError, on entering, when there is no answer.
"""


def speech_request(profile: dict[str, Any], text: str, speed: float = 1.0, seed: int = 0) -> dict[str, Any]:
    """What to ask for: that text as WAV in the voice of that profile."""
    return {
        "input": text,
        "voice": profile,
        "speed": speed,
        "seed": seed,
        "language": SYNTHESIS_LANGUAGES[0],
        "response_format": "wav",
    }


class SpeechError(Exception):
    """No speech, or not all of it. `kind` is "unreachable", "cut-off", "refused" or "unreadable".

    `detail` is the server's explanation in the person's language when it refused, `problem` its type.
    """

    def __init__(self, kind: str, detail: str = "", problem: str = "") -> None:
        super().__init__(f"{kind}: {detail or problem}")
        self.kind = kind
        self.detail = detail
        self.problem = problem


class Speech:
    """Speech as it arrives: `rate` in Hz is known with the first samples, `wav` is the whole file at the end."""

    def __init__(self) -> None:
        self._reader = WavReader()
        self._content = bytearray()

    @property
    def rate(self) -> int:
        """Hz; 0 until the first samples."""
        return self._reader.rate

    @property
    def wav(self) -> bytes:
        """What the server sent, byte for byte, but for the sizes in the header that it could not know."""
        return complete(bytes(self._content))

    def feed(self, content: bytes) -> Samples:
        """The samples that these bytes complete. Raises WavError."""
        self._content += content
        return self._reader.feed(content)

    def close(self) -> None:
        """Raises WavError when the file broke off."""
        self._reader.close()


class Client:
    """Asks for speech. Everything that leaves goes through the ledger."""

    def __init__(self, post: Post, ledger: Ledger) -> None:
        self._post, self._ledger = post, ledger

    async def speak(self, body: dict[str, Any], language: str, speech: Speech) -> AsyncGenerator[Samples]:
        """Send a speech request (models/contract.py) and yield samples [n] as they come; raises SpeechError.

        Problems are explained in `language`. Closing the iterator cancels the request.
        """
        headers = {"content-type": "application/json", "accept-language": language}
        try:
            async with self._post(SPEECH_PATH, self._ledger.enter(SPEECH_PATH, body), headers) as answer:
                if answer.status != 200:
                    raise _refusal(b"".join([chunk async for chunk in answer.chunks()]))
                async for chunk in answer.chunks():
                    samples = speech.feed(chunk)
                    if len(samples):
                        yield samples
                speech.close()
        except TransportError:
            raise SpeechError("cut-off" if speech.rate else "unreachable") from None
        except WavError:
            raise SpeechError("cut-off" if speech.rate else "unreadable") from None

    async def seal(self, claim: bytes, actions: bytes, language: str) -> bytes:
        """The signature (COSE) of a C2PA claim, whose actions are shown; raises SpeechError."""
        body = {"claim": base64.b64encode(claim).decode(), "actions": base64.b64encode(actions).decode()}
        headers = {"content-type": "application/json", "accept-language": language}
        try:
            async with self._post(SEAL_PATH, self._ledger.enter(SEAL_PATH, body), headers) as answer:
                content = b"".join([chunk async for chunk in answer.chunks()])
        except TransportError:
            raise SpeechError("unreachable") from None
        if answer.status != 200:
            raise _refusal(content)
        return content


def _refusal(body: bytes) -> SpeechError:
    """The error in a problem+json body (RFC 9457)."""
    try:
        problem = json.loads(body)
        return SpeechError("refused", str(problem["detail"]), str(problem["type"]))
    except (ValueError, KeyError, TypeError):
        return SpeechError("unreadable")
