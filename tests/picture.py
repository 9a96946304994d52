"""Takes the README's picture of the playground: `python -m tests.picture`, or `make picture`."""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from pathlib import Path

from adapters.playground.page.running import opened
from adapters.playground.page.story import ANSWER
from tests import browser

PICTURE = Path(__file__).parent.parent / "docs" / "playground.png"
SIZE = {"width": 1440, "height": 860, "deviceScaleFactor": 1, "mobile": False}
QUIET = ".look { visibility: hidden }"
"""As on a screen with a mouse, where this is shown under the mouse alone."""


async def take() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            opened(f"sqlite:///{folder}/mellom.db") as page,
            browser.opened("about:blank") as tab,
        ):
            await tab.call("Emulation.setDeviceMetricsOverride", **SIZE)
            await tab.call("Emulation.setScrollbarsHidden", hidden=True)
            await tab.call("Emulation.setTimezoneOverride", timezoneId="Europe/Oslo")
            await tab.call("Network.enable")
            await tab.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": "en"})
            await tab.go(page.url)
            for number in range(4):
                room = f"document.getElementById('room-{number}')"
                await tab.until(f"{room}?.innerText.includes({ANSWER!r})")
            await tab.do(
                "const sheet = new CSSStyleSheet();"
                f"sheet.replaceSync({QUIET!r}); document.adoptedStyleSheets = [sheet];"
                # What has just arrived glows for a moment.
                "document.getAnimations().forEach((one) => one.finish());"
                "document.fonts.ready"
            )
            shot = await tab.call("Page.captureScreenshot", format="png", optimizeForSpeed=False)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    if browser.PATH is None:
        sys.exit(f"No picture was taken: {browser.NONE}.")
    asyncio.run(take())
    print(PICTURE)
