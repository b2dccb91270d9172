"""What a terminal would obey, or not show, is written out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permcheck.report.escape import escape, width


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain name", "plain name"),
        ("\x1b[31mred", r"\u{1b}[31mred"),
        ("a\nb\r\tc\x00\x7f", r"a\u{a}b\u{d}\u{9}c\u{0}\u{7f}"),
        ("\x9b31m", r"\u{9b}31m"),
        ("user\u202enimda", r"user\u{202e}nimda"),
        ("a\u200bb\u2066c\ufeff", r"a\u{200b}b\u{2066}c\u{feff}"),
        ("a\u00a0b\u2028\u2029", r"a\u{a0}b\u{2028}\u{2029}"),
        ("a\u3164b\ufe0fc\U000e0101", r"a\u{3164}b\u{fe0f}c\u{e0101}"),
        ("\udcff", r"\u{dcff}"),
        ("\ue000", r"\u{e000}"),
        ("Zoë 東京 π", "Zoë 東京 π"),
    ],
)
def test_escape(raw: str, shown: str) -> None:
    assert escape(raw) == shown


@given(st.text())
def test_what_comes_out_prints(raw: str) -> None:
    shown = escape(raw)
    assert shown.isprintable()
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in shown)


def test_width() -> None:
    assert [width(text) for text in ("abc", "東京", "e\u0301", "")] == [3, 4, 1, 0]
