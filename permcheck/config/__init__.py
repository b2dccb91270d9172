"""What a team tells permcheck about its account: who is trusted, what is meant to be open, which rules to run."""

from permcheck.config.find import load
from permcheck.config.settings import NEVER, Config, PublicFunction
from permcheck.model.suppression import Suppression

__all__ = ["NEVER", "Config", "PublicFunction", "Suppression", "load"]
