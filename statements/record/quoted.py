"""In which language a quotation is: that of the words it was found in."""

from statements import quotes
from statements.record.document import Document


def language_of(quote: str, content: Document) -> str:
    """The language of the first wording that holds the quotation; of the statement where there is no wording.

    Looked for only where the wordings are in several languages: in published words every quotation stands in one of
    them, and folding a long text takes longer than a page may.
    """
    languages: list[str] = [wording["language"] for wording in content["wordings"]]
    if quote and len(set(languages)) == 1:
        return languages[0]
    for wording in content["wordings"]:
        if quote and quotes.occurs(quote, wording["text"]):
            language: str = wording["language"]
            return language
    of_statement: str = content["language"]
    return of_statement
