"""What every test can ask for; the fixtures themselves stand in modules of their own."""

from __future__ import annotations

pytest_plugins = ["tests.databases", "tests.conversation"]
