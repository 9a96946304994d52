"""What `mellom doctor` looks at of Slack."""

from __future__ import annotations

from adapters.commands.checkup import Check, Finding, Patient


async def settings(patient: Patient) -> list[Finding]:
    if patient.settings.slack is None:
        return [Finding("Slack", "off, no settings", "off")]
    return [Finding("Slack", "set")]


CHECKS: tuple[Check, ...] = (settings,)
