"""What `mellom doctor` looks at of webhooks. None is called: whatever it is sent, people see."""

from __future__ import annotations

from adapters.commands.checkup import Check, Finding, Patient
from adapters.webhook.addresses import Hosts, NotAWebhook
from adapters.writing import wall
from storage import installations, webhooks
from storage.webhooks import Webhook

ANEW = "Ask its people for a new one. Then: mellom webhook remove, and mellom webhook add."


async def told(patient: Patient) -> list[Finding]:
    """Each channel that is only told what there is, and whether that arrives."""
    if patient.database is None:
        return []
    with patient.database.begin(wall()) as uow:
        addresses = {row.id: row.secret for row in installations.every(uow, "webhook")}
        return [_finding(patient, one, addresses) for one in webhooks.everywhere(uow)]


CHECKS: tuple[Check, ...] = (told,)


def _finding(patient: Patient, one: Webhook, addresses: dict[int, str | None]) -> Finding:
    about = f"Webhook ({one.organisation_name})"
    if one.trouble:
        return Finding(about, f"its notes do not arrive ({one.trouble})", "wrong", ANEW)
    try:
        Hosts(patient.settings.webhook_hosts).kind(addresses.get(one.installation) or "")
    except NotAWebhook:
        return Finding(about, "its address is at none of the hosts that are called", "wrong", ANEW)
    return Finding(about, "is told what there is")
