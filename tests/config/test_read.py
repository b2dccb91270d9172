"""What a configuration may say, and what is wrong with one that says something else."""

import json
from dataclasses import fields
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.config import Config, PublicFunction, Suppression, load
from permcheck.config.read import SETTINGS
from permcheck.errors import ConfigError, ExitCode

FULL = """\
trusted_accounts = ["444455556666", "012345678901"]
trusted_orgs = ["o-a1b2c3d4e5"]
deploy_roles = ["arn:aws:iam::111122223333:role/release-*", "ci"]
select = ["PC1*"]
ignore = ["no-version"]
fail_on = "medium"

[severity]
PC101 = "low"

[[public_functions]]
function = "webhook-*"
reason = "checks a signature"

[[suppressions]]
rule = "PC104"
resource = "app-guest"
sid = "Old"
reason = "goes away with version 2"
until = 2027-01-31

[[suppressions]]
rule = "invoke-*"
resource = "*"
reason = "known"
"""


def written(folder: Path, text: str, name: str = "permcheck.toml") -> str:
    """Write a configuration file, return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_everything(tmp_path: Path) -> None:
    source = written(tmp_path, FULL)
    assert load(source) == Config(
        trusted_accounts=frozenset(("444455556666", "012345678901")),
        trusted_orgs=frozenset(("o-a1b2c3d4e5",)),
        deploy_roles=("arn:aws:iam::111122223333:role/release-*", "ci"),
        public_functions=(PublicFunction("webhook-*", "checks a signature"),),
        select=("PC1*",),
        ignore=("no-version",),
        severity={"PC101": "low"},
        fail_on="medium",
        suppressions=(
            Suppression(
                "PC104", "app-guest", "goes away with version 2", "Old", date(2027, 1, 31), place=f"{source}:15"
            ),
            Suppression("invoke-*", "*", "known", place=f"{source}:22"),
        ),
        source=source,
    )


def test_an_empty_one_changes_nothing_but_the_source(tmp_path: Path) -> None:
    source = written(tmp_path, "")
    assert load(source) == Config(source=source)


def test_each_setting_of_config_can_be_written() -> None:
    assert set(SETTINGS) == {field.name for field in fields(Config)} - {"source", "places"}


@pytest.mark.parametrize(
    ("text", "place", "says", "hint"),
    [
        ("\ntrusted_acounts = []", ":2", "trusted_acounts: permcheck knows no such setting", "trusted_accounts"),
        ("nothing_like_it = 1", ":1", "nothing_like_it", "there are trusted_accounts, "),
        ("trusted_accounts = 111122223333", ":1", "trusted_accounts: is a list of strings", "["),
        ("trusted_accounts = [\n  111122223333]", ":2", "holds strings, not 111122223333", '"111122223333"'),
        ('trusted_accounts = ["1111"]', ":1", "an account id is 12 digits, not '1111'", None),
        ('trusted_accounts = ["١٢٣٤٥٦٧٨٩٠١٢"]', ":1", "12 digits", None),
        ('trusted_orgs = [\n"o-ok",\n"r-abc"]', ":3", "begins with o-, not 'r-abc'", None),
        ('deploy_roles = [""]', ":1", "empty string", None),
        ('fail_on = "hihg"', ":1", "is one of info, low, medium, high, critical or never, not 'hihg'", None),
        ("fail_on = 3", ":1", "not 3", None),
        ('[severity]\nPC101 = "bad"', ":2", "PC101: a severity is one of", None),
        ("severity = 3", ":1", "is a table of rules", "PC101"),
        ('[[public_functions]]\nfunction = "f"', ":1", "an entry has no reason", "function and reason"),
        ('[[public_functions]]\nfunction = "f"\nreason = " "', ":3", "reason: is a string that says something", None),
        ('[[public_functions]]\nfuncton = "f"', ":2", "no such setting", "did you mean function?"),
        (
            '[[suppressions]]\nrule = "a"\nresource = "*"\nreason = "x"\n[[suppressions]]\nrule = 3',
            ":6",
            "rule: is a string",
            None,
        ),
        ('public_functions = [{function = "f"}]', ":1", "an entry has no reason", None),
        ('public_functions = ["f"]', ":1", "is a list of tables", "[[public_functions]]"),
        ('[[suppressions]]\nrule = "PC1"\nresource = "r"', ":1", "has no reason", None),
        (
            '[[suppressions]]\nrule = "PC1"\nresource = "r"\nreason = "x"\nuntil = "soon"',
            ":5",
            "until: is a day such as 2027-01-31, not 'soon'",
            None,
        ),
        (
            '[[suppressions]]\nrule = "PC1"\nresource = "r"\nreason = "x"\nuntil = 2027-01-31T00:00:00',
            ":5",
            "is a day",
            None,
        ),
        ("a = [", "", "is no TOML: ", None),
        ("a = 1\nb = x", "", "(at line 2, ", None),
    ],
)
def test_what_is_wrong_says_where(tmp_path: Path, text: str, place: str, says: str, hint: str | None) -> None:
    source = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load(source)
    assert error.value.message.startswith(f"{source}{place}: ")
    assert says in error.value.message and "\n" not in error.value.message
    assert (hint or "") in (error.value.hint or "")
    assert error.value.exit_code == ExitCode.USAGE


def schema() -> Any:
    """The JSON Schema of permcheck.toml."""
    return json.loads(resources.files("permcheck.config").joinpath("config.schema.json").read_text("utf-8"))


def test_the_schema_knows_every_setting_and_accepts_the_example() -> None:
    import tomllib

    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["properties"]) == set(SETTINGS)
    # JSON has no dates: as JSON, one is a string
    example = json.loads(json.dumps(tomllib.loads(FULL), default=str))
    jsonschema.Draft202012Validator(schema()).validate(example)


@pytest.mark.parametrize("wrong", [{"x": 1}, {"fail_on": "bad"}, {"trusted_accounts": ["1"]}, {"suppressions": [{}]}])
def test_the_schema_refuses_what_the_program_refuses(wrong: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate(wrong)
