"""Where a configuration is looked for, and the three files it may stand in."""

from pathlib import Path

import pytest

from permcheck.config import Config, PublicFunction, load
from permcheck.errors import ConfigError

TOML = 'fail_on = "low"\n'
PYPROJECT = '[build-system]\nrequires = []\n\n[tool.permcheck]\nfail_on = "low"\n'
SETUP = "[metadata]\nname = x\n\n[permcheck]\nfail_on = low\n"


@pytest.mark.parametrize(
    ("name", "text"), [("permcheck.toml", TOML), ("pyproject.toml", PYPROJECT), ("setup.cfg", SETUP)]
)
def test_each_file_is_found_from_below(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = load(start=below)
    assert (config.fail_on, config.source) == ("low", str(tmp_path / name))


def test_the_nearest_folder_wins_and_in_it_permcheck_toml(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    (tmp_path / "permcheck.toml").write_text('fail_on = "info"')
    (below / "pyproject.toml").write_text(PYPROJECT.replace("low", "medium"))
    assert load(start=below).fail_on == "medium"
    (below / "setup.cfg").write_text(SETUP.replace("low", "critical"))
    assert load(start=below).fail_on == "critical"
    (below / "permcheck.toml").write_text(TOML)
    assert load(start=below).fail_on == "low"
    assert load(str(tmp_path / "permcheck.toml"), start=below).fail_on == "info"


def test_files_that_say_nothing_about_permcheck_are_passed_over(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    (tmp_path / "permcheck.toml").write_text(TOML)
    (below / "pyproject.toml").write_text("[tool.other]\nnested = {}\n")
    (below / "setup.cfg").write_text("[metadata]\nname = permcheck\n")
    assert load(start=below).fail_on == "low"
    (below / "pyproject.toml").write_text("this = is [ no toml")
    assert load(start=below).fail_on == "low"


def test_there_need_not_be_one(tmp_path: Path) -> None:
    assert load(start=tmp_path) == Config()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("permcheck.toml", b"\xff", "is not UTF-8 text (byte 0)"),
        ("pyproject.toml", b"[tool.permcheck\n", "is no TOML"),
        ("pyproject.toml", b"[tool]\npermcheck = 3\n", "permcheck is a table"),
        ("setup.cfg", b"[permcheck]\nfail_on = low\nfail_on = high\n", "is no setup.cfg"),
        ("setup.cfg", b"[permcheck]\n[permcheck]\n", "is no setup.cfg"),
        ("setup.cfg", b"[permcheck]\nfail_on = lo\n", ":2: fail_on: is one of"),
        ("pyproject.toml", PYPROJECT.replace("fail_on", "failon").encode(), ":5: failon: permcheck knows no such"),
    ],
)
def test_a_broken_one_is_an_error(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError) as error:
        load(start=tmp_path)
    assert says in error.value.message
    assert error.value.message.startswith(str(tmp_path / name))


def test_a_named_file_must_be_there_and_say_something(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(str(tmp_path / "gone.toml"))
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    with pytest.raises(ConfigError, match="no permcheck section"):
        load(str(tmp_path / "pyproject.toml"))
    (tmp_path / "other.toml").write_text(TOML)
    assert load(str(tmp_path / "other.toml")).fail_on == "low"


def test_setup_cfg_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("""\
[permcheck]
trusted_accounts = 444455556666, 012345678901
deploy_roles =
    release-*
    ci
ignore = PC001

[permcheck:severity]
PC101 = low

[permcheck:public_functions:webhook]
function = webhook
reason = checks 100% of signatures

[permcheck:suppressions:old]
rule = PC104
resource = app-guest
reason = known
until = 2027-01-31
""")
    config = load(start=tmp_path)
    assert config.trusted_accounts == {"444455556666", "012345678901"}
    assert config.deploy_roles == ("release-*", "ci")
    assert config.ignore == ("PC001",)
    assert config.severity == {"PC101": "low"}
    assert config.public_functions == (PublicFunction("webhook", "checks 100% of signatures"),)
    assert [(entry.rule, str(entry.until)) for entry in config.suppressions] == [("PC104", "2027-01-31")]


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "permcheck.toml").write_text(TOML, encoding="utf-8-sig")
    assert load(start=tmp_path).fail_on == "low"
