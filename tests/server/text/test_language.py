from __future__ import annotations

import pytest

from server.text import TextError
from server.text.language import check_language
from server.text.lexicon import Lexicon
from server.text.speaking import MODELS

ENGLISH = (
    "Hello.",
    "ok",
    "123",
    "My friend José Müller from São Paulo ate a croissant at the café in Zürich.",
    "C'est la vie, as they say.",
    "Her name is Siobhán O'Reilly, and she loves déjà vu.",
    "Pierre de la Fontaine and Maria della Rovere met in Buenos Aires.",
    "Los Angeles and Las Vegas",
    "Das Boot is a German film.",
    "La La Land is a film.",
    "Schadenfreude",
    "Gesundheit!",
    "The α and β particles",
    "'Twas brillig, and the slithy toves did gyre and gimble in the wabe.",
    "Zbigniew Brzezinski met Nguyen Van Thieu.",
    "He ordered sushi, ramen, pho, kimchi and bibimbap.",
    "STOP SHOUTING AT ME, PLEASE.",
    "gonna wanna lemme dunno lol",
)
FOREIGN = (
    "Guten Tag, wie geht es Ihnen?",
    "Ich möchte gern wissen, was das kostet.",
    "NEIN, DAS IST NICHT WAHR!",
    "Bonjour tout le monde, comment allez-vous ?",
    "Je ne sais pas ce que tu veux dire.",
    "Hola, ¿cómo estás?",
    "Hola",
    "Questa è una frase che nessuno capisce.",
    "Não sei o que você quer dizer com isso.",
    "Dit is een zin in het Nederlands.",
    "Hej, hur mår du i dag?",
    "To jest zdanie po polsku.",
    "Tohle není anglická věta, ale česká.",
    "Bu bir Türkçe cümledir ve çok uzun.",
    "Ini adalah kalimat bahasa Indonesia yang panjang.",
    "Xin chào, tôi là người Việt Nam",
    "Habari ya asubuhi rafiki yangu, unaendeleaje leo?",
)
SCRIPTS = (
    ("你好", "Cjk", 0),
    ("The word 猫 means cat.", "Cjk", 9),
    ("Привет, мир", "Cyrillic", 0),
    ("مرحبا", "Arabic", 0),
    ("שלום", "Hebrew", 0),
    ("こんにちは", "Hiragana", 0),
    ("안녕하세요", "Hangul", 0),
    ("नमस्ते", "Devanagari", 0),
    ("Ελληνικά", "Greek", 2),
)
SILENT = ("👍🎉", "...!?", "—", "\u200b", "   ", "\n\n", "***", "\x00", "\ue000")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(MODELS)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_names_and_loan_words_is_spoken(lexicon: Lexicon, text: str) -> None:
    check_language(text, lexicon.knows)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_refused(lexicon: Lexicon, text: str) -> None:
    with pytest.raises(TextError) as caught:
        check_language(text, lexicon.knows)
    assert (caught.value.kind, caught.value.field, caught.value.limit) == ("unsupported-language", "input", "en")
    assert text.split()[0] not in str(caught.value)


@pytest.mark.parametrize(("text", "script", "start"), SCRIPTS)
def test_other_scripts_are_refused_by_name_and_place(lexicon: Lexicon, text: str, script: str, start: int) -> None:
    with pytest.raises(TextError) as caught:
        check_language(text, lexicon.knows)
    assert (caught.value.kind, caught.value.limit, caught.value.start) == ("unsupported-script", script, start)


@pytest.mark.parametrize("text", SILENT)
def test_what_has_no_sound_is_refused(lexicon: Lexicon, text: str) -> None:
    with pytest.raises(TextError) as caught:
        check_language(text, lexicon.knows)
    assert caught.value.kind == "nothing-to-say"


def test_a_foreign_quotation_in_a_long_english_text_is_spoken(lexicon: Lexicon) -> None:
    english = "This is a perfectly ordinary sentence in English, and there are several of them here. "
    quotation = "Das ist ein Satz. "
    check_language(english * 3 + quotation + english, lexicon.knows)
    with pytest.raises(TextError) as caught:
        check_language("One sentence. " + quotation * 4, lexicon.knows)
    assert caught.value.start == len("One sentence.")
