"""Fresh scripts to read aloud: the consent sentence, then sentences chosen to hold many different sounds.

Of a dozen random draws of the right length the one with the most distinct phonemes and diphones is taken, so that
two scripts are seldom alike and yet each is phonetically rich.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import random
import secrets
from dataclasses import dataclass
from importlib import resources

from frontend.library import statement

LETTERS_PER_SECOND = 12.0  # median of 204 LibriSpeech readings; 5th and 95th percentile 8.3 and 14.7
SECONDS = 11.0  # of which the consent sentence takes about four
TOLERANCE_SECONDS = 0.8
DRAWS = 12
NAME_MAX_CHARS = 60
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the pool, and the sounds and the transitions between sounds (diphones) within it."""

    text: str
    sounds: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be read. `nonce` keeps the hash from telling the name and the sentences to whoever sees it."""

    language: str
    name: str
    consent: str
    sentences: tuple[str, ...]
    nonce: str

    @property
    def text(self) -> str:
        """The whole script, one sentence a line."""
        return "\n".join((self.consent, *self.sentences))

    @property
    def sha256(self) -> str:
        """Hash of nonce and text in lower-case hex: what the profile's consent carries."""
        return script_sha256(self.nonce, self.text)

    @property
    def seconds(self) -> float:
        """How long it takes to read at the usual pace."""
        return letters(self.text) / LETTERS_PER_SECOND


def script_sha256(nonce: str, text: str) -> str:
    """SHA-256 of a nonce (hex) and a script's text, in lower-case hex."""
    return hashlib.sha256(f"{nonce}\n{text}".encode()).hexdigest()


def letters(text: str) -> int:
    """How many letters a text has; reading time is nearly proportional to it."""
    return sum(char.isalpha() for char in text)


def sounds_of(phonemes: str) -> frozenset[tuple[str, ...]]:
    """Phonemes and diphones of an IPA transcription: symbols parted by spaces, words by a bar."""
    words = [word.split() for word in phonemes.split("|")]
    single = {(sound,) for word in words for sound in word}
    return frozenset(single | {pair for word in words for pair in itertools.pairwise(word)})


@functools.cache
def pool(language: str) -> tuple[Sentence, ...]:
    """The sentences of a language. Raises ValueError if there are none."""
    loaded = json.loads((resources.files("frontend.library") / "sentences.json").read_text(encoding="utf-8"))
    if language not in loaded or language == "provenance":
        raise ValueError(f"no sentences in {language!r}")
    return tuple(Sentence(entry["text"], sounds_of(entry["phonemes"])) for entry in loaded[language])


def fresh_script(language: str, name: str, seed: int | None = None) -> Script:
    """A script of about SECONDS for the person of that name; another one each time unless seeded.

    Raises ValueError for an empty or over-long name, or a language without sentences.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX_CHARS:
        raise ValueError(f"a name has 1 to {NAME_MAX_CHARS} characters")
    chance: random.Random = random.SystemRandom() if seed is None else random.Random(seed)
    nonce = secrets.token_hex(NONCE_BYTES) if seed is None else chance.randbytes(NONCE_BYTES).hex()
    consent = statement.spoken(language, name)
    draws = (_draw(pool(language), SECONDS - letters(consent) / LETTERS_PER_SECOND, chance) for _ in range(DRAWS))
    chosen = max(draws, key=lambda draw: len(frozenset[tuple[str, ...]]().union(*(s.sounds for s in draw))))
    return Script(language, name, consent, tuple(sentence.text for sentence in chosen), nonce)


def _draw(sentences: tuple[Sentence, ...], seconds: float, chance: random.Random) -> list[Sentence]:
    """Random sentences that together take about so long, never none."""
    chosen: list[Sentence] = []
    left = seconds
    for sentence in chance.sample(sentences, len(sentences)):
        length = letters(sentence.text) / LETTERS_PER_SECOND
        if (not chosen and left <= length) or length <= left + TOLERANCE_SECONDS:
            chosen.append(sentence)
            left -= length
        if left < TOLERANCE_SECONDS:
            break
    return chosen


def word_starts(text: str) -> list[float]:
    """Where each word begins, as a share (0 to 1) of the reading time: what the moving highlight follows.

    A sentence's end counts as three letters more, for the breath.
    """
    weights = [letters(word) + (3 if word[-1] in ".?!" else 1) for word in text.split()]
    total, starts, sum_so_far = sum(weights), [], 0
    for weight in weights:
        starts.append(sum_so_far / total)
        sum_so_far += weight
    return starts
