"""What can't be spoken is refused before anything is heard: other scripts, other languages, nothing at all.

A sentence is foreign when its words are: common words of another language, signs that English lacks, and small
words that no English dictionary has, against the common words of English. Names and loan words alone never make
it so, and a text is refused only when a good part of it is foreign.
"""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from server.text.characters import Cleaned, clean
from server.text.errors import TextError

SHORT = 3  # words, up to which every one must be foreign
FOREIGN_SHARE = 0.25  # of the words, from which on a text is refused
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
GREEK_SYMBOL = 2  # a run of Greek letters up to so long is a symbol (α, μs), not a word

ENGLISH = frozenset(
    "the of and to in is it that you was for on are with as his they be at this have from or had by but what were we "
    "when your can said there use an each which she do how their if will up other about out many then them these so "
    "some her would make like him into has look two more go see no way could my than been call who its now find down "
    "day did get come made may part i'm don't it's i a he not all just over after also because very where why even "
    "hello hi yes please thank thanks good morning me our us should must any only here again".split()
)
COMMON = {
    "de": "der das und ist nicht ein eine ich sie es den dem des mit auf für von zu wir ihr sich auch als wie nur aber oder "
    "wenn wird sind haben habe kann noch nach bei aus einem einen einer über mehr zum zur durch dass daß ja nein guten tag "
    "morgen danke bitte hallo heute gut sehr schon wo wer warum immer wieder viel",
    "fr": "le les des et est une un dans que qui pour pas ne sur ce il elle nous vous je tu avec sont au aux du par plus "
    "mais ou où cette être avoir fait comme tout ses leur bonjour merci beaucoup oui c'est n'est j'ai d'un d'une l'on très bien "
    "aujourd'hui quand aussi même était",
    "es": "el los las y es una un en que de por con para no se lo su como más pero sus le ya o este sí porque esta cuando "
    "muy sin sobre también me hay donde quien desde todo nos uno les ni contra ese hola gracias buenos días estás cómo qué "
    "está del al señor",
    "it": "il lo gli e è un una di che in per non si con del della dei nel alla sono ma come anche più hai mi ti ci se "
    "questo questa quando molto tutto ciao grazie buongiorno perché chi cosa dove sei siamo era sempre delle degli dal al",
    "pt": "o os as e é um uma de que em do da não para com por se na no mais como mas ao ele ela seu sua ou quando muito já "
    "eu também só pelo pela até isso você olá obrigado bom dia está são dos das nos bem foi",
    "nl": "dit het een en van is niet dat op te zijn voor met die ik je hij ze wij aan er maar ook om als dan naar nog bij uit "
    "wat wordt hebben kan deze meer geen goed dag hallo waar hoe goedemorgen dank worden",
    "sv": "och att det som en på är av för med den till inte har de ett om jag var han hon men från kan så vi eller när "
    "också hej tack god mycket vad finns ska",
    "da": "og at det som en på er af for med den til ikke har de et om jeg var han hun men fra kan så vi eller når også hej "
    "tak meget hvad der skal mig",
    "pl": "i w nie na się z do to jest że jak o co ale po tak od za by już tylko czy dla był jego przez może które ja ty "
    "dzień dobry dziękuję gdzie kiedy bardzo przed jeszcze ma są",
    "cs": "a se v na je že to s z do o ale jak si tak za by co po když nebo jsem jsou byl ne pro aby jen už dobrý den "
    "děkuji kde velmi který není má",
    "tr": "ve bir bu için da ile çok ne daha gibi var ben o ama değil mi nasıl merhaba teşekkürler evet hayır olarak "
    "olan kadar sonra her şey",
    "fi": "ja on ei se että hän oli mutta ovat kun niin tai kuin myös joka minä sinä mitä hyvää päivää kiitos hei tämä olen "
    "vain jos nyt",
    "hu": "a az és hogy nem is egy van ez meg csak de már vagy mint volt én jó napot köszönöm igen mi ki azt még kell",
    "ro": "și este nu în la cu pe o un care să pentru din mai sunt că ce ca fi bună ziua mulțumesc da dar după foarte",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga saya ke karena ada mereka kami bisa apa selamat "
    "terima kasih pagi oleh kita sudah",
    "la": "et in est non ad cum ut sed quod qui quae ex per hoc si enim esse sunt atque ab de nec",
}
WORDS_OF = {language: frozenset(word for word in words.split() if len(word) > 1) for language, words in COMMON.items()}
# Strong signs: letters and marks that English has only in names.
SIGNS = {
    "es": "¿¡ñ",
    "de": "ßäöü",
    "pl": "łżśćńęą",
    "cs": "řůěščž",
    "fr": "çœèêàù",
    "pt": "ãõç",
    "sv": "å",
    "tr": "ğış",
    "hu": "őű",
    "ro": "ășț",
    "vi": "ơưđạảấầẩậắằ",
}


def check_language(text: str, known: Callable[[str], bool]) -> None:
    """Raises TextError("nothing-to-say" | "unsupported-script" | "unsupported-language"); names what was found.

    `known` says whether a lower-case word is English.
    """
    cleaned = clean(text)
    if not any(c.isalnum() for c in cleaned.text):
        raise TextError("nothing-to-say")
    _check_script(cleaned)
    foreign = total = 0
    first: tuple[int, int] | None = None
    for start, stop, words in _sentences(cleaned.text):
        total += len(words)
        if foreign_language(words, known) is not None:
            foreign += len(words)
            first = first or (start, stop)
    if first is not None and foreign >= FOREIGN_SHARE * total:
        raise TextError("unsupported-language", "en", cleaned.starts[first[0]], cleaned.ends[first[1] - 1])


def _check_script(cleaned: Cleaned) -> None:
    run = 0
    for index, character in enumerate(cleaned.text):
        if character < "\u0250" or not character.isalpha():
            run = 0
            continue
        script = unicodedata.name(character, "UNKNOWN").split()[0]
        run = run + 1 if script == "GREEK" else 0
        if script not in ("LATIN", "GREEK") or run > GREEK_SYMBOL:
            raise TextError("unsupported-script", script.title(), cleaned.starts[index], cleaned.ends[index])


def _sentences(text: str) -> Iterator[tuple[int, int, list[str]]]:
    for match in SENTENCE.finditer(text):
        if words := [word[0] for word in WORD.finditer(match[0])]:
            yield match.start(), match.end(), words


def foreign_language(words: list[str], known: Callable[[str], bool]) -> str | None:
    """The code of the language that a sentence is in, "und" for one that is not known, None for English or in doubt."""
    small = [word.lower() for word in words]
    strange = [_is_strange(word, all(w.isupper() for w in words), known) for word in words]
    scores = {
        language: sum(
            1.0 if word in common and (word not in ENGLISH) else 0.0 if word in ENGLISH else 0.7 * odd
            for word, odd in zip(small, strange, strict=True)
        )
        for language, common in WORDS_OF.items()
    }
    for language, signs in SIGNS.items():
        scores[language] = scores.get(language, 0.7 * sum(strange)) + sum(
            any(c in signs for c in word) for word in words if word[0].islower()
        )
    best = max(scores, key=lambda language: scores[language])
    found = scores[best]
    english = sum(word in ENGLISH for word in small)
    if len(words) <= SHORT:
        common = WORDS_OF.get(best, frozenset())
        all_foreign = all(word in common or odd for word, odd in zip(small, strange, strict=True))
        return best if all_foreign and any(word in common and word not in ENGLISH for word in small) else None
    if found >= 2 and found > english + 0.2 * len(words):
        return best if any(word in WORDS_OF.get(best, ()) for word in small) else "und"
    return None


def _is_strange(word: str, shouted: bool, known: Callable[[str], bool]) -> bool:
    """Whether a word is in no English dictionary, nor its stem; a capital letter makes it a name."""
    low = word.lower()
    if len(low) < 3 or not (shouted or word.islower()) or known(low):
        return False
    return not any(
        low.endswith(end) and known(low[: -len(end)]) for end in ("s", "'s", "ed", "d", "ing", "ly", "er", "r")
    )
