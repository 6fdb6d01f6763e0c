"""The glossary says what the code and the text say."""

from tools.glossary import PAGE, page


def test_the_glossary_is_what_the_code_and_the_text_give():
    """Run `python -m tools.glossary` when an act, an event, a clause or its words changed."""
    assert PAGE.read_text("utf-8") == page()
