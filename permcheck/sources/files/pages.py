"""Listings that go on after their last page in view."""

from collections.abc import Iterator

from permcheck.model.location import NotRead
from permcheck.sources.files.drafts import Page


def missing_pages(pages: list[Page]) -> Iterator[NotRead]:
    """One line for each listing whose last page is not there."""
    for (operation, _), page in sorted(unended(pages).items()):
        error = f"a page is missing: {operation} goes on after this one ({page.more})"
        yield NotRead(page.source, error, page.effect, page.pointer)


def unended(pages: list[Page]) -> dict[tuple[str, str], Page]:
    """The listings whose last page is not there, each with a page that says it goes on.

    A page does not say which one it follows, so a listing counts as complete once some page of it is the last. A last
    page may be empty and then does not tell its account: it ends any listing of that operation.
    """
    ended = {page.listing for page in pages if not page.more}
    told: dict[tuple[str, str], Page] = {}
    for page in pages:
        if page.more:
            told[page.listing] = page
    return {
        (operation, scope): page
        for (operation, scope), page in told.items()
        if (operation, scope) not in ended
        and (operation, "") not in ended
        and not (scope == "" and any(name == operation for name, _ in ended))
    }
