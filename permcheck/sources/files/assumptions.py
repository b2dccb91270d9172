"""What is taken for granted because the input has no trace of it, one sentence for each kind of document."""

from collections.abc import Iterator

from permcheck.model.function import Function
from permcheck.sources.files.gathered import Gathered

SHOWN = 3


def assumptions(gathered: Gathered, functions: tuple[Function, ...], untold: list[str], roles: bool) -> Iterator[str]:
    """Sentences in a fixed order, by what the view holds. untold: names of identities without a word on policies."""
    if not gathered.guardrails:
        yield "No service control policies were given: none are applied."
        yield "No resource control policies were given: none are applied."
    if functions:
        yield from _about_functions(gathered, functions)
        if not roles:
            yield "No identities were given: nobody is taken to be allowed by a policy of their own."
    elif roles:
        yield "No functions were given."
    if (functions or roles) and not gathered.pools:
        yield "No identity pools were given: none is taken to hand out a role."
    if untold:
        names = ", ".join(untold[:SHOWN])
        more = f" and {len(untold) - SHOWN} more" if len(untold) > SHOWN else ""
        yield f"Policies were not given for {names}{more}: none are taken to be attached."
    if gathered.passed_over:
        parts = ", ".join(f"{service} ({count})" for service, count in sorted(gathered.passed_over.items()))
        yield f"Files of the store about other services are not used: {parts}."
    yield from sorted(gathered.assumptions)


def _about_functions(gathered: Gathered, functions: tuple[Function, ...]) -> Iterator[str]:
    qualifiers = [qualifier for function in functions for qualifier in function.qualifiers]
    if not any(qualifier.policy for qualifier in qualifiers):
        yield "No function policies were given: functions are taken to have none."
    if not any(qualifier.url for qualifier in qualifiers):
        yield "No function URLs were given: functions are taken to have none."
    if not any(qualifier.name for qualifier in qualifiers):
        yield "No aliases or versions were given: functions are taken to have none."
    if not gathered.mappings:
        yield "No event source mappings were given: functions are taken to have none."
