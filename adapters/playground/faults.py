"""Trouble on purpose, for both stand-ins: which requests go wrong, in what way, for how long.

stand_in.faults.add(drop_after(), method="chat.postMessage", conversation="C0ALTA")
stand_in.faults.add(status(502, "<html>Bad gateway</html>"), times=3)
stand_in.faults.add(hang(), times=None)     # until stand_in.faults.heal()
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

Kind = Literal["drop", "hang", "status", "rate_limited", "error", "slow", "garbage"]


@dataclass(eq=False)
class Fault:
    """One way to go wrong. `done`: the work itself is done all the same, only the answer is lost.

    `method` and `conversation` say which requests it strikes (None: any), `left` how many more
    (None: until healed). `code` is the platform's own error code, `seconds` a delay or the
    `Retry-After`.
    """

    kind: Kind
    done: bool = False
    status: int = 200
    code: str = ""
    body: str = ""
    seconds: float = 0.0
    method: str | None = None
    conversation: str | None = None
    left: int | None = 1
    healed: asyncio.Event = field(default_factory=asyncio.Event)


def drop_after() -> Fault:
    """The work is done and the line breaks before the answer."""
    return Fault("drop", done=True)


def drop_before() -> Fault:
    """The line breaks and nothing was done."""
    return Fault("drop")


def hang(*, done: bool = True) -> Fault:
    """No answer comes until the fault is healed; then the line breaks."""
    return Fault("hang", done=done)


def status(code: int, body: str = "", *, done: bool = False) -> Fault:
    """A bare HTTP status such as a proxy in front of the platform gives."""
    return Fault("status", done=done, status=code, body=body)


def rate_limited(retry_after: float) -> Fault:
    """429 with `Retry-After`; nothing was done."""
    return Fault("rate_limited", status=429, seconds=retry_after)


def error(code: str, http_status: int = 200) -> Fault:
    """The platform's own refusal with this code; nothing was done."""
    return Fault("error", code=code, status=http_status)


def slow(seconds: float) -> Fault:
    """The work is done after this long, and answered."""
    return Fault("slow", done=True, seconds=seconds)


def garbage(*, done: bool = True) -> Fault:
    """200 with a body that nobody can read."""
    return Fault("garbage", done=done)


class Faults:
    """The faults that wait for a request; the oldest that fits a request strikes it."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._struck: list[Fault] = []

    def add(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        conversation: str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Queue a fault. The one returned is what `heal` takes."""
        queued = copy.copy(fault)
        queued.healed = asyncio.Event()
        queued.method, queued.conversation, queued.left = method, conversation, times
        self.waiting.append(queued)
        return queued

    def take(self, method: str, conversation: str | None = None) -> Fault | None:
        """The fault that strikes this request, now counted as used; None if all goes well."""
        for fault in self.waiting:
            if fault.method in (None, method) and fault.conversation in (None, conversation):
                self._count(fault)
                return fault
        return None

    def heal(self, fault: Fault | None = None) -> None:
        """End this fault (None: every one), also for the requests that hang on it now."""
        for ended in [fault] if fault else [*self.waiting, *self._struck]:
            ended.healed.set()
            self.waiting = [other for other in self.waiting if other is not ended]
            self._struck = [other for other in self._struck if other is not ended]

    def _count(self, fault: Fault) -> None:
        if fault.kind == "hang" and fault not in self._struck:
            self._struck.append(fault)
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left <= 0:
            self.waiting.remove(fault)


async def answer(
    request: web.Request,
    fault: Fault | None,
    work: Callable[[], Awaitable[web.StreamResponse]],
    refuse: Callable[[Fault], web.StreamResponse],
) -> web.StreamResponse:
    """Answer `request` as the fault wants. `refuse` draws a platform's own `rate_limited` and
    `error` bodies; an application that uses `hang` heals its faults on shutdown."""
    if fault is None:
        return await work()
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await work()
    if fault.done:
        await work()
    if fault.kind in ("rate_limited", "error"):
        return refuse(fault)
    if fault.kind == "status":
        kind = "text/html" if fault.body.lstrip().startswith("<") else "text/plain"
        return web.Response(status=fault.status, text=fault.body, content_type=kind)
    if fault.kind == "garbage":
        return web.Response(body=b'{"ok": tru\xff\x00', content_type="application/json")
    if fault.kind == "hang":
        await fault.healed.wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
