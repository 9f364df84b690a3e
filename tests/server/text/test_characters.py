from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.characters import clean


@pytest.mark.parametrize(
    ("text", "plain"),
    (
        ("“Hi” – it’s me—really…", '"Hi" – it\'s me—really…'),
        ("e\u0301te\u0301", "été"),
        ("ﬁn \uff21\uff11", "fin A1"),
        ("a\u200bb\u200e\u202ec\ufeff", "abc"),
        ("a\r\nb\u2028c\x85d", "a\nb\nc\nd"),
        ("tab\there\x07bell\x00", "tab here bell "),
        ("½ m²", "½ m²"),
        ("a\u00a0b\u2009c", "a b c"),
        ("Z\u0335\u0337\u0338algo", "Zalgo"),
    ),
)
def test_text_is_made_plain(text: str, plain: str) -> None:
    assert clean(text).text == plain


@given(st.text())
def test_every_character_knows_where_it_came_from(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) == len(cleaned.starts) == len(cleaned.ends)
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert all(0 <= start < stop <= len(text) for start, stop in zip(cleaned.starts, cleaned.ends, strict=True))
    assert all(character in "\n" or character.isprintable() for character in cleaned.text)
