"""The package for Teams: what Teams is told is what the code does, and Teams takes it.

Microsoft's published schemas are kept beside the adapter's tests; they come with
npm @microsoft/app-manifest 1.1.2 (MIT).
"""

from __future__ import annotations

import copy
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.teams import incoming, manifest
from bot.features import commands
from bot.language import LANGUAGES, speak

ROOT = Path(__file__).parent.parent
HERE = "https://mellom.example"
APP = "11111111-2222-3333-4444-555555555555"
SCHEMAS = "https://developer.microsoft.com/en-us/json-schemas/teams"
KEPT = ROOT / "tests/adapters/teams"
Json = dict[str, Any]


def _schema(name: str) -> jsonschema.Draft7Validator:
    # It calls itself draft 4 but says `const`, which a validator of draft 4 passes over.
    return jsonschema.Draft7Validator(json.loads((KEPT / name).read_text(encoding="utf-8")))


MANIFEST = _schema("teams-manifest-1.25.json")
LANGUAGE = _schema("teams-localization-1.25.json")

TYPED = (
    *(commands.ASK, commands.SUGGEST, commands.SEARCH, commands.ANSWERED),
    *(commands.SETTINGS, commands.HELP, commands.JOIN),
)
"""The words that Teams proposes to everybody."""

SAID_ELSEWHERE = (
    commands.OPEN_AGAIN,  # where the question was marked as answered
    commands.SUGGESTIONS,  # on the home, and on what is said of a suggestion
    *(commands.ACCOUNTS, commands.LINK),  # in My settings, beside the code
    commands.NETWORK,  # for the facilitator, who has it as a button
    commands.WHY,  # a question about a message, as anybody would ask it
    *(commands.ASKING, commands.LOOK),  # no commands: how a question begins, and a part of SEARCH
)


@cache
def files() -> dict[str, bytes]:
    """What the package holds."""
    with zipfile.ZipFile(io.BytesIO(manifest.package(manifest.manifest(APP, HERE)))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def made() -> Json:
    read: Json = json.loads(files()["manifest.json"])
    return read


def spoken() -> dict[str, Json]:
    """The other languages' words, by the name of their file."""
    return {
        name: json.loads(content)
        for name, content in files().items()
        if name.endswith(".json") and name != "manifest.json"
    }


def wrong(told: Json, languages: dict[str, Json]) -> list[str]:
    """What Teams would not take, or would be told and not find here."""
    errors = [*MANIFEST.iter_errors(told)]
    errors += [error for words in languages.values() for error in LANGUAGE.iter_errors(words)]
    if errors:
        return [error.message for error in errors]
    try:
        return [name for name, holds in _rules(told, languages) if not holds]
    except KeyError as missing:
        return [f"{missing} is not told"]


def _rules(told: Json, languages: dict[str, Json]) -> Iterator[tuple[str, bool]]:
    (bot,), (extension,) = told["bots"], told["composeExtensions"]
    yield "one app, one bot", {told["id"], bot["botId"], extension["botId"]} == {APP}
    yield "its registration", told["webApplicationInfo"]["id"] == APP
    yield "a resource for it", told["webApplicationInfo"]["resource"].startswith("https://")
    schema = f"{SCHEMAS}/v{told['manifestVersion']}/MicrosoftTeams.schema.json"
    yield "its schema", told["$schema"] == schema
    yield "a version", re.fullmatch(r"\d+\.\d+\.\d+", told["version"]) is not None
    yield "where it is served", told["validDomains"] == ["mellom.example"]
    yield "who runs it", set(told["developer"].values()) == {"Mellom", HERE}
    yield "its icons", set(told["icons"].values()) == {p.name for p in manifest.ICONS.iterdir()}
    yield "the colour of its icon", _pixels("color.png")[1][0][:3] == _rgb(told["accentColor"])
    yield "kinds of channels", told.get("supportsChannelFeatures") == "tier1"
    yield "where it is added", told["defaultInstallScope"] in bot["scopes"]
    yield "as what", told["defaultGroupCapability"] == {told["defaultInstallScope"]: "bot"}
    yield "what it needs", set(told["permissions"]) == {"identity", "messageTeamMembers"}
    yield from _conversations(told, bot)
    yield from _invokes(extension)
    yield from _words(told, bot, extension, languages)


def _conversations(told: Json, bot: Json) -> Iterator[tuple[str, bool]]:
    """What the adapter makes places of: channels and chats with one person."""
    yield "channels and chats", bot["scopes"] == ["team", "personal"]
    (proposed,) = bot["commandLists"]
    yield "commands in both", proposed["scopes"] == bot["scopes"]
    consented = told["authorization"]["permissions"]["resourceSpecific"]
    read = {"name": "ChannelMessage.Read.Group", "type": "Application"}
    yield "the consent to read channels, and no other", consented == [read]


def _invokes(extension: Json) -> Iterator[tuple[str, bool]]:
    """The invokes that Teams makes of it have a reader each, and the readers have no others."""
    made_of = {("action", True): {"composeExtension/fetchTask", "composeExtension/submitAction"}}
    named = {n for n in incoming.INVOKES if n.startswith("composeExtension/")}
    (command,) = extension["commands"]
    asked = made_of.get((command["type"], command["fetchTask"]))
    yield "a reader for each invoke, an invoke for each reader", asked == named
    yield "the command that is read", command["id"] == incoming.ASK
    yield "from a message", command["context"] == ["message"]


def _words(
    told: Json, bot: Json, extension: Json, languages: dict[str, Json]
) -> Iterator[tuple[str, bool]]:
    here = told["localizationInfo"]
    listed = {one["languageTag"]: one["file"] for one in here["additionalLanguages"]}
    yield "every language", {here["defaultLanguageTag"], *listed} == set(LANGUAGES)
    yield "a file for each", sorted(listed.values()) == sorted(languages)
    places = {
        **{f"name.{part}": words for part, words in told["name"].items()},
        **{f"description.{part}": words for part, words in told["description"].items()},
        **_numbered("bots[0].commandLists[0].commands", bot["commandLists"][0]["commands"]),
        **_numbered("composeExtensions[0].commands", extension["commands"]),
    }
    yield "en: as it is said", places == _as_said(here["defaultLanguageTag"])
    for tag, words in ((tag, languages.get(file, {})) for tag, file in listed.items()):
        schema = f"{SCHEMAS}/v{told['manifestVersion']}/MicrosoftTeams.Localization.schema.json"
        yield f"{tag}: its schema", words.get("$schema") == schema
        yield f"{tag}: as it is said", {**words, "$schema": ""} == {**_as_said(tag), "$schema": ""}


def _numbered(place: str, commands: list[Json]) -> Json:
    return {
        f"{place}[{number}].{part}": command[part]
        for number, command in enumerate(commands)
        for part in ("title", "description")
    }


def _as_said(language: str) -> dict[str, str]:
    localized = manifest.localized(language)
    return {place: words for place, words in localized.items() if place != "$schema"}


def test_teams_takes_the_package_and_is_told_what_the_code_does() -> None:
    assert wrong(made(), spoken()) == []


Path_ = tuple[str | int, ...]


def _leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in inner:
        if isinstance(part, dict | list):
            yield from _leaves(part, (*path, name))
        else:
            yield (*path, name)


def _at(value: Any, path: Path_) -> Any:
    for name in path:
        value = value[name]
    return value


def _named(path: Path_) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize("path", list(_leaves(made())), ids=_named)
def test_a_manifest_with_one_field_changed_or_left_out_is_not_what_it_should_be(
    path: Path_,
) -> None:
    for change in ("other", "kind", "left out"):
        changed = copy.deepcopy(made())
        around, name = _at(changed, path[:-1]), path[-1]
        if change == "left out":
            del around[name]
        elif change == "kind":
            around[name] = 7
        else:
            around[name] = f"x{around[name]}" if isinstance(around[name], str) else not around[name]
        assert wrong(changed, spoken()), change


@pytest.mark.parametrize(
    ("file", "place"), [(file, place) for file, words in spoken().items() for place in words]
)
def test_a_translation_that_is_changed_or_left_out_is_not_what_it_should_be(
    file: str, place: str
) -> None:
    for words in ({}, {place: ""}, {place: "x" * 4001}):
        languages = copy.deepcopy(spoken())
        del languages[file][place]
        languages[file] |= words
        assert wrong(made(), languages), words


def test_a_language_that_is_not_in_the_package_is_missed() -> None:
    languages = spoken()
    del languages["da.json"]
    assert "a file for each" in wrong(made(), languages)


def test_the_package_holds_what_the_manifest_names_and_nothing_else() -> None:
    told = made()
    others = (one["file"] for one in told["localizationInfo"]["additionalLanguages"])
    assert files().keys() == {"manifest.json", *told["icons"].values(), *others}
    for icon in told["icons"].values():
        assert files()[icon] == (manifest.ICONS / icon).read_bytes()


def test_the_same_app_is_packed_into_the_same_bytes() -> None:
    told = manifest.manifest(APP, HERE)
    assert manifest.package(told) == manifest.package(copy.deepcopy(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_teams_proposes_is_understood_and_every_command_is_proposed(
    language: str,
) -> None:
    titles = [command["title"] for command in manifest.commands(speak(language))]
    assert len(titles) <= 10
    assert all(len(title) <= 32 for title in titles)
    meant = [next(words for words in TYPED if title in words) for title in titles]
    assert sorted(map(sorted, meant)) == sorted(map(sorted, TYPED))


def test_no_set_of_command_words_is_forgotten() -> None:
    known = {value for value in vars(commands).values() if isinstance(value, frozenset)}
    assert known == {*TYPED, *SAID_ELSEWHERE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_teams_proposes_the_word_that_the_bot_itself_tells_people_to_write(language: str) -> None:
    told = speak(language)(
        "This conversation is not part of a network yet. "
        "Ask your facilitator for a code and write: @Mellom join CODE"
    )
    found = re.search(r"@Mellom (\w+)", told)
    assert found is not None
    assert found[1] in {command["title"] for command in manifest.commands(speak(language))}


# --- the icons ------------------------------------------------------------------------------------

# learn.microsoft.com, "Teams app package": App icons.


def test_the_colour_icon_has_room_around_it_for_the_shapes_that_teams_cuts() -> None:
    size, pixels = _pixels("color.png")
    assert size == (192, 192)
    ground = pixels[0]
    assert ground[3] == 255
    drawn = [divmod(n, 192) for n, pixel in enumerate(pixels) if pixel != ground]
    assert drawn
    assert all(48 <= x < 144 and 48 <= y < 144 for y, x in drawn)


def test_the_outline_icon_is_white_on_nothing_and_fills_its_place() -> None:
    size, pixels = _pixels("outline.png")
    assert size == (32, 32)
    assert {pixel[3] for pixel in pixels} == {0, 255}
    assert all(pixel[:3] == (255, 255, 255) for pixel in pixels if pixel[3])
    drawn = {n % 32 for n, pixel in enumerate(pixels) if pixel[3]}
    assert {0, 31} <= drawn


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _pixels(icon: str) -> tuple[tuple[int, int], list[tuple[int, ...]]]:
    """Size and pixels of a PNG with eight bits of red, green, blue and opacity, unfiltered."""
    data = (manifest.ICONS / icon).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (depth, kind) == (8, 6)
    at = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[at - 4 : at])
    raw = zlib.decompress(data[at + 4 : at + 4 + length])
    line = 1 + 4 * width
    assert not any(raw[::line])
    rows = (raw[y * line + 1 : (y + 1) * line] for y in range(height))
    pixels = [tuple(row[x : x + 4]) for row in rows for x in range(0, 4 * width, 4)]
    return (width, height), pixels
