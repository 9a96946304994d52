"""What `mellom doctor` looks at of Teams."""

from __future__ import annotations

from adapters.commands.checkup import Check, Finding, Patient


async def settings(patient: Patient) -> list[Finding]:
    if patient.settings.teams is None:
        return [Finding("Teams", "off, no settings", "off")]
    return [Finding("Teams", "set")]


CHECKS: tuple[Check, ...] = (settings,)
