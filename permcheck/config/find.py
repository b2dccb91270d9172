"""Finds the configuration file and takes its table out; what the table says is read elsewhere."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from permcheck.config.lines import Lines
from permcheck.config.read import Table, read
from permcheck.config.settings import Config
from permcheck.errors import ConfigError

OWN = "permcheck.toml"
SHARED = ("setup.cfg", "pyproject.toml")


def load(path: str | None = None, start: Path | None = None) -> Config:
    """Read the configuration in ``path``, else the first one found from the folder ``start`` (the current one) upward.

    In each folder: permcheck.toml, setup.cfg with a section [permcheck], pyproject.toml with a table [tool.permcheck].
    Raises ConfigError (file, and where it can be told line and key) when it cannot be read or says what makes no sense.
    """
    if path is not None:
        table = _table(Path(path))
        if table is None:
            raise ConfigError(f"{path}: there is no permcheck section in it", "write [tool.permcheck] or [permcheck]")
        return read(table)
    for candidate in _candidates((start or Path.cwd()).absolute()):
        if candidate.is_file() and (table := _table(candidate)) is not None:
            return read(table)
    return Config()


def _candidates(folder: Path) -> Iterator[Path]:
    for here in (folder, *folder.parents):
        yield from (here / name for name in (OWN, *SHARED))


def _table(path: Path) -> Table | None:
    """The permcheck table of a file, None where the file has none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    if path.suffix == ".cfg" or path.suffix == ".ini":
        return _from_ini(path, text)
    if path.name == "pyproject.toml":
        # The file is other tools' as well: it is parsed only where it could concern permcheck.
        return _from_toml(path, text, "tool", "permcheck") if "permcheck" in text else None
    return _from_toml(path, text)


def _from_toml(path: Path, text: str, *below: str) -> Table | None:
    import tomllib

    try:
        values: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is no TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: is nested too deeply") from error
    for name in below:
        if name not in values:
            return None
        values = values[name]
        if not isinstance(values, Mapping):
            raise ConfigError(f"{path}: {name} is a table")
    return Table(str(path), values, _lines(text, "permcheck" if below else ""))


def _from_ini(path: Path, text: str) -> Table | None:
    """[permcheck], with [permcheck:severity], [permcheck:public_functions:X], [permcheck:suppressions:X].

    A list is written with commas or a line for each member.
    """
    if "[permcheck" not in text:
        return None
    import configparser

    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case, as rule ids need
    try:
        parser.read_string(text, source=str(path))
    except configparser.Error as error:
        raise ConfigError(f"{path}: is no setup.cfg: {str(error).splitlines()[0]}") from error
    values: dict[str, Any] = {}
    for section in parser.sections():
        first, *rest = section.split(":")
        if first.strip() != "permcheck":
            continue
        options: dict[str, Any] = dict(parser.items(section))
        match [part.strip() for part in rest]:
            case []:
                values |= {key: _ini_value(key, value) for key, value in options.items()}
            case [name]:
                values[name] = options
            case [name, *_]:
                values.setdefault(name, []).append(options)
    if not values and not parser.has_section("permcheck"):
        return None
    return Table(str(path), values, _lines(text, "[permcheck"))


def _lines(text: str, mark: str) -> Lines:
    """The lines of a file; of one that is shared, from the first with the mark on."""
    lines = tuple(text.splitlines())
    return Lines(lines, next((i for i, line in enumerate(lines) if mark in line), 0))


def _ini_value(key: str, value: str) -> Any:
    if key == "fail_on":
        return value
    return [member.strip() for line in value.splitlines() for member in line.split(",") if member.strip()]
