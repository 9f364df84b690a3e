from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.synthesizer.phonemes import alphabet
from server.text import TextError, Utterance, phoneme_ids, utterances
from server.text.sentences import CLAUSE_PAUSE, FIRST_LONGEST, LONGEST

# What the synthesizer was trained on, in its own notation.
GOLDEN = (
    ("Hello world.", "həlˈoʊ wˈɜːld."),
    ("She gave it to me.", "ʃiː ɡˈeɪv ɪt tə mˌiː."),
    ("I want to eat an apple and a pear.", "aɪ wˈɔnt tʊ ˈiːt ɐn ˈæpəl ænd ɐ pˈɛɹ."),
    ("The end of the old road.", "ðɪ ˈɛnd ʌvðɪ ˈoʊld ɹˈoʊd."),
    ("It had been a long day.", "ɪt hɐdbɪn ɐ lˈɔŋ dˈeɪ."),
    ("Put it on the table.", "pˌʊt ɪɾ ɔnðə tˈeɪbəl."),
    ("We think about it.", "wiː θˈɪŋk ɐbˈaʊt ɪt."),
    ("Yes, I can.", "jˈɛs, aɪ kˈæn."),
    ("To be or not to be?", "təbi ɔːɹ nˌɑːt tə bˈiː?"),
    ("It is more or less for a friend!", "ɪɾ ɪz mˈoːɹ ɔːɹ lˈɛs fɚɹə fɹˈɛnd!"),
)
READINGS = (
    ("I read it yesterday.", "read", "ɹˈɛd"),
    ("I will read it tomorrow.", "read", "ɹˈiːd"),
    ("We live here.", "live", "lˈɪv"),
    ("It was a live show.", "live", "lˈaɪv"),
    ("Please record this.", "record", "ɹᵻkˈoːɹd"),
    ("She broke the record.", "record", "ɹˈɛkɚd"),
    ("They present the prize.", "present", "pɹᵻzˈɛnt"),
    ("A present for you.", "present", "pɹˈɛzənt"),
    ("Close the door.", "Close", "klˈoʊz"),
    ("They are close friends.", "close", "klˈoʊs"),
    ("He wound the clock.", "wound", "wˈaʊnd"),
    ("The wound healed.", "wound", "wˈuːnd"),
    ("A tear fell.", "tear", "tˈɪɹ"),
    ("Do not tear it.", "tear", "tˈɛɹ"),
    ("The object is red.", "object", "ˈɑːbdʒɛkt"),
    ("I object to that.", "object", "əbdʒˈɛkt"),
    ("No excuse for that.", "excuse", "ɛkskjˈuːs"),
    ("What is the use of it?", "use", "jˈuːs"),
    ("They use it daily.", "use", "jˈuːz"),
)
STRANGE = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(max_codepoint=0x24F), max_size=120),
    st.lists(
        st.sampled_from(
            [
                "Dr.",
                "$5",
                "$",
                "3/4",
                "1/0",
                "10:99",
                "9:30",
                "a.m.",
                "U.S.",
                "II",
                "Henry",
                "'s",
                "'n'",
                "...",
                "—",
                "(",
                ")",
                "\n",
                "\n\n",
                "@a",
                "#b",
                "x@y.z",
                "1e9",
                "½",
                "²",
                "0/0",
                "--",
                "'",
                '"',
                "I",
                "A",
                "No.",
                "Jan.",
                "32",
                "5x6",
                "°C",
                "%",
                "€",
                "😀",
                "\u200b",
                "\u202e",
                "é",
                "ﬁ",
                "Ⅷ",
                "α",
                "the",
                "cat",
                "NASA",
                "w/",
                "&",
                "1.2.3",
                "+1",
                "(555)",
                "2024",
                "'90s",
                "mp3",
            ]
        ),
        max_size=16,
    ).map(" ".join),
)


def said(text: str, **options: object) -> list[Utterance]:
    return list(utterances(text, **options))  # type: ignore[arg-type]


def heard(utterance: Utterance, word: str) -> str:
    found = next(w for w in utterance.words if w.text == word)
    return utterance.phonemes[found.first_phoneme : found.last_phoneme + 1]


@pytest.mark.parametrize(("text", "phonemes"), GOLDEN)
def test_running_speech_sounds_as_in_training(text: str, phonemes: str) -> None:
    assert [utterance.phonemes for utterance in said(text)] == [phonemes]


@pytest.mark.parametrize(("text", "word", "phonemes"), READINGS)
def test_heteronyms_follow_their_part_of_speech(text: str, word: str, phonemes: str) -> None:
    assert heard(said(text)[0], word) == phonemes


@settings(deadline=None)
@given(STRANGE)
def test_any_text_is_spoken_or_refused_and_words_keep_their_places(text: str) -> None:
    try:
        spoken = said(text)
    except TextError:
        return
    place = 0
    for utterance in spoken:
        sound = -1
        for word in utterance.words:
            assert word.text == text[word.start_char : word.end_char] != ""
            assert place <= word.start_char
            assert sound < word.first_phoneme <= word.last_phoneme < len(utterance.phonemes)
            place, sound = word.end_char, word.last_phoneme
        assert utterance.phonemes[-1] in ".,;:!?"
        assert utterance.pause_seconds > 0
        assert set(phoneme_ids(utterance.phonemes)) <= set(alphabet().values())


def test_the_words_of_an_amount_are_one_word_of_the_text() -> None:
    (utterance,) = said("It cost $5.50 on 3/5/2024.")
    assert [word.text for word in utterance.words] == ["It", "cost", "$5.50", "on", "3/5/2024"]
    assert heard(utterance, "$5.50") == "fˈaɪv dˈɑːlɚz ænd fˈɪfti sˈɛnts"


def test_phoneme_ids_have_a_pad_after_each_symbol() -> None:
    ids = alphabet()
    assert phoneme_ids("aɪ.") == [
        ids["^"],
        ids["_"],
        ids["a"],
        ids["_"],
        ids["ɪ"],
        ids["_"],
        ids["."],
        ids["_"],
        ids["$"],
    ]


def test_pauses_grow_from_sentence_to_line_to_paragraph() -> None:
    text = "First one. Second one.\nThird one.\n\nFourth one."
    spoken = said(text)
    assert [utterance.text for utterance in spoken] == ["First one", "Second one", "Third one", "Fourth one"]
    assert spoken[0].pause_seconds < spoken[1].pause_seconds < spoken[2].pause_seconds


def test_a_wrapped_paragraph_is_not_a_list() -> None:
    wrapped = "This line of a plain paragraph is wrapped by an editor and\ngoes on here."
    assert len(said(wrapped)) == 1
    assert len(said("Milk\nEggs\nBread")) == 3


def test_sentences_end_where_they_end() -> None:
    text = "He lives in the U.S. He met Dr. Lee at 5 p.m. The end? Yes! Mr. J. K. Smith vs. them, etc. It costs 3.5."
    assert [u.text for u in said(text)] == [
        "He lives in the U.S.",
        "He met Dr. Lee at 5 p.m.",
        "The end",
        "Yes",
        "Mr. J. K. Smith vs. them, etc.",
        "It costs 3.5",
    ]


def test_long_sentences_are_cut_at_clauses() -> None:
    clause = "the little boat went slowly down the river under a grey and heavy sky"
    spoken = said(f"{', and '.join([clause] * 8)}.")
    assert all(len(utterance.text) <= LONGEST for utterance in spoken)
    assert all(utterance.phonemes.endswith(",") for utterance in spoken[:-1])
    assert all(utterance.pause_seconds == CLAUSE_PAUSE for utterance in spoken[:-1])


@pytest.mark.parametrize(
    "text", ("cat " * 400, "A" * 5000, "7" * 5000, "a." * 2500, "x" * 5000, "$1,234.56 " * 300, "½ " * 900)
)
def test_no_piece_grows_without_bound(text: str) -> None:
    assert max(len(utterance.phonemes) for utterance in said(text)) <= 2 * LONGEST


def test_the_first_piece_is_short_only_where_a_clause_ends() -> None:
    first = "When the long and quiet winter had finally ended in the mountains, "
    rest = "the people of the village came out of their houses and looked at the river for a while."
    assert said(first + rest)[0].text == first.rstrip(", ")
    flowing = "x".join(["The people of the village came out of their houses to look at the river "] * 2).replace(
        "x", "and "
    )
    assert len(flowing) > FIRST_LONGEST
    assert len(said(flowing)) == 1


@pytest.mark.parametrize("language", ("de", "", "EN-US"))
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(TextError) as caught:
        said("Hello.", language=language)
    assert (caught.value.kind, caught.value.field) == ("unsupported-language", "language")


def test_a_refusal_comes_before_the_first_utterance() -> None:
    with pytest.raises(TextError):
        next(utterances("Hello there, my friend. " + "Dies ist nicht so gut. " * 5))
    with pytest.raises(TextError, match="nothing-to-say"):
        said("…")
