"""``python -m permcheck``."""

from permcheck.cli import main

raise SystemExit(main())
