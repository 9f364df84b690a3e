"""The alignment of what was heard with what was asked for."""

from __future__ import annotations

import pytest

from frontend.library.script import Script
from frontend.library.script_check import READ_FROM, aligned_shares, plain_letters, sentence_scores

SCRIPT = Script(
    "en",
    "Siobhán Ng",
    "I, Siobhán Ng, agree that Ownvoice makes a copy of my voice.",
    ("The old bridge hums softly when the evening train goes by.", "My uncle enjoys cooking for his neighbours."),
    "00" * 16,
)
READ = (
    "I, Shavon Ing, agree that own voice makes a copy of my voice. "
    "The old bridge hums softly when the evening train goes by. My uncle enjoys cooking for his neighbors."
)


def test_a_faithful_reading_passes_however_it_is_spelt() -> None:
    assert min(sentence_scores(SCRIPT, READ)) > 0.9
    assert min(sentence_scores(SCRIPT, f"Okay, um. Let me see. {READ} Thank you, that is all.")) > 0.9


@pytest.mark.parametrize(
    ("heard", "missing"),
    [
        (READ.replace("My uncle enjoys cooking for his neighbors.", ""), 2),
        (READ.replace("The old bridge hums softly when the evening train goes by.", ""), 1),
        (READ.replace("I, Shavon Ing, agree that own voice makes a copy of my voice.", ""), 0),
        (READ.replace("old bridge hums softly", "young fox sleeps soundly").replace("train goes by", "sun goes"), 1),
    ],
)
def test_a_missing_sentence_is_found(heard: str, missing: int) -> None:
    scores = sentence_scores(SCRIPT, heard)
    assert scores.index(min(scores)) == missing
    assert min(scores) < READ_FROM["en"]


def test_nothing_heard_is_nothing_read() -> None:
    assert sentence_scores(SCRIPT, "") == [0, 0, 0]
    assert aligned_shares(["abc"], "xyz") == [0.0]


def test_letters_of_both_languages() -> None:
    assert plain_letters("Straße, Über-Ärzte – café 12!") == "strasseuberarztecafe"
