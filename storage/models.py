"""The tables, with the constraints that make doing a thing twice harmless."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no offset, so it is stored bare and given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER key.

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _refers(name: str, to: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{to}.id"), nullable=nullable, index=index)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


network = Table(
    "network",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("language", String(8), nullable=False),
    Column("last_number", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column(
        "paused_at", Instant
    ),  # by a facilitator: nothing is said unasked until it is taken back
    Column("paused_by", Id),  # the member; no reference, since members refer to networks
    Column("steered_at", Instant),  # when a facilitator decided anything about its prompts last
    Column("seed", String(32), nullable=False, server_default=""),  # by which is drawn who is asked
    Column("asking_since", Instant),  # harm is counted from then on; null: from the beginning
    Column("asking_stopped_at", Instant),  # since it did harm: until it is begun again
    Column("asking_told", Date),  # the Monday until which the next two are counted
    Column("asking_sent", Integer),  # how many were asked in the 90 days before, in all
    Column("asking_answered", Integer),  # and how many of them had answered when it was counted
)

organisation = Table(
    "organisation",
    metadata,
    _id(),
    _refers("network", "network"),
    Column("name", String(200), nullable=False),
    Column("country", String(2), nullable=False),
    Column("language", String(8), nullable=False),
    Column("contact", String(200)),  # whom a person tells about a breach
    Column("informed_on", Date),  # from the day after, its members may be asked now and then
    UniqueConstraint("network", "name"),
)

school_break = Table(
    "school_break",
    metadata,
    Column("organisation", Id, ForeignKey("organisation.id"), primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, nullable=False),
)

seminar = Table(
    "seminar",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("host", "organisation"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "network", "last_day"),
)
"""When a network meets, and at which organisation."""

installation = Table(
    "installation",
    metadata,
    _id(),
    Column("platform", String(32), nullable=False),
    Column("app", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("bot_user", String(64), nullable=False, server_default=""),
    Column("bot", String(64), nullable=False, server_default=""),
    Column("secret", Text),  # sealed; null where the settings hold it
    Column("stopped_at", Instant),
    _flag("own"),  # an organisation's own app, whose secrets all stand here
    _refers("organisation", "organisation", nullable=True),
    Column("signing_secret", Text),  # sealed; null where the settings hold it
    Column("refresh_token", Text),  # sealed; null where the token lasts
    Column("expires_at", Instant),  # when the token does
    Column("renewing_until", Instant),  # how long one worker has the renewing to itself
    Column("reserved_at", Instant),  # while its secrets are still waited for
    Column("installed_at", Instant),
    Column("forgotten_at", Instant),
    UniqueConstraint("platform", "app", "tenant"),
)

allowed = Table(
    "allowed",
    metadata,
    _id(),
    _refers("installation", "installation"),
    Column("tenant", String(64), nullable=False),
    _refers("organisation", "organisation", nullable=True),  # whose tenant it is
    Column("allowed_at", Instant, nullable=False),
    Column("denied_at", Instant),  # from then on nothing is let in, and what is known is forgotten
    UniqueConstraint("installation", "tenant", "organisation"),
)
"""Tenants in which an app that serves several may be used, beside its own."""

turned_away = Table(
    "turned_away",
    metadata,
    Column("installation", Id, ForeignKey("installation.id"), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    _count("requests"),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)
"""Tenants from which somebody tried, and that are not allowed."""

account = Table(
    "account",
    metadata,
    _id(),
    Column("platform", String(32), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("user", String(128), nullable=False),
    _refers("installation", "installation"),  # through which the person was met
    Column("met", Id),  # in which conversation, whose address leads to a direct message
    Column("address", String(256), nullable=False),
    Column("name", String(300)),
    Column("language", String(8)),
    Column("speaks", String(8)),  # the language that the person chose, whatever the platform tells
    Column("gone_at", Instant),  # since when the platform no longer has it
    Column("profile_due_at", Instant),  # when a name that could not be had is asked for again
    UniqueConstraint("platform", "tenant", "user"),
)

member = Table(
    "member",
    metadata,
    _id(),
    _refers("network", "network", index=True),
    _refers("organisation", "organisation"),
    Column("role", String(16), nullable=False, server_default="member"),
    Column("joined_at", Instant, nullable=False),
    Column("welcomed_at", Instant),  # when the one welcome was shown
    Column("spoke_at", Instant),  # when they first asked or answered: said once, and never again
    Column("left_at", Instant),
    Column("days", String(7), nullable=False, server_default="12345"),  # of the week; 1 is Monday
    _flag("just_reads"),
    Column("away_from", Date),
    Column("away_until", Date),  # the first day back
    Column("deputy", Integer),  # in which order they stand in for the facilitator
    _flag("contact"),  # takes over what is open when somebody of the organisation leaves
    Column(
        "home", String(8)
    ),  # null: known. unknown: they are asked. none: of no organisation here
    Column("former_at", Instant),  # since when their name no longer stands on what they wrote
    Column("redraw_at", Instant),  # when (more of) what they wrote is to be drawn anew
    Column("redrawn", Id),  # the last post of that
    Column("prefers", Id),  # the account that is written to in private, of several
    Index(
        "ix_member_redraw_at",
        "redraw_at",
        sqlite_where=text("redraw_at IS NOT NULL"),
        postgresql_where=text("redraw_at IS NOT NULL"),
    ),
    Index(None, "organisation"),
    Index(None, "network", "role", "left_at"),
    Index(
        "ix_member_deputy",
        "network",
        sqlite_where=text("deputy IS NOT NULL"),
        postgresql_where=text("deputy IS NOT NULL"),
    ),
    Index(
        "ix_member_contact",
        "network",
        sqlite_where=text("contact = 1"),
        postgresql_where=text("contact"),
    ),
)

member_theme = Table(
    "member_theme",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("theme", Id, ForeignKey("theme.id"), primary_key=True, index=True),
)
"""What a member can help with."""

muted = Table(
    "muted",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
)
"""Kinds of private messages that a member does not want."""

membership = Table(
    "membership",
    metadata,
    Column("network", Id, ForeignKey("network.id"), primary_key=True),
    Column("account", Id, ForeignKey("account.id"), primary_key=True, index=True),
    _refers("member", "member", index=True),
)

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _refers("installation", "installation"),
    Column("key", String(256)),  # null until a direct message is opened
    _refers("account", "account", nullable=True),  # whose direct message it is
    Column("address", JSON, nullable=False, server_default=text("'{}'")),
    Column("name", String(300)),
    Column("language", String(8), nullable=False),
    Column("lane_until", Instant),
    Column("next_at", Instant),
    Column("closed_at", Instant),  # since when a person does not have us in their private chat
    UniqueConstraint("installation", "key"),
    UniqueConstraint("installation", "account"),
)

room = Table(
    "room",
    metadata,
    _id(),
    _refers("network", "network", index=True),
    _refers("organisation", "organisation"),
    _refers("conversation", "conversation"),
    Column("state", String(16), nullable=False),  # pending, active, ended
    Column("joined_at", Instant, nullable=False),
    Column("consent", String(64)),  # which text was confirmed
    Column("confirmed_at", Instant),
    _refers("confirmed_by", "account", nullable=True),
    Column("confirmed_as", String(200)),  # by which function, where nobody with an account did
    Column("ended_at", Instant),
    Column("ended_by", Id),  # the account that took the confirmation back
    Column("ended_as", String(200)),
    Column("trouble", String(64)),  # why its platform refuses us
    Column("trouble_at", Instant),
    # Which messages there reach us: all, mentions, none (it is one way only), null: not known.
    Column("reads", String(16)),
    Column("answer_to", String(200)),  # where people answer from whom none reaches us
    Index(
        "uq_room_conversation",
        "conversation",
        unique=True,
        sqlite_where=text("state != 'ended'"),
        postgresql_where=text("state != 'ended'"),
    ),
)

code = Table(
    "code",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("organisation", "organisation"),
    Column("role", String(16)),  # null: it ties a room
    Column("digest", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

departure = Table(
    "departure",
    metadata,
    Column("conversation", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("account", Id, ForeignKey("account.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Who left a room or was removed from it, and has not acted there since."""

link = Table(
    "link",
    metadata,
    _id(),
    _refers("giver", "account", index=True),  # who was given the code
    _refers("taker", "account", nullable=True),  # who typed it
    Column("digest", String(64), nullable=False, unique=True),
    Column("state", String(8), nullable=False),  # given, taken, half, done, refused, void
    Column("expires_at", Instant, nullable=False),  # the code; then what is to be confirmed
)
"""Two accounts that are to be one member's, from the code until both have confirmed."""

guess = Table(
    "guess",
    metadata,
    _id(),
    _refers("account", "account", index=True),
    Column("at", Instant, nullable=False),
)
"""When an account typed a code for linking that was none."""

theme = Table(
    "theme",
    metadata,
    _id(),
    _refers("network", "network"),
    Column("key", String(8)),  # one of those a network begins with, said in every language
    Column("name", String(75)),  # the network's own
    Column("retired_at", Instant),
    UniqueConstraint("network", "key"),
)

thread = Table(
    "thread",
    metadata,
    _id(),
    _refers("network", "network"),
    Column("kind", String(16), nullable=False),
    Column("number", Integer),  # null: it is no question
    # Who asked, and where; null: the bot did, which asks the question of the week.
    _refers("organisation", "organisation", nullable=True),
    _refers("member", "member", nullable=True),
    _refers("account", "account", nullable=True),
    _refers("conversation", "conversation", nullable=True),
    Column("message", String(200)),  # null: it came by a form or command
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),  # open, withdrawn; of what the bot asks: standing
    Column("created_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("answered_at", Instant),  # null: nobody has marked it as answered
    _refers("answered_by", "member", nullable=True),
    _flag("closed"),  # by whoever asked, or for them, without an answer
    Column("withdrawn_at", Instant),  # with the button: for good, whatever its message says then
    Column("keeper", Id, index=True),  # the member who looks after it, since its author has left
    # Read no more: what a question is about stands in thread_theme. Goes with the next version.
    _refers("theme", "theme", nullable=True),
    Column("sought_at", Instant),  # when more members were asked by name, since nobody had answered
    Column("saved_at", Instant),  # when it was saved for the next seminar
    Column("outside_at", Instant),  # when it was asked outside the network
    Column("told", Id),  # the last answer of which its author is told, or need not be
    Column("told_at", Instant),  # and from when that is one
    Column("rephrased_at", Instant),  # since when it reads otherwise than its author's own message
    UniqueConstraint("network", "number"),
    UniqueConstraint("conversation", "message"),
    Index(None, "member", "created_at"),
    Index(
        "ix_thread_open",
        "network",
        "number",
        sqlite_where=text("state = 'open' AND answered_at IS NULL"),
        postgresql_where=text("state = 'open' AND answered_at IS NULL"),
    ),
    Index(
        "ix_thread_answered",
        "network",
        "answered_at",
        sqlite_where=text("answered_at IS NOT NULL"),
        postgresql_where=text("answered_at IS NOT NULL"),
    ),
)

thread_theme = Table(
    "thread_theme",
    metadata,
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # 1 or 2, what it is about most first
    Column("theme", Id, ForeignKey("theme.id"), nullable=False, index=True),
    _flag("confirmed"),  # by whoever asked; else it is what its words look like
    UniqueConstraint("thread", "theme"),
)
"""What a question is about. Others are shown only what was confirmed."""

resemblance = Table(
    "resemblance",
    metadata,
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # what is most like it first
    Column("earlier", Id, ForeignKey("thread.id"), nullable=False, index=True),
)
"""Earlier questions that are shown under one that is like them, in its author's room."""

reply = Table(
    "reply",
    metadata,
    _id(),
    _refers("thread", "thread"),
    _refers("organisation", "organisation"),
    _refers("member", "member"),
    _refers("account", "account"),
    _refers("conversation", "conversation"),
    Column("message", String(200)),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),  # standing, withdrawn
    Column("created_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("helped", Instant),  # when it was picked as one that answered the question
    _flag("brief"),  # a word or two, which answers nothing
    Column("counts_at", Instant),  # when such words became an answer
    UniqueConstraint("conversation", "message"),
    Index(None, "thread", "created_at"),
    Index(None, "member", "created_at"),
)

prompt = Table(
    "prompt",
    metadata,
    _id(),
    _refers("network", "network", index=True),
    Column("key", String(8)),  # of the bank; null: the network's own
    Column("theme", String(16), nullable=False),  # model, competence, inspiration, gemba
    Column("words", JSON, nullable=False),  # by language
    Column("state", String(16), nullable=False),  # draft, waiting, planned, asked, withdrawn
    _count("place"),  # in which order it waits
    _flag("chosen"),  # by somebody in charge, and not by Mellom from the bank
    _flag("alone"),  # it was asked while nobody was in charge, and says so
    Column(
        "week", Date
    ),  # the Monday of the week for which it is planned, or in which it was asked
    _refers("thread", "thread", nullable=True, index=True),
    Column("written_at", Instant, nullable=False),
    UniqueConstraint("network", "week"),
)
"""Questions of the week: those that wait, the one that is planned, and those that were asked."""

first_voice = Table(
    "first_voice",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("week", Date, primary_key=True),  # its Monday
    _refers("network", "network"),
    _refers("organisation", "organisation"),  # whose turn it was
    Column("private", Id),  # the message; null once that is forgotten
    Column("state", String(8), nullable=False),  # asked, yes, no, void, past
    Column("asked_at", Instant, nullable=False, index=True),
    Index(None, "network", "week"),
)
"""Who was asked to answer the question of a week first, so that the turn goes round."""

step = Table(
    "step",
    metadata,
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True),
    Column("name", String(16), primary_key=True),
    _refers("network", "network", index=True),
    Column("due_at", Instant),  # null: its time came while the network was paused
    Column("since", Instant),  # from when the working days are counted that it comes after
    Index(
        "ix_step_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)
"""What is done next about a thread, and when. Once it is done it is gone."""

invitation = Table(
    "invitation",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("member", "member"),
    _refers("organisation", "organisation"),
    Column("kind", String(16), nullable=False),  # asked, nudge, check, opening
    _refers("thread", "thread", nullable=True),
    Column("private", Id, index=True),  # the message; null once that is forgotten
    Column("outcome", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("thread", "member"),
    Index(None, "member", "at"),
    Index(None, "network", "kind", "at"),
)
"""Who was asked something by name, and what came of it: shown to nobody but themselves."""

nomination = Table(
    "nomination",
    metadata,
    _id(),
    _refers("network", "network"),
    Column("key", String(8)),  # of the bank; null: a member's, and these tell whose and from where
    _refers("organisation", "organisation", nullable=True),
    _refers("member", "member", nullable=True, index=True),
    _refers("account", "account", nullable=True),
    _refers("conversation", "conversation", nullable=True),
    Column("title", String(90), nullable=False),
    Column("text", Text, nullable=False),
    _refers("theme", "theme", nullable=True),
    Column("state", String(16), nullable=False),  # standing, withdrawn, merged, chosen
    _refers("merged", "nomination", nullable=True, index=True),  # into which one
    Column("created_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("message", String(200)),  # null: it came by a form or command, or the message is gone
    UniqueConstraint("network", "key"),
    Index(None, "network", "state"),
    Index(None, "conversation", "message", unique=True),
)
"""Problems that members want the network to work on."""

backer = Table(
    "backer",
    metadata,
    Column("nomination", Id, ForeignKey("nomination.id"), primary_key=True),
    Column("member", Id, ForeignKey("member.id"), primary_key=True, index=True),
    _refers("organisation", "organisation"),
    Column("at", Instant, nullable=False),
)
"""Who wants a problem taken up that somebody else nominated."""

poll = Table(
    "poll",
    metadata,
    _id(),
    _refers("network", "network"),
    Column("month", Date, nullable=False),  # its first day
    Column("state", String(16), nullable=False),  # planned, open, counting, closed, void
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    _flag("extended"),
    Column("approved_at", Instant),  # by somebody in charge; null: by silence, or not yet
    _refers("thread", "thread", nullable=True, index=True),  # once it is open
    _refers("winner", "nomination", nullable=True),
    Column("how", String(16)),  # it won: votes, organisations, theme, earliest, facilitator
    Column("result", JSON(none_as_null=True)),  # places, ranks and rounded shares, as published
    Column("closed_at", Instant),
    _refers("question", "thread", nullable=True, index=True),  # in which the winner is talked about
    Column("workshop_at", Instant),  # when it became the problem of a seminar's workshop
    UniqueConstraint("network", "month"),
)
"""What the network chooses its problem of the month by."""

option = Table(
    "option",
    metadata,
    Column("poll", Id, ForeignKey("poll.id"), primary_key=True),
    Column("nomination", Id, ForeignKey("nomination.id"), primary_key=True, index=True),
    Column("place", Integer, nullable=False),  # 1 to 7, by which people name it
    UniqueConstraint("poll", "place"),
)

ballot = Table(
    "ballot",
    metadata,
    Column("poll", Id, ForeignKey("poll.id"), primary_key=True),
    Column("member", Id, ForeignKey("member.id"), primary_key=True, index=True),
    _refers("organisation", "organisation"),  # with whose it is counted, whatever comes
    Column("choices", Integer),  # bit (place - 1) for each; null: not cast, or the result is out
    Column("voted_at", Instant),
    Index(None, "poll", "organisation"),
)
"""One for everybody who was a member when the poll opened. What was chosen is gone with the result.
"""

job = Table(
    "job",
    metadata,
    Column("network", Id, ForeignKey("network.id"), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
)
"""When it is looked next what a network is to do by itself."""

occurrence = Table(
    "occurrence",
    metadata,
    _id(),
    Column("job", String(16), nullable=False),
    _refers("network", "network"),
    Column("slot", String(16), nullable=False),  # for which day or week
    Column("state", String(8), nullable=False),  # done, skipped
    Column("reason", String(24)),  # why it was skipped, or done on another day than is usual
    Column("day", Date),  # on which day it was done
    Column("at", Instant, nullable=False),
    UniqueConstraint("job", "network", "slot"),
)
"""What a network did by itself, or skipped: each thing once, whoever does it."""

heard = Table(
    "heard",
    metadata,
    Column("conversation", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("message", String(200), primary_key=True),
    Column("version", String(40), nullable=False),
    _flag("gone"),
    Column("at", Instant, nullable=False, index=True),
)

receipt = Table(
    "receipt",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("received_at", Instant, nullable=False, index=True),
    Column("answer", JSON(none_as_null=True)),
    Column("incoming", JSON(none_as_null=True)),  # only while it waits to be tried again
    Column("error", String(200)),
    _count("tries"),
    Column("due_at", Instant),
    Index(
        "ix_receipt_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

notice = Table(
    "notice",
    metadata,
    _id(),
    _refers("network", "network", nullable=True),
    Column("name", String(40), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Index(None, "network", "name"),
)

private = Table(
    "private",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("member", "member"),
    Column("kind", String(16), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, sending, shown, dropped
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),  # when it is decided (again) whether it is sent
    Column("until", Instant),  # after this it is not worth sending any more
    Column("sent_at", Instant),
    Column("reason", String(16)),  # by which rule it waits, or was dropped
    Index(None, "member", "sent_at"),
    Index(
        "ix_private_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)
"""Messages to one person that they did not ask for. Only what was sent, when and how it ended."""

about = Table(
    "about",
    metadata,
    Column("private", Id, ForeignKey("private.id"), primary_key=True),
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True, index=True),
)
"""Which threads a private message shows words of, so that it reads as they do."""

attempt = Table(
    "attempt",
    metadata,
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True),
    Column("member", Id, ForeignKey("member.id"), primary_key=True, index=True),
    Column("outcome", String(12)),  # tried, adapted, postponed, dropped; null: nothing was said
    Column("words", Text, nullable=False, server_default=""),  # their own, for nobody else
    Column("private", Id),  # the message in which they were asked; null once that is forgotten
    Column("asked_at", Instant, nullable=False, index=True),
    Column("told_at", Instant),  # when they said what became of it
)
"""What became of an answer that helped, as whoever asked tells it."""

greeting = Table(
    "greeting",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),  # who spoke for the first time
    _refers("network", "network"),
    _refers("thread", "thread"),
    _refers("host", "member", nullable=True, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant),  # when the facilitator is asked instead
    Index(
        "ix_greeting_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

incident = Table(
    "incident",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("organisation", "organisation"),
    _refers("account", "account"),
    _refers("conversation", "conversation"),
    Column("message", String(200)),
    Column("root", String(200)),  # the thread it stands in
    Column("kind", String(32), nullable=False),
    Column("level", String(8), nullable=False),
    Column("state", String(16), nullable=False),  # open, removed, false alarm, told
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Index(
        "uq_incident_open",
        "conversation",
        "message",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

post = Table(
    "post",
    metadata,
    _id(),
    _refers("network", "network", nullable=True),
    Column("kind", String(16), nullable=False),
    Column("subject", Id, nullable=False),
    _refers("parent", "post", nullable=True, index=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    _flag("gone"),
    Column("not_after", Instant),
    Column("doubt", String(8), nullable=False, server_default="resend"),
    UniqueConstraint("kind", "subject"),
)

copy = Table(
    "copy",
    metadata,
    _id(),
    _refers("post", "post"),
    _refers("conversation", "conversation"),
    _count("part"),
    _flag("native"),
    _count("shown"),
    Column("sending", Integer),
    Column("message", String(200)),
    Column("root", String(200)),  # the thread that begins with this copy
    Column("under", String(200)),  # a thread of somebody else's that it is to stand in
    Column("token", String(26), nullable=False, unique=True),
    # behind, sending, doubt, shown, sent (for good), failed, parked, dropped, removed, gone
    Column("state", String(8), nullable=False, server_default="behind"),
    Column("due_at", Instant),
    Column("since", Instant),
    Column("wanted_at", Instant),  # since when it is to stand there
    _count("tries"),
    _count("looks"),
    _flag("resent"),
    Column("reason", String(80)),
    UniqueConstraint("post", "conversation", "part"),
    UniqueConstraint("conversation", "message"),
    Index(None, "conversation", "root"),
    Index(
        "ix_copy_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_copy_adrift",
        "conversation",
        sqlite_where=text("state IN ('behind', 'failed', 'dropped')"),
        postgresql_where=text("state IN ('behind', 'failed', 'dropped')"),
    ),
    Index(
        "ix_copy_given_up",
        "conversation",
        sqlite_where=text("state IN ('failed', 'parked')"),
        postgresql_where=text("state IN ('failed', 'parked')"),
    ),
)

listing = Table(
    "listing",
    metadata,
    _id(),
    _refers("network", "network"),
    _refers("conversation", "conversation", index=True),
    Column("reason", String(8), nullable=False),  # joined, missed
    _count("threads"),
    _count("questions"),
    _count("answers"),
    Column("created_at", Instant, nullable=False),
)

listed = Table(
    "listed",
    metadata,
    Column("listing", Id, ForeignKey("listing.id"), primary_key=True),
    Column("thread", Id, ForeignKey("thread.id"), primary_key=True, index=True),
)
unsearched = Table(
    "unsearched",
    metadata,
    _id(),
    Column("thread", Id, nullable=False),  # no reference: it may be gone by now
)
"""Threads whose words have changed since they were indexed. Triggers write it, so that nothing that
changes words, whatever it is, can forget to; and on intake that costs no statement."""

SEARCH_INDEX = "search_index"
"""The words of each thread. It is of another kind on each database, so only its migration knows it;
SQLite keeps tables of its own for it, whose names begin like this one."""

worker = Table(
    "worker",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("ticked_at", Instant, nullable=False),
)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic is to compare it with the tables here."""
    return kind != "table" or not (name or "").startswith(SEARCH_INDEX)


Row = dict[str, Any]
"""One row, by column name."""
