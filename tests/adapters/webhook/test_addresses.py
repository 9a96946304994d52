"""Which addresses are webhooks that may be called, and what is said of the others."""

from __future__ import annotations

import pytest

from adapters.webhook.addresses import Hosts, NotAWebhook

SLACK = "https://hooks.slack.com/services/T0HAMAR/B0MELLOM/xyzxyzxyz"
FLOW = (
    "/powerautomate/automations/direct/workflows/0123456789abcdef/triggers/manual/paths/invoke"
    "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=a-b_c"
)
TEAMS = f"https://default0123.45.environment.api.powerplatform.com:443{FLOW}"
LOGIC = f"https://prod-23.westeurope.logic.azure.com{FLOW}"


@pytest.mark.parametrize(("url", "kind"), [(SLACK, "slack"), (TEAMS, "teams"), (LOGIC, "teams")])
def test_an_incoming_webhook_is_known_by_its_address(url: str, kind: str) -> None:
    assert Hosts().kind(url) == kind


NOT_CALLED = {
    "http": SLACK.replace("https", "http"),
    "another port": SLACK.replace("slack.com/", "slack.com:8443/"),
    "a user in front": SLACK.replace("hooks", "me@hooks"),
    "a host in front": "https://hooks.slack.com@evil.example/services/T0/B0/xyz",
    "a longer host": SLACK.replace("slack.com/", "slack.com.evil.example/"),
    "a host that ends alike": SLACK.replace("hooks.slack.com", "evilhooks.slack.com"),
    "another of Slack's": SLACK.replace("hooks.", "api."),
    "a suffix without its dot": f"https://evilapi.powerplatform.com{FLOW}",
    "a suffix that goes on": f"https://a.environment.api.powerplatform.com.evil.example{FLOW}",
    "a suffix alone": f"https://environment.api.powerplatform.com{FLOW}",
    "an empty label": f"https://.environment.api.powerplatform.com{FLOW}",
    "another platform's": f"https://a.sharepoint.com{FLOW}",
    "this machine": SLACK.replace("hooks.slack.com", "127.0.0.1"),
    "letters that look alike": SLACK.replace("hooks", "hoo\u212as"),
    "a backslash": SLACK.replace("com/", "com\\@evil.example/"),
    "a fragment": SLACK.replace("com/", "com#.evil.example/"),
    "a line's end": SLACK + "\nHost: evil.example",
    "spaces": SLACK.replace("/B0", "/ B0"),
    "two parts of three": SLACK.rpartition("/")[0],
    "a workflow of Slack's": "https://hooks.slack.com/triggers/T0HAMAR/123/xyz",
    "a flow for some": TEAMS.partition("&sig")[0],
    "an old connector of Teams": "https://hamar.webhook.office.com/webhookb2/x@y/IncomingWebhook/z",
    "endless": SLACK + "x" * 3000,
    "nothing": "",
}


@pytest.mark.parametrize("url", NOT_CALLED.values(), ids=NOT_CALLED.keys())
def test_no_other_address_is_called_nor_repeated(url: str) -> None:
    with pytest.raises(NotAWebhook) as refused:
        Hosts().kind(url)
    words = str(refused.value)
    assert words.endswith(".")
    assert "xyz" not in words
    assert "0123456789abcdef" not in words


def test_an_operator_names_further_hosts_for_stand_ins_and_only_those() -> None:
    hosts = Hosts(["127.0.0.1:9"])
    assert hosts.kind("http://127.0.0.1:9/services/T0/B0/xyz") == "slack"
    assert hosts.kind(f"http://127.0.0.1:9{FLOW}") == "teams"
    with pytest.raises(NotAWebhook):
        hosts.kind("http://127.0.0.1:10/services/T0/B0/xyz")
