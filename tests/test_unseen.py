"""What nobody sees, what turns the direction of writing, and what passes for something else."""

import sys
import unicodedata

import pytest

from foedus.unseen import UNSEEN, mixed, seen


def test_every_character_without_a_form_or_that_turns_others_is_unseen():
    """By the categories of this Python's Unicode: format, control, surrogate, private use, and both line separators.

    Signs of Arabic, Syriac and Kaithi numbers, hieroglyphs and shorthand are of category Cf and have a form.
    """
    formed = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    formed |= {*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)}
    for number in range(sys.maxunicode + 1):
        kind = unicodedata.category(chr(number))
        if kind in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp") and number not in formed and chr(number) not in "\t\n":
            assert UNSEEN.match(chr(number)), f"U+{number:04X}"
        elif kind[0] in "LNPS" and number not in (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0):
            shown = 0xFFF0 <= number <= 0xFFFF
            assert shown or UNSEEN.match(chr(number)) is None, f"U+{number:04X}"


@pytest.mark.parametrize("word", ["K\u0443iv", "\u041ayiv", "P\u03bfland", "U\u041aR", "Źdźbł\u043e"])
def test_a_word_of_two_alphabets_is_found(word):
    assert mixed(f"Договір, {word}: text") == word


def test_words_of_one_alphabet_beside_others_are_none():
    for text in ("", "Kyiv", "Київ, Kyiv, Κίεβο", "F-16 та Patriot-и", "ЄС/EU", "東京 Tokyo 도쿄", "1а 2b", "Ε.Ε. EU"):
        assert mixed(text) is None


def test_what_moves_or_turns_is_written_out_and_nothing_else():
    assert seen("a\x1b[2J\u202eb\u2066c\u009b\r") == "a<U+001B>[2J<U+202E>b<U+2066>c<U+009B><U+000D>"
    for text in ("tab\tand line\n", "میخواهم", "می\u200cخواهم", "Київ", "👩\u200d🚀"):
        assert seen(text) == text
