"""Values for parameters, in the forms people keep them in."""

from pathlib import Path
from typing import Any

import pytest

from permcheck.errors import UsageError
from permcheck.sources.cloudformation import Options, Templates, load_parameters
from tests.sources.cloudformation.checking import folder, granting, resources_of


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "p.json",
            [{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Two", "UsePreviousValue": 1}],
        ),
        ("p.json", {"Parameters": {"Stage": "prod"}, "Tags": {"a": "b"}}),
        ("p.json", {"Stage": "prod", "dep": {"Fn::GetAtt": ["a", "Outputs.Id"]}}),
        ("p.json", ["Stage=prod", "Other='a b'"]),
        ("p.yaml", "Stage: prod\n"),
        ("samconfig.toml", '[default.deploy.parameters]\nparameter_overrides = "Stage=\\"prod\\" Other=1"\n'),
        ("samconfig.toml", '[default.deploy.parameters]\nparameter_overrides = ["Stage=prod"]\n'),
        ("samconfig.toml", '[dev.global.parameters]\nparameter_overrides = "ParameterKey=Stage,ParameterValue=prod"\n'),
    ],
)
def test_forms(tmp_path: Path, name: str, content: Any) -> None:
    (path,) = folder(tmp_path, {name: content})
    assert load_parameters(path)["Stage"].text() == "prod"


@pytest.mark.parametrize(
    ("name", "content"), [("p.json", "{"), ("p.toml", "= ="), ("p.json", "[1, 2]"), ("p.yaml", "a: [")]
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: str) -> None:
    (path,) = folder(tmp_path, {name: content})
    with pytest.raises(UsageError) as caught:
        load_parameters(path)
    assert "\n" not in caught.value.message and name in caught.value.message


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_parameters(str(tmp_path / "none.json"))


def test_amplify_keeps_them_beside_the_template(tmp_path: Path) -> None:
    template = {
        "Parameters": {"bucket": {"Type": "String"}, "list": {"Type": "CommaDelimitedList"}},
        "Resources": {"R": granting([{"Ref": "bucket"}, {"Fn::Select": [1, {"Ref": "list"}]}])},
    }
    beside = {"bucket": "photos", "list": ["a", "b"], "unknown": "x"}
    files = folder(tmp_path, {"app-cloudformation-template.json": template, "parameters.json": beside})
    templates = Templates(Options())
    path = next(path for path in files if path.endswith("template.json"))
    templates.takes(path, files[path])
    (facts,) = templates.worlds()
    assert resources_of(facts) == ["photos", "b"]
    assert any("Parameters were taken from" in sentence for sentence in facts.assumptions)
