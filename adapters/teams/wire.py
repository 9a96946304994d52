"""Reading JSON that somebody else wrote: what is of another kind than expected is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_NOTHING: Json = {}

# A zero byte and half a surrogate pair are good JSON, and no database or socket takes them.
_UNSTORABLE = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)


def parse(body: bytes) -> Any:
    """The body's JSON. Raises ValueError for anything that is not, however it is not."""
    try:
        parsed = json.loads(body.decode("utf-8-sig"))
        return _storable(parsed) if _UNSTORABLE.search(body) else parsed
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def word(json_: Json, name: str) -> str:
    """The string of that name, or an empty one."""
    value = json_.get(name)
    return value if isinstance(value, str) else ""


def part(json_: Json, name: str) -> Json:
    """The object of that name, or an empty one."""
    value = json_.get(name)
    return value if isinstance(value, dict) else _NOTHING


def parts(json_: Json, name: str) -> list[Json]:
    """The objects in the list of that name."""
    value = json_.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value
