"""The text front end: English text in, phonemes for the synthesizer out, each word with its place in both.

`characters` cleans, `language` refuses what can't be spoken, `reading` says figures and short forms in words,
`sentences` cuts, `lexicon` and `phrases` transcribe.
"""

from server.text.errors import TextError
from server.text.speaking import Spoken, Utterance, Word, phoneme_ids, utterances, warm_up

__all__ = ["Spoken", "TextError", "Utterance", "Word", "phoneme_ids", "utterances", "warm_up"]
