"""Drafts of resources → resources; tags for whatever they are of; calls to functions that are not there."""

from collections.abc import Iterator
from dataclasses import replace

from permcheck.model.location import NotRead
from permcheck.model.resource import Resource
from permcheck.sources.files.accounts import NOWHERE, Accounts
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.pages import unended
from permcheck.sources.files.resource_drafts import Call, ResourceDraft
from permcheck.sources.files.shapes import account_of, function_name


def apply_tags(gathered: Gathered) -> None:
    """Give tags of the tagging API to functions, roles, users and resources that other files bring into view."""
    for tagged in gathered.tagged:
        tags = dict(tagged.tags)
        for things in (gathered.functions, gathered.identities, gathered.resources):
            draft = things.get(tagged.arn)
            if draft is None:
                continue
            if draft.tags is not None and dict(draft.tags) != tags:
                gathered.differs(tagged.arn, draft.source, tagged.source, tagged.pointer, ["tags"])
            draft.tags = tags


def resources(gathered: Gathered, accounts: Accounts) -> Iterator[Resource]:
    """Resources sorted by ARN."""
    for arn in sorted(gathered.resources):
        draft = gathered.resources[arn]
        triggers = [
            draft.triggers[key] for key in sorted(draft.triggers, key=lambda key: (key[0], key[1] or "", *key[2:]))
        ]
        if not draft.enabled:
            triggers = [replace(trigger, enabled=False) for trigger in triggers]
        yield Resource(
            arn,
            draft.service,
            draft.source,
            draft.pointer,
            _account(draft, accounts),
            draft.policy,
            draft.policy_read,
            tuple(triggers),
            draft.tags,
            tuple(sorted(draft.forwards)),
            draft.role,
            draft.pattern,
        )


def _account(draft: ResourceDraft, accounts: Accounts) -> str:
    """The account the ARN tells; for a bucket, that of the files beside it."""
    told = account_of(draft.arn) or draft.account
    if told:
        return told
    account = accounts.of(draft.source)
    return "" if account == NOWHERE else account[1]


def dangling(gathered: Gathered) -> Iterator[NotRead]:
    """Calls to functions that a complete listing of their account and Region does not know."""
    listed = {page.listing[1] for page in gathered.pages if page.listing[0] == "list-functions"}
    listed -= {scope for operation, scope in unended(gathered.pages) if operation == "list-functions"}
    mapped = (Call(m.function_arn, "an event source mapping", m.source, m.pointer) for m in gathered.mappings.values())
    for call in (*gathered.calls, *mapped):
        told = function_name(call.function)
        if told is None or gathered.functions[told[0]].listed:
            continue
        scope = ":".join(told[0].split(":")[1:5])
        if scope in listed:
            name = told[0].rsplit(":", 1)[-1]
            error = f"{call.by} calls the function {name}, which is not among the functions listed"
            effect = f"it calls nothing now, and would call whatever is created under the name {name}"
            yield NotRead(call.source, error, effect, call.pointer, arn=told[0], api="lambda:GetFunction")
