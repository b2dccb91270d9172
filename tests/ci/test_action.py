"""The GitHub action, the pre-commit hook and the snippets of docs/ci.md, as far as they run without those services."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from permcheck.report import FORMATS
from tests.cli.test_check_accepted import URL
from tests.sources.captures import details, role
from tools.docs import ROOT

ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS: Mapping[str, Any] = {step.get("id", "upload"): step for step in ACTION["runs"]["steps"]}
DOCS = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BASH = shutil.which("bash")
WIDE = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}


def of_vendor(name: str) -> Any:
    """A schema of somebody else's file format, as a package of other people ships it."""
    folder = resources.files("check_jsonschema").joinpath("builtin_schemas", "vendor")
    return json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))


def valid(value: Any, schema: str) -> None:
    """Fail unless the schema holds."""
    found = of_vendor(schema)
    jsonschema.validators.validator_for(found)(found).validate(value)


def test_the_action_is_one() -> None:
    valid(ACTION, "github-actions")


def test_every_input_is_used_and_none_reaches_a_script() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")
    for name, value in ACTION["inputs"].items():
        assert "default" in value and f"| `{name}` | " in DOCS


def snippets(language: str) -> list[str]:
    """The code of this language in docs/ci.md."""
    return re.findall(rf"(?s)```{language}\n(.*?)```", DOCS)


def test_the_snippets_are_what_they_say() -> None:
    workflow, gitlab, hooks, metadata, commented = map(yaml.safe_load, snippets("yaml"))
    # YAML 1.1 takes the key "on" for a truth; GitHub does not.
    valid({"on" if key is True else key: value for key, value in workflow.items()}, "github-workflows")
    valid(gitlab, "gitlab-ci")
    used = workflow["jobs"]["permcheck"]["steps"][1]["with"]
    assert set(used) <= set(ACTION["inputs"])
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == [hook["id"] for hook in HOOKS]
    assert metadata["Metadata"]["permcheck"]["suppressions"] and commented["Resources"]


def test_the_acceptances_of_the_docs_are_read(tmp_path: Path) -> None:
    from permcheck.config import load
    from permcheck.model import Suppression
    from permcheck.sources.declared.acceptances import of_comments, of_metadata

    *_, metadata, commented = snippets("yaml")
    (found,) = of_metadata({"Resources": {"A": yaml.safe_load(metadata)}}, "a.yaml")
    assert isinstance(found, Suppression)
    (found,) = of_comments(commented, yaml.compose(commented), "a.yaml")
    assert isinstance(found, Suppression) and found.pointer == "/Resources/WebhookUrl"
    (tmp_path / "permcheck.toml").write_text(snippets("toml")[0])
    assert len(load(start=tmp_path).suppressions) == 1


def test_every_format_and_exit_code_is_told() -> None:
    for form in FORMATS:
        assert f"| `{form}` | " in DOCS
    for code in range(6):
        assert f"| {code} | " in DOCS


class Job:
    """A job on a runner, as far as a step can tell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output, self.summary = folder / "runner" / "output", folder / "runner" / "summary"
        self.project = folder / "project"
        self.project.mkdir()
        (folder / "runner").mkdir()
        program = folder / "runner" / "permcheck"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m permcheck "$@"\n')
        program.chmod(0o755)
        self.given = {name: value["default"] for name, value in ACTION["inputs"].items()} | {"command": "audit"}
        self.program = program

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the step that runs permcheck, with these inputs (``_`` for ``-``)."""
        given = self.given | {name.replace("_", "-"): value for name, value in inputs.items()}
        named = {"steps.install.outputs.permcheck": str(self.program)}
        named |= {f"inputs.{name}": value for name, value in given.items()}
        step = STEPS["run"]
        env = {key: re.sub(r"\$\{\{ (\S+) \}\}", lambda m: named[m[1]], value) for key, value in step["env"].items()}
        assert BASH is not None
        return subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.project,
            env={
                **os.environ,
                **env,
                "PYTHONPATH": str(ROOT),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_WORKSPACE": str(self.project),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def outputs(self) -> dict[str, str]:
        """What the step set."""
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job in a project with one policy."""
    if BASH is None:
        pytest.skip("bash is not installed")
    made = Job(tmp_path)
    (made.project / "my policies").mkdir()
    (made.project / "my policies" / "wide.json").write_text(json.dumps(WIDE))
    return made


def test_the_step_finds_and_fails(job: Job) -> None:
    done = job.run()
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error title=high PC131 lambda-full-control,file=my policies/wide.json,line=1,")
    assert job.outputs() == {"exit-code": "1", "sarif": "permcheck.sarif"}
    assert json.loads((job.project / "permcheck.sarif").read_text())["version"] == "2.1.0"
    assert job.summary.read_text().startswith("<!-- permcheck -->")


def test_the_step_takes_its_inputs(job: Job) -> None:
    (job.project / "own.toml").write_text('ignore = ["PC2*"]')
    done = job.run(
        paths="\nmy policies\n", fail_on="critical", config="own.toml", arguments="--select\nPC131\n", sarif=""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("::error") == 1
    assert job.outputs() == {"exit-code": "0"}
    assert not (job.project / "permcheck.sarif").exists()


def test_the_step_knows_a_baseline(job: Job) -> None:
    assert job.run(arguments="--write-baseline\nbase.json").returncode == 0
    done = job.run(baseline="base.json")
    assert (done.returncode, done.stdout.count("::error")) == (0, 0), done.stdout


def test_the_step_checks_templates(job: Job) -> None:
    (job.project / "template.yaml").write_text(URL)
    (job.project / "package.json").write_text("{}")
    done = job.run(command="check", paths=".", against="", fail_on="high")
    assert done.returncode == 1, done.stderr
    assert ",file=template.yaml,line=" in done.stdout and "package.json" not in done.stdout
    (job.project / "account").mkdir()
    (job.project / "account" / "iam.json").write_text(json.dumps(details(role("admin"))))
    done = job.run(command="check", paths="template.yaml", against="account")
    assert done.returncode == 1 and "PC121" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"command": "audit; touch owned"}, 2),
        ({"command": "$(touch owned)"}, 2),
        ({"paths": "$(touch owned)"}, 2),
        ({"paths": "--fail-on=never"}, 2),
        ({"fail_on": "`touch owned`"}, 2),
        ({"arguments": "--no-such-option"}, 2),
        ({"paths": "empty"}, 3),
    ],
)
def test_nothing_given_is_run(job: Job, inputs: dict[str, str], code: int) -> None:
    (job.project / "empty").mkdir()
    done = job.run(**inputs)
    assert done.returncode == code, done.stderr
    assert not (job.project / "owned").exists()


def test_an_old_log_is_not_uploaded_again(job: Job) -> None:
    (job.project / "permcheck.sarif").write_text("old")
    assert job.run(fail_on="wrong").returncode == 2
    assert job.outputs() == {"exit-code": "2"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_says_what_pre_commit_asks_for(hook: Mapping[str, Any]) -> None:
    # pre-commit, "Creating new hooks"
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert hook["language"] == "python" and hook["entry"].split()[0] == "permcheck"
    assert f"id: {hook['id']}" in DOCS
    re.compile(hook["files"])


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("template.yaml", "permcheck-check"),
        ("infra/template.json", "permcheck-check"),
        ("cdk.out/App.template.json", "permcheck-check"),
        ("cloudformation/app.yml", "permcheck-check"),
        ("policies/app.json", "permcheck-audit"),
        ("infra/iam/role.json", "permcheck-audit"),
        ("guest-policy.json", "permcheck-audit"),
        ("a.policy.json", "permcheck-audit"),
        ("package.json", None),
        ("privacy/policy.html", None),
        ("email_template.yaml", None),
    ],
)
def test_which_files_the_hooks_take(path: str, taken: str | None) -> None:
    assert [hook["id"] for hook in HOOKS if re.search(hook["files"], path)] == ([taken] if taken else [])


def test_the_hook_stops_a_commit(job: Job) -> None:
    """As pre-commit runs it: the entry with the names of the changed files, in the root of the project."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    subprocess.run([git, "init", "-q", str(job.project)], check=True)
    (job.project / "narrow-policy.json").write_text(
        json.dumps({**WIDE, "Statement": {**WIDE["Statement"], "Effect": "Deny"}})  # type: ignore[dict-item]
    )
    subprocess.run([git, "add", "."], cwd=job.project, check=True)
    listed = subprocess.run([git, "ls-files", "-z"], cwd=job.project, check=True, capture_output=True, text=True)
    files = [name for name in listed.stdout.split("\0") if re.search(HOOKS[1]["files"], name)]
    assert files == ["narrow-policy.json"]
    entry = [str(job.program), *HOOKS[1]["entry"].split()[1:]]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for names, code in ((files, 0), ([*files, "my policies/wide.json"], 1)):
        done = subprocess.run([*entry, *names], cwd=job.project, env=env, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
