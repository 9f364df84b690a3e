"""The server beside its own networks called bare, on the same text: speed, first sound, memory, listeners."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from models.contract import (
    ENCODER_ID,
    PROFILE_VERSION,
    SYNTHESIS_SAMPLE_RATE,
    decode_json,
    encode_embedding,
)
from models.requests import parse_speech_request
from models.synthesizer.synthesis import Synthesizer
from server.marking import Marker, MarkingModel
from server.synthesis import ADAPTER
from server.text import phoneme_ids, utterances
from server.voice import Voices
from server.weights import ENCODER_SHA256

MODELS = Path(".cache/models")
REPEATS = 3
LISTENERS = (1, 4, 16)
TEXT = (
    "The north wind and the sun were disputing which was the stronger, when a traveler came along wrapped in a warm "
    "cloak. They agreed that the one who first succeeded in making the traveler take his cloak off should be "
    "considered stronger than the other."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as a listener lives through it, in seconds."""

    first: float
    whole: float
    speech: float
    processor: float = 0.0


def request() -> dict[str, Any]:
    """The text in a voice that is as good as any: a fixed direction of the embedding."""
    embedding = np.random.default_rng(7).standard_normal(512).astype(np.float32)
    voice = {
        "version": PROFILE_VERSION,
        "encoder": {"id": ENCODER_ID, "sha256": ENCODER_SHA256},
        "embedding": encode_embedding(embedding / np.linalg.norm(embedding)),
        "prosody": {"f0_median_hz": 150, "f0_range_semitones": 9, "syllables_per_second": 4.5},
        "consent": {
            "statement_version": 1,
            "language": "en",
            "recorded_at": "2026-11-22T12:00:00Z",
            "script_sha256": "0" * 64,
        },
    }
    return {"input": TEXT, "voice": voice, "response_format": "pcm"}


@contextmanager
def server(*options: str) -> Iterator[tuple[str, int]]:
    """Address and process number of a server of our own."""
    command = [sys.executable, "-m", "server", "--port", "0", "--models", str(MODELS), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        address = None
        for line in process.stderr:
            if address := re.search(r"http://[\d.:]+", line):
                break
        if not address:
            sys.exit("the server did not start")
        reader = ThreadPoolExecutor(1).submit(process.stderr.read)
        try:
            yield address[0], process.pid
        finally:
            process.terminate()
            reader.result()


def listen(address: str, body: bytes) -> Heard:
    """Ask once and hear it all."""
    began = time.perf_counter()
    first, size = 0.0, 0
    headers = {"content-type": "application/json"}
    with httpx.stream("POST", f"{address}/v1/audio/speech", content=body, headers=headers, timeout=600) as answer:
        answer.raise_for_status()
        for content in answer.iter_raw():
            first = first or time.perf_counter() - began
            size += len(content)
    return Heard(first, time.perf_counter() - began, size / 2 / SYNTHESIS_SAMPLE_RATE)


class Bare:
    """The three networks and nothing else: phonemes in, samples out, a sentence at a time; the marker too if wanted."""

    def __init__(self, body: bytes) -> None:
        self._synthesizer = Synthesizer(MODELS, threads=1)
        self._marking = MarkingModel(MODELS)
        wanted = parse_speech_request(decode_json(body), ENCODER_SHA256)
        self._voice = Voices(ADAPTER, self._synthesizer).of(wanted.lines[0].voice)
        self._sentences = [
            (np.array(phoneme_ids(utterance.phonemes)), utterance.pause_seconds)
            for utterance in utterances(wanted.lines[0].input)
        ]

    def speak(self, marked: bool = False) -> Heard:
        """The whole text, first sound after the first sentence. Pauses count as speech, as they do for a listener."""
        began, spent = time.perf_counter(), time.process_time()
        first, speech = 0.0, 0.0
        marker = Marker(self._marking, SYNTHESIS_SAMPLE_RATE)
        for sentence, pause in self._sentences:
            noise, g = np.random.default_rng(0), self._voice.g
            prior = self._synthesizer.prior(sentence, g, noise, stretch=self._voice.stretch)
            for waveform in self._synthesizer.stream(prior, g, repeat(prior.noise.shape[2])):
                speech += len(waveform) / SYNTHESIS_SAMPLE_RATE + pause
                if marked:
                    marker.process(waveform)
            first = first or time.perf_counter() - began
        return Heard(first, time.perf_counter() - began, speech, time.process_time() - spent)


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mebibytes(process: int) -> float:
    """The most memory that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def main() -> None:
    """Print the tables."""
    body = json.dumps(request()).encode()
    cores = len(os.sched_getaffinity(0))
    bare = Bare(body)
    bare.speak(marked=True)
    with server("--at-once", str(max(LISTENERS))) as (address, process):
        listen(address, body)
        rounds = []
        for _ in range(REPEATS):  # in turn, so that all meet the same weather
            before = cpu_seconds(process)
            ours = listen(address, body)
            ours = replace(ours, processor=cpu_seconds(process) - before)
            rounds.append((ours, bare.speak(), bare.speak(marked=True)))
        table(rounds)
        print(f"\n| on {cores} cores | × real time, all together | first sound, median s | slowest s |")
        print("| --- | --- | --- | --- |")
        together(f"bare networks, {cores} at once", cores, bare.speak)
        for count in LISTENERS:
            together(f"{count} listeners", count, partial(listen, address, body))
        print(f"\nPeak memory: server {peak_mebibytes(process):.0f} MiB, ", end="")
        print(f"bare networks {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (with this program)")


def together(name: str, count: int, one: Callable[[], Heard]) -> None:
    """A row for so many at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        heard = [running.result() for running in [pool.submit(one) for _ in range(count)]]
    speed = sum(each.speech for each in heard) / (time.perf_counter() - began)
    firsts = sorted(each.first for each in heard)
    print(f"| {name} | {speed:.1f} | {statistics.median(firsts):.2f} | {firsts[-1]:.2f} |")


def table(rounds: list[tuple[Heard, Heard, Heard]]) -> None:
    """One listener beside the bare networks on one thread; medians of the rounds."""

    def row(name: str, figure: Callable[[Heard], float]) -> None:
        ours, bare, marked = (statistics.median(map(figure, column)) for column in zip(*rounds, strict=True))
        print(f"| {name} | {ours:.3f} | {bare:.3f} | {ours / bare:.2f} | {marked:.3f} | {ours / marked:.2f} |")

    print(f"\n| one listener, {rounds[0][0].speech:.1f} s of speech | server", end="")
    print(" | bare networks | ratio | bare networks and marker | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    row("first sound, s", lambda heard: heard.first)
    row("× real time", lambda heard: heard.speech / heard.whole)
    row("real-time factor", lambda heard: heard.whole / heard.speech)
    row("processor s per s of speech", lambda heard: heard.processor / heard.speech)


if __name__ == "__main__":
    main()
