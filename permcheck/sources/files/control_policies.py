"""Outputs of ``aws organizations`` about service and resource control policies, and where they hang.

Shapes: AWS Organizations API Reference, "ListPolicies", "ListPoliciesForTarget", "ListTargetsForPolicy",
"DescribePolicy". Policies of the other types permit and forbid nothing, and are left out.
"""

from permcheck.sources.files import naming
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.organization_drafts import RCP, SCP, ControlDraft
from permcheck.sources.files.organizations import POLICY, TARGET, listed, named, owner, untold
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, member, text, text_or_none


def policies(reading: Reading, value: JsonObject, at: str) -> None:
    """list-policies; list-policies-for-target too, which prints the same and names no target."""
    target = named(reading, TARGET)
    alone = naming.told(reading.source)[0] == "list-policies-for-target" and target is None
    if alone:
        untold(reading, at, "which policies hang", "account, unit or root", "list-policies-for-target.ID.json")
    told = ("organizations list-policies", target or _types(value))
    reading.page(value, at, told, "control policies of later pages are missing")
    draft = reading.gathered.organization

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        found = _summary(reading, entry, here)
        if found is not None and target is not None:
            draft.hangs.setdefault(target, {}).setdefault(found.id, (reading.source, here))
            draft.targets_told.add((target, found.kind))

    reading.each(value, "Policies", at, one, "control policy")


def _types(value: JsonObject) -> str:
    return str(value["Policies"][0].get("Type")) if value["Policies"] else ""


def _summary(reading: Reading, entry: JsonObject, at: str) -> ControlDraft | None:
    """A PolicySummary; None for the types that permit and forbid nothing (tags, backups, …)."""
    own, kind = text(entry, "Id", at), text(entry, "Type", at)
    if kind not in (SCP, RCP):
        return None
    owner(reading, entry)
    known = reading.gathered.organization.policies
    name = text_or_none(entry, "Name", at) or own
    return known.setdefault(own, ControlDraft(own, kind, name, reading.source, at, text_or_none(entry, "Arn", at)))


def policy(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-policy: a control policy with its text."""
    outer, here = member(value, "Policy", at) or {}, f"{at}/Policy"
    found = _summary(reading, member(outer, "PolicySummary", here) or {}, f"{here}/PolicySummary")
    if found is not None:
        raw = outer.get("Content")
        effect = f"what {found.name} denies is unknown"
        found.text = reading.text(raw, f"{here}/Content" if raw is not None else here, effect)


def targets(reading: Reading, value: JsonObject, at: str) -> None:
    """list-targets-for-policy: the accounts, units and roots on which the policy of the file's name hangs."""
    own = named(reading, POLICY)
    draft = reading.gathered.organization
    if own is None:
        if value["Targets"]:
            untold(reading, at, "the targets", "policy", "list-targets-for-policy.ID.json")
        return
    draft.policies_told.add(own)
    reading.page(value, at, ("list-targets-for-policy", own), f"targets of {own} on later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        owner(reading, entry)
        draft.hangs.setdefault(text(entry, "TargetId", here), {}).setdefault(own, (reading.source, here))

    reading.each(value, "Targets", at, one, "target")


def _control(summary: object) -> bool:
    """Whether a PolicySummary is of one of the two types; IAM's policies have none."""
    return isinstance(summary, dict) and summary.get("Type") in (SCP, RCP)


KINDS = (
    Kind(
        "organizations list-policies",
        "Policies",
        lambda value: isinstance(value["Policies"], list) and any(_control(each) for each in value["Policies"][:1]),
        policies,
    ),
    Kind(
        "describe-policy",
        "Policy",
        lambda value: isinstance(value["Policy"], dict) and _control(value["Policy"].get("PolicySummary")),
        policy,
    ),
    Kind("list-targets-for-policy", "Targets", listed("Targets", "TargetId", TARGET), targets),
)
