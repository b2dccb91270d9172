"""The form of one condition case, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .asking import NEW, allow, deny, document, verdict

Text = str | list[str]
Block = Mapping[str, Mapping[str, Text]]

OPERATORS = "IAM/reference_policies_elements_condition_operators"
SETS = "IAM/reference_policies_condition-single-vs-multi-valued-context-keys"
LOGIC = "IAM/reference_policies_condition-logic-multiple-context-keys-or-values"
VARIABLES = "IAM/reference_policies_variables"
CHECKS = "IAM/access-analyzer-reference-policy-checks"


@dataclass(frozen=True, slots=True)
class Row:
    """A Condition block, a complete request context, and whether the block holds there.

    page: the page of AWS's documentation the expectation rests on. corrects_page: the page's own table says the
    opposite in this row and contradicts the definition it gives; the definition is what we expect.
    """

    name: str
    page: str
    condition: Block
    context: Mapping[str, Text]
    expected: bool
    version: str | None = NEW
    corrects_page: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One Condition block and the contexts a page tries it with: (name, context, expected)."""

    name: str
    page: str
    condition: Block
    tries: tuple[tuple[str, Mapping[str, Text], bool], ...]
    corrects_page: bool = False

    def rows(self) -> Iterator[Row]:
        """One row a try."""
        for name, context, expected in self.tries:
            yield Row(f"{self.name}: {name}", self.page, self.condition, context, expected, NEW, self.corrects_page)


def holds_in_allow(row: Row) -> bool:
    """Whether an Allow under this condition allows."""
    mine = document(allow(condition=row.condition), version=row.version)
    return verdict(context=row.context, identity_policies=[mine]) == "allowed"


def holds_in_deny(row: Row) -> bool:
    """Whether a Deny under this condition denies what another policy allows."""
    mine = document(deny(condition=row.condition), version=row.version)
    return verdict(context=row.context, identity_policies=[document(allow()), mine]) == "denied"
