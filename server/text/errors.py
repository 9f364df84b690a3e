"""What is wrong with a text."""

from __future__ import annotations

from models.contract import ContractError


class TextError(ContractError):
    """A text that can't be spoken as it is.

    `kind` is "unsupported-language", "unsupported-script", "nothing-to-say" or "wrong-pronunciation"; `limit` what
    was found or what the rule asks; `start` and `stop` enclose the first fault, in characters of the text. The
    message never repeats the text.
    """

    def __init__(self, kind: str, limit: object = None, start: int = 0, stop: int = 0, field: str = "input") -> None:
        super().__init__(kind, field, limit)
        self.start = start
        self.stop = stop
