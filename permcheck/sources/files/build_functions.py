"""Drafts of functions → functions, each with its qualifiers; and policies that do not tell their function exactly."""

from collections.abc import Iterable, Iterator
from fnmatch import translate
from re import compile as pattern_of

from permcheck.model.function import Function, Qualifier
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy
from permcheck.sources.files import naming
from permcheck.sources.files.drafts import FunctionDraft, FunctionPolicyFragment, QualifierDraft
from permcheck.sources.files.function_policies import NAME, put, resource_policy
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.shapes import account_of, last_part


def join_functions(gathered: Gathered) -> list[Policy]:
    """Give policies and tags that do not name their function to the function of the file's name.

    Returns the policies that stay alone: their text is there to be looked at.
    """
    by_name: dict[str, list[str]] = {}
    for arn, draft in gathered.functions.items():
        by_name.setdefault(draft.name, []).append(arn)
    for fragment in gathered.fragments:
        if fragment.kind == "function" and fragment.tags is not None:
            told = _by_file(fragment.source, by_name)
            if told is not None:
                gathered.functions[told[0]].tags = fragment.tags
            elif fragment.tags:
                error = "it tells tags, but not of which function: neither the text nor the file's name says so"
                effect = "no function is taken to have them; call the file list-tags.NAME.json to tell"
                gathered.not_read.append(NotRead(fragment.source, error, effect, fragment.pointer))
    return [policy for fragment in gathered.function_policies for policy in _place(gathered, fragment, by_name)]


def _by_file(source: str, by_name: dict[str, list[str]]) -> tuple[str, str] | None:
    """The function a file is named after, and the qualifier that follows its name."""
    found = naming.owner(source, by_name)
    if found is None or len(by_name[found[0]]) != 1:
        return None
    return by_name[found[0]][0], found[1]


def _place(gathered: Gathered, fragment: FunctionPolicyFragment, by_name: dict[str, list[str]]) -> Iterator[Policy]:
    text = fragment.text
    told = None if fragment.loose else _by_file(text.source, by_name)
    if told is not None:
        put(gathered, *told, text)
        return
    matching = [arn for arn in gathered.functions if any(_matches(p, arn) for p in fragment.patterns)]
    if matching and (fragment.loose or len(matching) == 1):
        for arn in matching:
            put(gathered, arn, "", text, loose=fragment.loose)
        return
    if text.document is None:
        return  # noted where it was read
    if text.document.statements:
        error = "it does not say which function it is on: no statement names one, and the file's name fits none in view"
        effect = "no function is taken to have this policy"
        gathered.not_read.append(NotRead(text.source, error, effect, text.pointer))
    yield resource_policy(text, NAME, None, loose=fragment.loose)


def _matches(pattern: str, arn: str) -> bool:
    return pattern_of(translate(pattern.replace("[", "[[]"))).match(arn) is not None


def build_functions(gathered: Gathered, listed: Iterable[tuple[str, str]]) -> tuple[Function, ...]:
    """Functions sorted by ARN. listed: every listing that is in view to its end."""
    told = set(_with_urls_told(gathered, listed))
    for arn, draft in gathered.functions.items():
        draft.urls_told = _place_of(arn) in told
    return tuple(_function(gathered.functions[arn]) for arn in sorted(gathered.functions))


def _with_urls_told(gathered: Gathered, listed: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The accounts and Regions of which the input tells URLs: a call for a function without one leaves no trace."""
    by_name: dict[str, list[str]] = {}
    for arn, draft in gathered.functions.items():
        by_name.setdefault(draft.name, []).append(arn)
        if any(qualifier.url is not None for qualifier in draft.qualifiers.values()):
            yield _place_of(arn)
    for operation, scope in listed:
        if operation == "list-function-url-configs":
            # A listing without an entry says whose it is by the name of its file alone.
            told = (scope, "") if scope in gathered.functions else _by_file(scope, by_name)
            if told is not None:
                yield _place_of(told[0])


def _place_of(arn: str) -> str:
    """Partition, service, Region and account of an ARN."""
    return arn.rsplit(":function:", 1)[0]


def _function(draft: FunctionDraft) -> Function:
    own = draft.qualifiers.pop("", None) or QualifierDraft("", draft.source, draft.pointer)
    others = [draft.qualifiers[name] for name in sorted(draft.qualifiers)]
    own.role = draft.role or _newest_role(others)
    for other in others:
        if other.role is None and other.version in draft.qualifiers:
            other.role = draft.qualifiers[other.version].role
    return Function(
        draft.arn,
        draft.name,
        draft.source,
        draft.pointer,
        own.role,
        tuple(_qualifier(each) for each in (own, *others)),
        draft.layers,
        draft.tags,
        draft.listed,
        tuple(draft.destinations[key] for key in sorted(draft.destinations)),
        draft.code_signing,
        draft.holds_key,
        draft.urls_told,
    )


def _newest_role(versions: list[QualifierDraft]) -> str | None:
    """The role of the highest version in view: the nearest thing to the function's own where that is not told."""
    numbered = [(int(v.name) if v.name.isdecimal() else 0, v.name, v.role) for v in versions if v.role]
    return max(numbered)[2] if numbered else None


def _qualifier(draft: QualifierDraft) -> Qualifier:
    return Qualifier(draft.name, draft.policy, draft.url, draft.source, draft.pointer, draft.version, draft.role)


def roles_not_in_view(functions: tuple[Function, ...], roles: set[str], accounts: set[str]) -> Iterator[NotRead]:
    """Execution roles that are missing although identities of their account were given."""
    for function in functions:
        role = function.role
        if role is None or role in roles or role.count(":") < 5 or account_of(role) not in accounts:
            continue
        yield NotRead(
            function.source,
            f"the execution role {last_part(role)} of {function.name} is not among the identities in view",
            f"what {function.name} can reach is unknown",
            f"{function.pointer}/Role",
            arn=role,
            api="iam:GetRole",
        )
