"""One file being read: where its facts go, where they stand, and how its policies and lists are taken apart."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from permcheck.model.location import NotRead
from permcheck.model.policy import Document, Policy, PolicyKind
from permcheck.policy.parse import PolicySyntaxError, check_place, parse_document, repeated_keys
from permcheck.sources.files.drafts import Page, PolicyText
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reader import parse_embedded
from permcheck.sources.files.shapes import JsonObject, WrongShape, type_name

# What services call the token for the next page; the AWS CLI writes NextToken where it was told to stop early.
_GOES_ON = ("NextMarker", "NextToken", "nextToken", "position", "PaginationToken")

Entry = Callable[["Reading", JsonObject, str], None]


class Reading:
    """The state of reading one file. source: the file as the user named it; repeated: some key stands twice in it."""

    def __init__(self, gathered: Gathered, source: str, repeated: bool = False) -> None:
        self.gathered = gathered
        self.source = source
        self.repeated = repeated
        self._told_repeated: list[str] = []

    def miss(
        self, error: str, effect: str, at: str = "", *, line: int | None = None, column: int | None = None,
        arn: str | None = None, api: str | None = None, shown: bool = False,
    ) -> None:  # fmt: skip
        """Note something that could not be read. at: its pointer; line and column where only the text tells.

        shown: whether verdicts tell by themselves what is unknown for it.
        """
        self.gathered.not_read.append(NotRead(self.source, error, effect, at, line, column, arn, api, shown))

    def each(self, value: JsonObject, key: str, at: str, read: Entry, what: str) -> None:
        """Read the entries of a list one by one; an entry of another shape is noted and left out."""
        listed = value.get(key)
        if listed is None:
            return
        if not isinstance(listed, list):
            self.miss(f"{key} is a list, not {type_name(listed)}", f"no {what} is read from it", f"{at}/{key}")
            return
        for i, entry in enumerate(listed):
            here = f"{at}/{key}/{i}"
            try:
                if not isinstance(entry, dict):
                    raise WrongShape(here, f"a {what} is an object, not {type_name(entry)}")
                read(self, entry, here)
            except WrongShape as wrong:
                self.miss(wrong.message, f"this {what} is left out", wrong.pointer)

    def document(self, raw: Any, at: str, effect: str) -> tuple[Document | None, str | None]:
        """A policy as IAM and Lambda print it: an object, JSON in a string, or URL-encoded JSON in a string.

        Returns the document, or None and the reason why it is unread; the reason is noted too.
        """
        if not isinstance(raw, str):
            return self.parsed(raw, self.repeated, at, effect)
        try:
            value, repeated = embedded(raw)
        except ValueError as error:
            return None, self._unread(f"the policy text cannot be read: {error}", effect, at)
        return self.parsed(value, repeated, at, effect)

    def parsed(
        self, value: Any, repeated: bool, at: str, effect: str, shown: bool = True
    ) -> tuple[Document | None, str | None]:
        """Like ``document``, for a policy that is a JSON value already; repeated: some key stands twice in it."""
        if value is None:
            return None, self._unread("the policy's text is missing", effect, at, shown)
        try:
            return parse_document(value, repeated=repeated), None
        except PolicySyntaxError as error:
            self._told_repeated.append(at)
            return None, self._unread(error.message, effect, at + error.pointer, shown)
        except RecursionError:
            return None, self._unread("the policy is nested too deeply", effect, at, shown)

    def text(self, raw: Any, at: str, effect: str) -> PolicyText:
        """A policy document with its place, for later."""
        document, unread = self.document(raw, at, effect)
        return PolicyText(document, unread, self.source, at)

    def parsed_text(self, value: Any, repeated: bool, at: str, effect: str, shown: bool = True) -> PolicyText:
        """The same, for a policy that is a JSON value already. shown: whether it is told whose policy it is."""
        document, unread = self.parsed(value, repeated, at, effect, shown)
        return PolicyText(document, unread, self.source, at)

    def policy(self, kind: PolicyKind, name: str, raw: Any, at: str, effect: str, owner: str | None) -> Policy:
        """A policy whose owner is known."""
        document, unread = self.document(raw, at, effect)
        if document is not None:
            try:
                check_place(document, kind)
            except PolicySyntaxError as error:
                document, unread = None, self._unread(error.message, effect, at + error.pointer)
        return Policy(kind, name, self.source, at, document, None, unread, owner)

    def unread(self, kind: PolicyKind, name: str, wrong: WrongShape, effect: str, owner: str | None) -> Policy:
        """A policy that exists, though the member that should hold it has another shape."""
        self.miss(wrong.message, effect, wrong.pointer, shown=True)
        return Policy(kind, name, self.source, wrong.pointer, None, None, wrong.message, owner)

    def _unread(self, error: str, effect: str, at: str, shown: bool = True) -> str:
        self.miss(error, effect, at, shown=shown)
        return error

    def page(self, value: JsonObject, at: str, listing: tuple[str, str], effect: str) -> None:
        """Note whether a listing goes on after this page."""
        more = more_pages(value)
        self.gathered.pages.append(Page(listing, more, self.source, f"{at}/{more}" if more else at, effect))

    def leftover_repeated(self, values: list[tuple[str, Any]]) -> None:
        """Note every key that stands twice outside the policies that were refused for it."""
        if not self.repeated:
            return
        for at, value in values:
            for pointer, key in repeated_keys(value, at):
                if not any(pointer == told or pointer.startswith(f"{told}/") for told in self._told_repeated):
                    self.miss(
                        f"the key {key!r} stands twice in one object",
                        "only the last of the two is used",
                        pointer,
                    )


def more_pages(value: JsonObject) -> str:
    """The member that says the listing goes on: IAM's IsTruncated, Lambda's NextMarker, the AWS CLI's own NextToken."""
    if value.get("IsTruncated") is True:
        return "IsTruncated"
    return next((key for key in _GOES_ON if value.get(key)), "")


def embedded(text: str) -> tuple[Any, bool]:
    """The JSON in a string, URL-encoded or not, and whether a key stood twice. Raises ValueError with one line."""
    # The IAM API encodes policies after RFC 3986; the AWS CLI decodes them again, other programs do not.
    if text.lstrip()[:3].upper() in ("%7B", "%5B", "%20", "%0A", "%09", "%0D"):
        text = unquote(text)
    return parse_embedded(text)
