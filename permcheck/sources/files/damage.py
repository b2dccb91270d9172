"""A file that cannot be parsed may still tell what it was about: what it was about is then unknown, not absent."""

from permcheck.sources.files import naming, resource_policies
from permcheck.sources.files.drafts import Fragment, FunctionPolicyFragment, PolicyText
from permcheck.sources.files.foreign import text_is
from permcheck.sources.files.function_policies import functions_in, unread_on
from permcheck.sources.files.reader import Parsed
from permcheck.sources.files.reading import Reading


def note(reading: Reading, parsed: Parsed) -> None:
    """Note what stopped the reading of a file, and what is unknown because of it."""
    problem = parsed.problem
    if problem is None:
        return
    source = reading.source
    error, effect = text_is(source, parsed.text, problem.error)
    if parsed.values:
        reading.miss(problem.error, "what follows in the file is not used", line=problem.line, column=problem.column)
        return
    # The AWS CLI leaves an empty file behind when a call fails, and get-policy fails for a function without a policy:
    # an empty file is no sign that something is there.
    broken = bool(parsed.text.strip("\ufeff \t\r\n")) and error == problem.error
    if not broken and error == problem.error:
        effect = "nothing is known from it: the AWS CLI leaves an empty file where a call failed"
    named = functions_in(parsed.text) if broken else []
    kind = naming.about(source) if broken and not named else ""
    if named:
        effect = f"who may invoke {unread_on(reading, error, named, '')} is unknown"
    elif kind == "function":
        effect = "who may invoke the function it is named after is unknown"
        text = PolicyText(None, error, source, "")
        reading.gathered.function_policies.append(FunctionPolicyFragment(text))
    elif broken and (told := resource_policies.unread(reading, error, "")):
        effect = told
    elif kind in ("role", "user", "group"):
        effect = f"what the {kind} it is named after may do is unknown"
        reading.gathered.fragments.append(Fragment(kind, "", source, "", damage=error))
    reading.miss(error, effect, line=problem.line, column=problem.column, shown=bool(named or kind))
