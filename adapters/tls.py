"""Whom we trust on the other end of a line. Reading the certificates is slow: once is enough."""

from __future__ import annotations

import functools
import ssl

import httpx


@functools.cache
def trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()
