"""However a command ends, a person gets one line and a script gets its number."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from permcheck.cli import running
from permcheck.cli.group import COMMANDS, program
from permcheck.errors import ConfigError, ExitCode, Incomplete, NothingToCheck, PermcheckError, UnknownName, UsageError
from tests.cli.asking import START, ask, started


def ending_with(error: BaseException) -> click.Group:
    """A program whose command ``go`` raises."""

    @click.group
    def group() -> None:
        pass

    @group.command
    @click.option("--number", type=int)
    def go(number: int | None) -> None:
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("no such thing", "try another"), 2, "error: no such thing\nhint: try another\n"),
        (ConfigError("a.toml:3: bad"), 2, "error: a.toml:3: bad\n"),
        (UnknownName("no function 'f'", ("g", "h")), 2, "error: no function 'f'\nhint: did you mean g, h?\n"),
        (NothingToCheck("nothing"), 3, "error: nothing\n"),
        (Incomplete("half of it"), 4, "error: half of it\n"),
        (PermcheckError("own", exit_code=ExitCode.NOTHING), 3, "error: own\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (UsageError("a\nb\x1b[31m", "c\nd"), 2, "error: a\\u{a}b\\u{1b}[31m\nhint: c\\u{a}d\n"),
    ],
)
def test_errors(error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert running.run(ending_with(error), ["go"]) == code
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    "error", [KeyError("x\ny"), RecursionError(), AssertionError(), MemoryError(), OSError("disk")]
)
def test_a_bug_is_never_taken_for_findings(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert running.run(ending_with(error), ["go"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: this is a bug in permcheck: {type(error).__name__}")
    assert len(err.splitlines()) == 2 and "Traceback" not in err and "(test_running.py:" in err


def test_a_traceback_when_it_is_asked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERMCHECK_TRACEBACK", "1")
    assert running.run(ending_with(KeyError("x")), ["go"]) == 5
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["go", "--what"], ["go", "--number", "x"], ["stop"], ["go", "extra"], ["--what"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert running.run(ending_with(KeyError()), arguments) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith("error: ") and hint.startswith("hint: permcheck")


def test_what_a_terminal_cannot_show_is_no_error() -> None:
    done = started("explain", "→\udcff", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 2
    assert rb"\u2192" in done.stderr and b"Traceback" not in done.stderr


def test_help_lists_every_command_and_every_exit_code() -> None:
    result = ask("--help")
    assert result.exit_code == 0 and result.stderr == ""
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout
    for code in ExitCode:
        assert f"\n    {code.value}  " in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = ask(command, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: permcheck {command} ")
    assert len(max(result.stdout.splitlines(), key=len)) <= 80


def test_without_a_command_there_is_help_and_an_error() -> None:
    result = ask()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


def test_a_misspelt_command() -> None:
    result = ask("adit", "x")
    assert result.exit_code == 2
    assert result.stderr == "error: there is no command 'adit'\nhint: did you mean permcheck audit?\n"
    assert "the commands are audit, check, scan, who" in ask("zzz").stderr


def test_version_in_both_ways() -> None:
    import permcheck

    assert started("--version").stdout.decode().split() == ["permcheck", permcheck.__version__]
    assert ask("--version").stdout.split() == ["permcheck", permcheck.__version__]


def loaded_by(*arguments: str) -> list[str]:
    """The modules that the program has loaded at its end, given these arguments."""
    code = f"import sys; from permcheck.cli import main; sys.argv[1:] = {list(arguments)}; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_asking_for_the_version_loads_nothing() -> None:
    loaded = loaded_by("--version")
    for name in "click json dataclasses permcheck.errors permcheck.model permcheck.cli.group".split():
        assert name not in loaded


@pytest.mark.parametrize("command", COMMANDS)
def test_help_loads_nothing_that_takes_long(command: str) -> None:
    loaded = loaded_by(command, "--help")
    for name in "boto3 policyuniverse networkx rich yaml tomllib permcheck.engine permcheck.sources".split():
        assert name not in loaded


@pytest.fixture
def closed_pipe() -> Iterator[subprocess.Popen[bytes]]:
    """The program writing more than a pipe holds, to a reader that has gone."""
    line = b'{"id":"a","principal":"*","action":"lambda:InvokeFunction","resource":"*"}\n'
    process = subprocess.Popen(
        [sys.executable, "-c", START, "evaluate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    try:
        process.stdin.write(line * 20_000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    process.stdin = None
    process.stdout = None
    yield process
    process.kill()


def test_a_reader_that_goes_away_is_no_error(closed_pipe: subprocess.Popen[bytes]) -> None:
    _, err = closed_pipe.communicate(timeout=60)
    assert (closed_pipe.returncode, err) == (0, b"")


def test_the_program_can_be_called_by_click_itself() -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(["rules", "--what"])
    assert ended.value.code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said_in_a_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", START, "rules", "--format", "json"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"error: standard output cannot be written: No space left on device\n")


@pytest.mark.parametrize("closed", ["1>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize(("arguments", "code"), [("rules", 0), ("audit nothing-there", 2), ("--help", 0)])
def test_closed_streams_end_it_quietly(closed: str, arguments: str, code: int) -> None:
    command = f"{sys.executable} -c '{START}' {arguments} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (code, "")
    assert "bug" not in done.stderr and (code == 2 or not done.stderr)


@pytest.mark.parametrize("command", ["audit -", "evaluate -"])
def test_a_closed_standard_input_is_an_empty_one(command: str) -> None:
    line = f"{sys.executable} -c '{START}' {command} 0<&-"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (3, 4) and "bug" not in done.stderr
