"""From a recording to a reading: checked, measured, and turned into a profile, all on this device."""

from __future__ import annotations

import asyncio

from frontend.audio import resample
from frontend.library.quality import check_script, check_speakers
from frontend.library.script import Script
from frontend.library.voice import Reading, attestation
from frontend.library.voiceprint import measure as measure_print
from frontend.profile import build_profile
from frontend.prosody import NoVoiceError, measure
from frontend.recording import Check, check_recording
from frontend.session import Recording
from frontend.speaker import NoSpeechError, Runner, embed
from models.contract import ENCODER_SAMPLE_RATE
from models.recogniser.recognition import MAX_SECONDS, Recogniser

WHAT_IT_HEARS = int(MAX_SECONDS * ENCODER_SAMPLE_RATE)  # samples; a reading that takes longer is cut


class UnusableRecording(ValueError):
    """No voice can be made of it; `checks` are those that failed, none when no voice at all was heard."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        super().__init__(", ".join(check.name for check in checks) or "no voice")
        self.checks = checks


async def make_reading(recording: Recording, script: Script, encoder: Runner, recogniser: Recogniser) -> Reading:
    """Profile, picture and consent record of a recording of `script`. Raises UnusableRecording."""
    failed = tuple(check for check in check_recording(recording.samples, recording.rate) if not check.passed)
    if failed:
        raise UnusableRecording(failed)
    await asyncio.sleep(0)
    samples = resample(recording.samples, recording.rate, ENCODER_SAMPLE_RATE)
    try:
        embedding = await embed(samples, ENCODER_SAMPLE_RATE, encoder)
        speakers = await check_speakers(samples, ENCODER_SAMPLE_RATE, encoder)
        if not speakers.passed:
            raise UnusableRecording((speakers,))
        read = check_script(script, await recogniser.transcribe(samples[:WHAT_IT_HEARS], script.language))
        if not read.passed:
            raise UnusableRecording((read,))
        prosody = measure(samples, ENCODER_SAMPLE_RATE)
        picture = measure_print(samples, ENCODER_SAMPLE_RATE)
    except (NoSpeechError, NoVoiceError):
        raise UnusableRecording(()) from None
    finally:
        samples.fill(0)
    consent, record = attestation(script, recording.recorded_at)
    return Reading(build_profile(embedding, prosody, consent, encoder.sha256), picture, record)
