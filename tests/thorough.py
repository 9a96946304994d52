"""How much of what could be tried is tried: some each time, all of it where that is asked for."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("MELLOM_TEST_THOROUGH"))
"""`make crash` asks for it; so may anybody who changes how things are delivered."""
