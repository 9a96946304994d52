"""Only what Teams sends through the Bot Framework service is let in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
import respx
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    ChannelValidation,
    JwtTokenExtractor,
    JwtTokenValidation,
    SimpleCredentialProvider,
)
from botframework.connector.auth.jwt_token_extractor import _OpenIdMetadata

from adapters.playground.teams.identity import FORGERIES
from adapters.playground.teams.identity import Identity as Service
from adapters.taking import Unavailable
from adapters.teams.bots import Bot, Bots
from adapters.teams.credentials import Credentials, Hosts, NotConfigured
from adapters.teams.identity import NotGenuine
from tests.adapters.teams.parts import (
    APP,
    CREDENTIALS,
    INSTALLATION,
    SERVICE_URL,
    Clock,
    Keys,
    activity,
    bearer,
    identity,
)

OURS = Bot(INSTALLATION, CREDENTIALS)


@pytest.fixture
def service() -> Service:
    return Service(APP, CREDENTIALS.password)


@pytest.fixture
def keys(service: Service) -> Iterator[Keys]:
    with respx.mock(assert_all_called=False) as mock:
        yield Keys(service, mock)


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


def genuine(service: Service, **claims: Any) -> str:
    return bearer(service.token(serviceurl=SERVICE_URL, **claims))


class Bare:
    """The SDK's own validation with the same keys, as its hosting layer calls it: whatever it
    raises that is no PermissionError is answered 500."""

    def __init__(self, service: Service, app_id: str = APP, age: timedelta = timedelta()) -> None:
        self._provider = SimpleCredentialProvider(app_id, "hemmelig")
        self.metadata = _OpenIdMetadata(self.url)
        self.metadata.keys = service.key_set()["keys"]
        self.metadata.last_updated = datetime.now() - age
        JwtTokenExtractor.metadataCache[self.url] = self.metadata

    url = "https://bare.example/openidconfiguration"

    async def authenticate(self, authorization: str | None, received: dict[str, Any]) -> Any:
        before = ChannelValidation.open_id_metadata_endpoint
        ChannelValidation.open_id_metadata_endpoint = self.url
        try:
            return await JwtTokenValidation.authenticate_request(
                Activity.deserialize(received),
                authorization,
                self._provider,
                "",
                AuthenticationConfiguration(),
            )
        finally:
            ChannelValidation.open_id_metadata_endpoint = before


async def test_a_genuine_request_is_let_in_for_its_installation(
    service: Service, keys: Keys, clock: Clock
) -> None:
    assert await identity(clock).verify(genuine(service), activity()) == OURS
    assert await Bare(service).authenticate(genuine(service), activity())


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_is_not_genuine(
    name: str, service: Service, keys: Keys, clock: Clock
) -> None:
    with pytest.raises(NotGenuine):
        await identity(clock).verify(bearer(service.forgery(name, SERVICE_URL)), activity())


@pytest.mark.parametrize(
    "name",
    ["garbage", "forged", "expired", "alg none", "no issuer", "unknown key", "unendorsed key"],
)
async def test_the_bare_sdk_fails_over_a_forged_token(name: str, service: Service) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - That it is anything at all is the point.
        await Bare(service).authenticate(bearer(service.forgery(name, SERVICE_URL)), activity())
    assert not isinstance(raised.value, PermissionError)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic a2FyaTprYXJp", "æøå"])
async def test_a_request_without_a_token_is_not_genuine(
    header: str | None, keys: Keys, clock: Clock
) -> None:
    with pytest.raises(NotGenuine):
        await identity(clock).verify(header, activity())


async def test_the_bare_sdk_without_an_app_id_lets_everybody_in(service: Service) -> None:
    claims = await Bare(service, app_id="").authenticate(None, activity())
    assert claims.is_authenticated


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (("", "hemmelig", "leietaker"), "TEAMS_APP_ID"),
        (("app", " ", "leietaker"), "TEAMS_APP_PASSWORD"),
        (("app", "hemmelig", ""), "TEAMS_TENANT_ID"),
        (("", "", ""), "TEAMS_APP_ID, TEAMS_APP_PASSWORD, TEAMS_TENANT_ID"),
    ],
)
def test_a_bot_without_an_id_a_secret_or_a_tenant_cannot_be(
    given: tuple[str, str, str], missing: str
) -> None:
    with pytest.raises(NotConfigured, match=missing):
        Credentials(*given)


async def test_without_a_bot_nobody_is_let_in_and_no_key_is_asked_for(
    service: Service, keys: Keys, clock: Clock
) -> None:
    async def none() -> list[Bot]:
        return []

    door = identity(clock, Bots(none, clock=clock))
    for token in (genuine(service), "Bearer not.a.token", None):
        with pytest.raises(NotGenuine):
            await door.verify(token, activity())
    assert keys.fetches == 0


async def test_who_comes_while_the_bots_are_being_read_waits_for_them(clock: Clock) -> None:
    """Two rooms are spoken to at once by a process that has just begun."""
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly() -> list[Bot]:
        asked.set()
        await may_answer.wait()
        return [Bot(1, CREDENTIALS)]

    bots = Bots(slowly, clock=clock)
    first, second = (asyncio.create_task(bots.of(1)) for _ in range(2))
    await asked.wait()
    may_answer.set()
    assert [await first, await second] == [Bot(1, CREDENTIALS)] * 2


def test_the_secret_is_not_shown() -> None:
    assert "hemmelig" not in repr(CREDENTIALS)


@pytest.mark.parametrize(
    ("claims", "let_in"),
    [
        ({"exp": -200}, True),
        ({"exp": -400}, False),
        ({"nbf": 200}, True),
        ({"nbf": 400}, False),
        ({"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}, False),
    ],
)
async def test_clocks_may_differ_by_five_minutes_and_emulators_are_refused(
    claims: dict[str, Any], let_in: bool, service: Service, keys: Keys, clock: Clock
) -> None:
    verified = identity(clock).verify(genuine(service, **claims), activity())
    if let_in:
        assert await verified == OURS
    else:
        with pytest.raises(NotGenuine):
            await verified


async def test_a_token_without_an_expiry_is_not_genuine(
    service: Service, keys: Keys, clock: Clock
) -> None:
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": SERVICE_URL}
    token = jwt.encode(
        claims, service.key.private, algorithm="RS256", headers={"kid": service.key.kid}
    )
    assert await Bare(service).authenticate(bearer(token), activity())
    with pytest.raises(NotGenuine):
        await identity(clock).verify(bearer(token), activity())


@pytest.mark.parametrize(
    "service_url",
    [
        None,
        "",
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net:8443/emea/",
        "https://smba.trafficmanager.net/{emea}/",
    ],
)
async def test_a_service_url_that_is_empty_or_not_teams_own_is_not_genuine(
    service_url: str | None, service: Service, keys: Keys, clock: Clock
) -> None:
    token = bearer(service.token(serviceurl=service_url))
    with pytest.raises(NotGenuine):
        await identity(clock).verify(token, activity(serviceUrl=service_url))


async def test_the_bare_sdk_does_not_ask_for_the_service_url_of_an_activity_without_one(
    service: Service,
) -> None:
    assert await Bare(service).authenticate(genuine(service), activity(serviceUrl=None))


async def test_a_verified_token_does_not_vouch_for_another_service_url(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door, token = identity(clock), genuine(service)
    await door.verify(token, activity())
    other = "https://smba.infra.gcc.teams.microsoft.com/gcc/"
    with pytest.raises(NotGenuine):
        await door.verify(token, activity(serviceUrl=other))


@pytest.mark.parametrize("channel", ["emulator", "webchat", "directline", None, ""])
async def test_another_channel_than_teams_is_not_genuine(
    channel: str | None, service: Service, keys: Keys, clock: Clock
) -> None:
    with pytest.raises(NotGenuine):
        await identity(clock).verify(genuine(service), activity(channelId=channel))


async def test_a_key_without_endorsements_may_not_speak_for_teams(
    service: Service, keys: Keys, clock: Clock
) -> None:
    silent = service.key_set()
    silent["keys"][0]["endorsements"] = []
    service.key_set = lambda: silent  # type: ignore[method-assign]
    assert await Bare(service).authenticate(genuine(service), activity())
    with pytest.raises(NotGenuine):
        await identity(clock).verify(genuine(service), activity())


# Keys.


async def test_a_rotated_key_is_accepted_at_once(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    await door.verify(genuine(service), activity())
    for _ in range(5):
        service.rotate_keys()
        assert await door.verify(genuine(service), activity()) == OURS
    assert keys.fetches == 6


async def test_a_key_rotated_right_after_a_forgery_is_accepted_at_once(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    with pytest.raises(NotGenuine):
        await door.verify(bearer(service.forgery("unknown key", SERVICE_URL)), activity())
    service.rotate_keys()
    assert await door.verify(genuine(service), activity()) == OURS


async def test_the_bare_sdk_fails_for_a_day_after_a_rotation(service: Service) -> None:
    bare = Bare(service, age=timedelta(hours=23))
    service.rotate_keys()
    with pytest.raises(IndexError):
        await bare.authenticate(genuine(service), activity())


async def test_an_unknown_key_is_looked_for_once_a_minute(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    await door.verify(genuine(service), activity())
    forged = bearer(service.forgery("unknown key", SERVICE_URL))
    for seconds, fetches in ((0, 2), (0, 2), (59, 2), (1, 3), (30, 3)):
        clock.now += seconds
        with pytest.raises(NotGenuine):
            await door.verify(forged, activity())
        assert keys.fetches == fetches


async def test_invented_key_names_do_not_flood_the_service(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    await door.verify(genuine(service), activity())
    for number in range(20):
        token = service.token(serviceurl=SERVICE_URL, kid=f"funnet-på-{number}")
        with pytest.raises(NotGenuine):
            await door.verify(bearer(token), activity())
    assert keys.fetches == 4


async def test_old_keys_survive_a_fetch_that_fails(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    await door.verify(genuine(service), activity())
    keys.broken = True
    clock.now += 25 * 3600
    assert await door.verify(genuine(service, exp=26 * 3600), activity()) == OURS
    assert keys.fetches == 2


async def test_keys_are_fetched_anew_every_day(service: Service, keys: Keys, clock: Clock) -> None:
    door = identity(clock)
    for hours, fetches in ((0, 1), (23, 1), (1, 2), (1, 2)):
        clock.now += hours * 3600
        await door.verify(genuine(service, exp=48 * 3600), activity())
        assert keys.fetches == fetches


async def test_while_no_key_was_ever_fetched_it_is_to_be_sent_again(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door = identity(clock)
    keys.broken = True
    with pytest.raises(Unavailable):
        await door.verify(genuine(service), activity())
    with pytest.raises(NotGenuine):
        await door.verify("Bearer not.a.token", activity())
    keys.broken = False
    clock.now += 5
    assert await door.verify(genuine(service), activity()) == OURS


async def test_a_verified_token_is_good_for_five_minutes_and_no_longer(
    service: Service, keys: Keys, clock: Clock
) -> None:
    door, token = identity(clock), genuine(service)
    await door.verify(token, activity())
    service.rotate_keys()
    await door.verify(genuine(service), activity())
    assert await door.verify(token, activity()) == OURS
    clock.now += 301
    with pytest.raises(NotGenuine):
        await door.verify(token, activity())


# Hosts.


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/72f98/", True),
        ("https://SMBA.trafficmanager.net", True),
        ("https://smba.infra.gcc.teams.microsoft.com/gcc", True),
        ("https://smba.infra.gov.teams.microsoft.us/", True),
        ("http://127.0.0.1:3978/emea/", True),
        ("http://127.0.0.1:3979/emea/", False),
        ("http://lokalt:1234", True),
        ("https://lokalt", True),
        ("ftp://lokalt/", False),
        ("https://smba.trafficmanager.net\\@evil.example", False),
        ("https://smba.trafficmanager.net?x=https://evil.example", False),
        ("https://smba.trafficmanager.net#", False),
        ("https://evil.example/smba.trafficmanager.net", False),
        ("//smba.trafficmanager.net", False),
        (" https://smba.trafficmanager.net", False),
        ("", False),
    ],
)
def test_only_these_hosts_get_the_bots_token(url: str, allowed: bool) -> None:
    assert Hosts(["127.0.0.1:3978", " Lokalt "]).allow(url) is allowed
