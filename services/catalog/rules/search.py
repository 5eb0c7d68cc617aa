"""How a search in the catalogue reads texts and questions."""

from unicodedata import normalize


def searchable(*texts: str) -> str:
    """`texts` as one line in which the words of a question are looked up.

    Width, case and white space don't count. Chinese needs no words: any run of
    characters is found wherever it stands.

    Clause: 1-A3
    """
    return "\n".join(" ".join(_folded(text).split()) for text in texts if text.strip())


def words_of(question: str) -> tuple[str, ...]:
    """The words of a question; each has to occur, in whatever order.

    Clause: 1-A3
    """
    return tuple(dict.fromkeys(_folded(question).split()))


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()
