"""A headless Chromium for tests, over its DevTools protocol; `PATH` is None where there is none."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

PATH = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
NONE = "no chromium or chrome here"

_UNTIL = """new Promise((done) => {
  const look = () => {
    if (!(CONDITION)) return;
    watch.disconnect();
    MOVES.forEach((one) => removeEventListener(one, look, true));
    done(true);
  };
  const MOVES = ["focusin", "focusout", "scroll", "scrollend", "resize"];
  MOVES.forEach((one) => addEventListener(one, look, true));
  const watch = new MutationObserver(look);
  const everything = { childList: true, characterData: true, attributes: true };
  watch.observe(document, { subtree: true, ...everything });
  look();
})"""


class Tab:
    """One page. `problems` are the errors that its scripts and its policy met."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self.problems: list[str] = []
        self._line = line
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}

    async def listen(self) -> None:
        async for message in self._line:
            heard = message.json()
            if "id" in heard:
                asked = self._asked.pop(heard["id"])
                if not asked.done():  # Whoever waited has given up, and the next test asks on.
                    asked.set_result(heard)
            elif heard["method"] in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.problems.append(json.dumps(heard["params"])[:500])

    async def call(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._line.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(20):
            said = await answer
        assert "error" not in said, said
        return said["result"]

    async def do(self, script: str) -> Any:
        """Run a script in the page; what it comes to."""
        result = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait for something to be true of the page."""
        await self.do(_UNTIL.replace("CONDITION", condition))

    async def go(self, url: str) -> None:
        """Open this address in place of the page, and wait until it is another one."""
        await self.do("window.left = true")
        await self.call("Page.navigate", url=url)
        while await self.do("window.left === true || document.readyState == 'loading'"):
            await asyncio.sleep(0.02)

    async def key(self, name: str, *, shift: bool = False) -> None:
        code = {"Escape": 27, "Tab": 9, "Enter": 13, "ArrowRight": 39}[name]
        pressed = {"key": name, "code": name, "windowsVirtualKeyCode": code}
        pressed |= {"modifiers": 8} if shift else {}
        typed = {"text": "\r"} if name == "Enter" else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **pressed, **typed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def type(self, words: str) -> None:
        await self.call("Input.insertText", text=words)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Tab]:
    """The page at this address, in a browser of its own."""
    assert PATH is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            *(PATH, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with _tab(await _address(process), url) as tab:
                yield tab
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(30):
        async for line in process.stderr:
            if found := re.search(rb"DevTools listening on ws://([^/]+)/", line):
                return f"http://{found[1].decode()}"
    raise RuntimeError("the browser did not start")


@asynccontextmanager
async def _tab(address: str, url: str) -> AsyncIterator[Tab]:
    async with aiohttp.ClientSession(address) as session:
        async with session.put("/json/new?about:blank") as made:
            line = (await made.json())["webSocketDebuggerUrl"]
        async with session.ws_connect(line, max_msg_size=0) as talking:
            tab = Tab(talking)
            listening = asyncio.create_task(tab.listen())
            for part in ("Page", "Runtime", "Log"):
                await tab.call(f"{part}.enable")
            await tab.call("Page.navigate", url=url)
            yield tab
            listening.cancel()
