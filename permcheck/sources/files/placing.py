"""Loose identity and trust policies → roles made up to carry them, so that they are judged like any other."""

import re
from posixpath import basename

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.accounts import NOWHERE, Account, Accounts
from permcheck.sources.files.drafts import IdentityDraft, LooseDocument
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.loose import TRUST
from permcheck.sources.files.shapes import function_name

_UNFIT = re.compile(r"[^\w+=,.@-]+", re.ASCII)  # what no role may be called
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


def place_loose(gathered: Gathered, accounts: Accounts) -> None:
    """Make a role for each loose document, named after its file."""
    by_account: dict[Account, int] = {}
    for loose in gathered.loose:
        account = accounts.of(loose.text.source)
        if account == NOWHERE:
            account = _named_by(loose) or NOWHERE
        arn, name = _name(gathered, loose, account)
        draft = IdentityDraft("role", arn, name, loose.text.source, loose.text.pointer, told=True, loose=True)
        text = loose.text
        trust = loose.kind == TRUST
        kind, called = (PolicyKind.RESOURCE, "trust policy") if trust else (PolicyKind.IDENTITY, name)
        policy = Policy(kind, called, text.source, text.pointer, text.document, None, text.unread, arn, trust, True)
        if trust:
            draft.trust = policy
        else:
            draft.inline[name] = policy
        gathered.identities[arn] = draft
        by_account[account] = by_account.get(account, 0) + 1
    for (_, account_id), count in sorted(by_account.items()):
        what = "1 loose policy document is judged as if it were"
        if count > 1:
            what = f"{count} loose policy documents are judged as if each were"
        gathered.assumptions.add(f"{what} on a role of account {account_id}, named after its file.")


def _named_by(loose: LooseDocument) -> Account | None:
    """The account of the first function that the document's statements name, else of the first resource."""
    statements = loose.text.document.statements if loose.text.document else ()
    resources = [resource for statement in statements for resource in statement.resources or ()]
    for resource in sorted(resources, key=lambda resource: function_name(resource) is None):
        parts = resource.split(":", 5)
        if len(parts) == 6 and parts[1].startswith("aws") and _ACCOUNT.fullmatch(parts[4]):
            return parts[1], parts[4]
    return None


def _name(gathered: Gathered, loose: LooseDocument, account: Account) -> tuple[str, str]:
    """An ARN that nobody else has: after the file, with a number from the second of a name on."""
    source = loose.text.source
    stem = "stdin" if source == "-" else _UNFIT.sub("-", basename(source).removesuffix(".json")) or "policy"
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}-{number}"
        arn = f"arn:{account[0]}:iam::{account[1]}:role/{name}"
        if arn not in gathered.identities:
            return arn, name
        number += 1
