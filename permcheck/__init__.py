"""permcheck: who can invoke an AWS Lambda function, and what the function can reach.

The names in ``__all__`` are the public API. Each is loaded the first time it is used, so ``import permcheck`` alone
costs nothing: a hook that runs on every commit pays for what it uses and no more.
"""

TYPE_CHECKING = False  # type checkers take the name for typing's; importing typing would cost every start

if TYPE_CHECKING:
    from permcheck.config import Config
    from permcheck.engine import audit
    from permcheck.errors import ConfigError, ExitCode, Incomplete, NothingToCheck, PermcheckError, UsageError
    from permcheck.graph.network import as_graph
    from permcheck.graph.questions import paths
    from permcheck.model import Facts, Finding, Report, Verdict
    from permcheck.policy import evaluate_request
    from permcheck.sources.files import load

# The only place the version is written; the build reads it from here without running the file.
__version__ = "0.1.0"

__all__ = [
    "Config",
    "ConfigError",
    "ExitCode",
    "Facts",
    "Finding",
    "Incomplete",
    "NothingToCheck",
    "PermcheckError",
    "Report",
    "UsageError",
    "Verdict",
    "__version__",
    "as_graph",
    "audit",
    "evaluate_request",
    "load",
    "paths",
]

_HOME = {
    "as_graph": "permcheck.graph.network",
    "paths": "permcheck.graph.questions",
    "load": "permcheck.sources.files",
    "evaluate_request": "permcheck.policy",
    "audit": "permcheck.engine",
    "Verdict": "permcheck.model",
    "Report": "permcheck.model",
    "Finding": "permcheck.model",
    "Facts": "permcheck.model",
    "Config": "permcheck.config",
    "ConfigError": "permcheck.errors",
    "ExitCode": "permcheck.errors",
    "Incomplete": "permcheck.errors",
    "NothingToCheck": "permcheck.errors",
    "PermcheckError": "permcheck.errors",
    "UsageError": "permcheck.errors",
}

# Out of a type checker's sight: it would take any name to exist.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Return the public name ``name`` from the module that defines it.

        Raises AttributeError for any other name.
        """
        try:
            home = _HOME[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        from importlib import import_module

        return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
