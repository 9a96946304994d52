"""Where the platforms reach us, and other pages that an operator names."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from adapters import settings
from adapters.operating import Refusal

LONGEST_URL = 2048
"""Characters that the platforms take of an address."""


def public_url() -> str:
    """Where the platforms reach us. When an app is made, nothing else need be set yet."""
    url = settings.read({"MELLOM_BASE_URL": os.environ.get("MELLOM_BASE_URL", "")}).base_url
    if url is None:
        raise Refusal("MELLOM_BASE_URL is missing: it is where Slack and Teams reach this Mellom.")
    if not is_page(url):
        raise Refusal("MELLOM_BASE_URL must be https: Slack and Teams call nothing else.")
    return url


def is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
        found = bool(parts.hostname) and parts.scheme == "https"
    except ValueError:
        return False
    return found and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
