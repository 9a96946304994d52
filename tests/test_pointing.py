"""Asking the network with a message that is already written: *Ask the network* in its menu."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number

QUESTION = "Hvordan får dere liv i tavlemøtene?"

BOTH = pytest.mark.parametrize("asker", ["Kari Nilsen", "Jens Holm"])
"""One of them sits on Slack, the other on Teams."""

COLLEAGUES = {"Kari Nilsen": "Ola Berg", "Jens Holm": "Mette Lund"}


def colleague_of(person: Person) -> Person:
    return person.room.person(COLLEAGUES[person.name])


SPACE = {"Kari Nilsen": "\N{NO-BREAK SPACE}", "Jens Holm": "."}
"""Between thousands."""

# In a channel Teams tells that there are files, and not which.
STAYS = {
    "Kari Nilsen": "1 vedlegg (tavle.png, 240 kB) blir ikke med",
    "Jens Holm": "1 vedhæftet fil kommer ikke med",
}


def hangs(person: Person, words: str, file: str) -> None:
    """Write a message with a file."""
    if isinstance(person, SlackPerson):
        slack = person.world.slack
        said = slack.say(person.user, person.room.channel, words, files=[(file, 240_000)])
        person.world.act(said)
    elif isinstance(person, TeamsPerson):
        person.world.act(
            person.world.teams.say(person.user, person.room.channel, words, files=[file])
        )


def formatted(person: Person, mrkdwn: str, html: str, words: str) -> None:
    """Write a message with links in it, as either platform tells of them, that names its author."""
    if isinstance(person, SlackPerson):
        typed = f"<@{person.user.id}> {mrkdwn}"
        person.world.act(person.world.slack.say(person.user, person.room.channel, typed))
    elif isinstance(person, TeamsPerson):
        name, channel = f"@{person.name}", person.room.channel
        said = person.world.teams.say(
            person.user,
            channel,
            f"{name} {words}",
            mentions=[person.user],
            rich=f"<p>{name} {html}</p>",
        )
        person.world.act(said)


def others(world: World, person: Person) -> list[Room]:
    return [room for room in world.rooms.values() if room is not person.room]


@BOTH
def test_a_word_that_is_a_command_after_a_mention_is_only_a_word_without_one(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    person.says("Spør dere innbyggerne om tavla?")
    person.points_at("innbyggerne").asks_the_network()
    person.is_told("Q-1")
    for room in others(world, person):
        room.sees("Q-1", "Spør dere innbyggerne om tavla?")
    person.edits("innbyggerne", "Spør dere innbyggerne om møtene?")
    for room in others(world, person):
        room.sees("Q-1", "Spør dere innbyggerne om møtene?")


@BOTH
def test_ones_own_words_become_the_question_as_they_stand(asker: str, world: World) -> None:
    person = world.person(asker)
    person.says(QUESTION)
    for room in others(world, person):
        room.does_not_see("tavlemøtene")
    person.points_at("tavlemøtene").asks_the_network()
    person.is_told("Q-1")
    for room in others(world, person):
        room.sees(f"{asker} · {person.room.inner.town.name}", QUESTION)
    person.room.sees_once("tavlemøtene")
    person.room.sees("Q-1", under="tavlemøtene")


@BOTH
def test_the_answers_come_to_the_message_and_its_edits_follow(
    asker: str, world: World, ingrid: Person, bodo: Room
) -> None:
    person = world.person(asker)
    person.says(QUESTION)
    person.points_at("tavlemøtene").asks_the_network()
    ingrid.replies("Vi begynner med et spørsmål.", under="tavlemøtene")
    person.room.sees("Ingrid Vik", "begynner med et spørsmål", under="tavlemøtene")
    if isinstance(person, SlackPerson):  # Teams tells only of edits that mention the bot.
        person.edits("tavlemøtene", to="Hvordan får dere liv i morgenmøtene?")
        bodo.sees(asker, "morgenmøtene")


@BOTH
def test_a_reply_can_be_the_question_and_its_thread_gets_the_answers(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    colleague_of(person).says("Kaffe om fem minutter.")
    person.replies(QUESTION, under="Kaffe")
    person.points_at("tavlemøtene").asks_the_network()
    ingrid.replies("Vi begynner med et spørsmål.", under="tavlemøtene")
    person.room.sees("Ingrid Vik", "begynner med et spørsmål", under="Kaffe")
    person.room.sees("Q-1", under="Kaffe")


@BOTH
def test_a_second_time_asks_nothing_more(asker: str, world: World) -> None:
    person = world.person(asker)
    person.says(QUESTION)
    for _ in range(2):
        person.points_at("tavlemøtene").asks_the_network()
    assert world.count("SELECT count(*) FROM thread") == 1


@BOTH
def test_a_message_that_is_gone_by_now_is_not_asked(asker: str, world: World) -> None:
    person = world.person(asker)
    person.says(QUESTION)
    seen = person.message("tavlemøtene")
    person.deletes("tavlemøtene")
    person.asks_with(seen)
    person.is_told({"Kari Nilsen": "borte", "Jens Holm": "væk"}[asker])
    assert world.count("SELECT count(*) FROM thread") == 0


@BOTH
def test_in_the_thread_of_a_question_ones_words_are_proposed_and_take_no_thread_over(
    asker: str, world: World, ingrid: Person
) -> None:
    person, number = world.person(asker), norwegian_number().text
    ingrid.asks("Hvem leder møtene hos dere?")
    person.replies(f"{QUESTION} {number}", under="Hvem leder")
    person.points_at("tavlemøtene").asks_the_network()
    assert person.typed("question") == f"{QUESTION} […]"
    assert world.count("SELECT count(*) FROM thread") == 1


def test_what_slack_delivers_twice_is_done_once(kari: SlackPerson, world: World) -> None:
    kari.says(QUESTION)
    kari.points_at("tavlemøtene").asks_the_network()
    sent = [one.request for one in world.slack.wire if one.method == "message_action"]
    world.act(world.slack.interact(sent[-1]))
    assert world.count("SELECT count(*) FROM thread") == 1


def test_what_teams_delivers_twice_is_done_once_and_answered_alike(
    jens: TeamsPerson, world: World
) -> None:
    jens.says(QUESTION)
    jens.points_at("tavlemøtene").asks_the_network()
    assert jens.last is not None
    first = jens.last.reply.json
    assert world.act(world.teams.send(jens.last)).json == first
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_form_that_teams_asks_for_twice_has_the_words_in_it_both_times(
    jens: TeamsPerson, world: World
) -> None:
    jens.room.person("Mette Lund").says(QUESTION)
    jens.points_at("tavlemøtene").asks_the_network()
    assert jens.last is not None
    world.act(world.teams.send(jens.last))
    assert jens.typed("question") == QUESTION


@BOTH
def test_another_persons_words_are_proposed_to_who_chose_them(asker: str, world: World) -> None:
    person = world.person(asker)
    colleague_of(person).says(QUESTION)
    person.points_at("tavlemøtene").asks_the_network()
    assert person.typed("question") == QUESTION
    person.sends_form(question="Hvordan får dere liv i morgenmøtene?")
    person.confirms()
    person.is_told("Q-1")
    for room in world.rooms.values():
        room.sees("Q-1", asker, "morgenmøtene")
    person.room.does_not_see(COLLEAGUES[asker], "Q-1")


@BOTH
def test_a_long_message_is_proposed_in_both_fields(asker: str, world: World) -> None:
    person = world.person(asker)
    words = " ".join(f"ord{number}" for number in range(600))
    for somebody, end in ((colleague_of(person), "først"), (person, "sist")):
        somebody.says(f"{words} {end}")
        person.points_at(f"ord599 {end}").asks_the_network()
        assert f"{person.typed('question')} {person.typed('details')}" == f"{words} {end}"
        assert person.form is not None
        assert "2 000" not in person.form


@BOTH
def test_the_end_of_what_is_longer_than_the_form_is_said_to_be_left_out(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    words = " ".join(f"ord{number:04}" for number in range(800))
    colleague_of(person).says(words)
    person.points_at("ord0799").asks_the_network()
    kept = f"{person.typed('question')} {person.typed('details')}"
    assert words.startswith(kept)
    assert f"{len(words) - len(kept):,}".replace(",", SPACE[asker]) in (person.form or "")
    person.sends_form()
    person.is_told("Q-1")


@BOTH
def test_of_a_proposed_message_the_files_are_said_to_stay_behind(asker: str, world: World) -> None:
    person = world.person(asker)
    for somebody, words in ((colleague_of(person), QUESTION), (person, "Se her.")):
        hangs(somebody, words, "tavle.png")
        person.points_at(words).asks_the_network()
        assert person.form is not None
        assert STAYS[asker] in person.form
    person.sends_form(question=f"{QUESTION} Tavla er hvit.")
    person.confirms()
    for room in world.rooms.values():
        room.does_not_see("tavle.png", "Q-1")


def test_a_number_in_the_name_of_a_file_is_taken_out_of_what_is_told(kari: Person) -> None:
    number = norwegian_number().text
    hangs(colleague_of(kari), QUESTION, f"{number}.pdf")
    kari.points_at("tavlemøtene").asks_the_network()
    assert kari.typed("question") == QUESTION
    assert kari.form is not None
    assert "[…].pdf" in kari.form
    assert number not in kari.form


@BOTH
def test_a_proposed_message_keeps_its_names_and_where_its_links_lead(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    colleague = colleague_of(person)
    colleague.asks("Hvem leder møtene hos dere?")  # Known by name from here on.
    formatted(
        colleague,
        "har dere sett <https://www.lean.example/tavler|denne> eller <http://lean.example|lean.example>?",
        'har dere sett <a href="https://www.lean.example/tavler">denne</a> eller '
        '<a href="http://lean.example/">lean.example</a>?',
        "har dere sett denne eller lean.example?",
    )
    person.points_at("har dere sett").asks_the_network()
    name = COLLEAGUES[asker]
    assert person.typed("question") == (
        f"@{name} har dere sett denne (https://www.lean.example/tavler) eller lean.example?"
    )


@BOTH
def test_words_from_a_chat_that_has_not_joined_are_proposed(asker: str, world: World) -> None:
    person = world.person(asker)
    person.asks("Hvem leder møtene hos dere?")  # A member of the one network.
    person.asks_with(person.writes_elsewhere(QUESTION))
    assert person.typed("question") == QUESTION
    person.sends_form()
    person.confirms()
    person.is_told("Q-2")
    for room in world.rooms.values():
        room.sees("Q-2", asker, QUESTION)


@BOTH
def test_who_belongs_to_no_network_is_told_what_to_do(asker: str, world: World) -> None:
    stranger = colleague_of(world.person(asker))
    stranger.asks_with(stranger.writes_elsewhere(QUESTION))
    stranger.is_told("@Mellom")
    assert world.count("SELECT count(*) FROM thread") == 0


@BOTH
def test_what_stands_in_the_network_already_is_not_asked_again(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(QUESTION)
    person.replies("Vi begynner med hvorfor.", under="tavlemøtene")
    person.points_at("tavlemøtene").asks_the_network()
    person.points_at("begynner med hvorfor").asks_the_network()
    assert world.count("SELECT count(*) FROM thread") == 1


@BOTH
def test_words_too_short_come_in_the_form_with_the_reason(asker: str, world: World) -> None:
    person = world.person(asker)
    person.says("Hei dere")
    person.points_at("Hei dere").asks_the_network()
    assert person.typed("question") == "Hei dere"
    assert person.form is not None
    assert "tegn" in person.form


@BOTH
def test_a_number_is_taken_out_and_the_rest_is_proposed(asker: str, world: World) -> None:
    person, number = world.person(asker), norwegian_number().text
    person.says(f"Gjelder {number}: hva gjør dere med ventetiden?")
    person.points_at("ventetiden").asks_the_network()
    assert person.typed("question") == "Gjelder […]: hva gjør dere med ventetiden?"
    assert number not in (person.form or "")
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%ventetiden%'"
    assert world.count(kept) == 0
    assert world.count(kept.replace("ventetiden", number)) == 0
    assert world.count("SELECT count(*) FROM thread") == 0


def test_a_chat_between_two_people_never_becomes_the_way_to_write_to_one_of_them(
    kari: SlackPerson, world: World
) -> None:
    kari.asks("Hvem leder møtene hos dere?")
    kari.writes_privately("hjelp")
    between = kari.user.workspace.channel("D0MELLOM2")
    between.id = "D0TWO"
    kari.user.workspace.channels["D0TWO"] = between
    said = world.act(world.slack.say(kari.user, between, QUESTION))
    world.act(world.slack.shortcut(kari.user, said, "ask"))
    assert kari.typed("question") == QUESTION
    kari.sends_form()
    kari.confirms()
    kari.writes_privately("spør Hvor mange timer bruker dere på veiledning?")
    kari.reads_privately("Q-3")
    assert world.count("SELECT count(*) FROM conversation WHERE key = 'D0TWO'") == 0


def test_slack_that_opens_no_form_says_so(kari: SlackPerson, world: World) -> None:
    kari.room.person("Ola Berg").says(QUESTION)
    world.slack.faults.add(faults.drop_after(), method="views.open")
    kari.points_at("tavlemøtene").asks_the_network()
    assert kari.told
    assert world.count("SELECT count(*) FROM thread") == 0
