"""The Web API methods the stand-in answers, with Slack's own answers and error codes.

Each follows the page of its name at docs.slack.dev/reference/methods. A method is a function of a
`Call`; what it returns is the answer beside `"ok": true`, and `Refusal` is `"ok": false`.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.playground.slack import limits, views
from adapters.playground.slack.calls import Call, Refusal
from adapters.playground.slack.messages import Ephemeral, Json, Message, with_block_ids
from adapters.playground.slack.world import Channel


def auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot_name.lower(),
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def bot_info(call: Call) -> Json:
    workspace = call.workspace
    if call.need("bot") != workspace.bot_id:
        raise Refusal("bot_not_found")
    return {"bot": workspace.bot_profile() | {"user_id": workspace.bot_user_id}}


def post_message(call: Call) -> Json:
    """An unknown `thread_ts` is not refused: the message is posted to the channel itself, and the
    answer's message carries no `thread_ts` (slack-go/slack issue 1571)."""
    channel = call.writable()
    content = _content(call)
    metadata = _metadata(call)
    thread = str(call.args.get("thread_ts") or "") or None
    message = channel.post(
        call.workspace.bot_user_id,
        content.pop("text"),
        bot=True,
        thread_ts=channel.messages[thread].root if thread in channel.messages else None,
        metadata=metadata,
        username=call.args.get("username"),
        **content,
    )
    if metadata and call.metadata_events:
        call.workspace.emit(_metadata_posted(message))
    return {"channel": channel.id, "ts": message.ts, "message": message.wire()}


def update(call: Call) -> Json:
    """Without `blocks` the old ones stay only if there is no `text` either; metadata stays unless
    given, and an empty object takes it away. An update with blocks does not mark the message as
    edited."""
    channel = call.writable()
    message = _own(call, channel, "cant_update_message")
    changes = _content(call, enough="metadata" in call.args)
    if "blocks" not in call.args and "text" not in call.args:
        del changes["blocks"]
    if "attachments" not in call.args:
        del changes["attachments"]
    if "text" not in call.args:
        del changes["text"]
    if "metadata" in call.args:
        changes["metadata"] = _metadata(call) if call.args["metadata"] else None
    if not changes.get("blocks"):
        changes["edited"] = {"user": call.workspace.bot_id, "ts": call.workspace.next_ts()}
    channel.change(message, **changes)
    answer = {"channel": channel.id, "ts": message.ts, "text": message.text}
    return answer | {"message": message.wire()}


def delete(call: Call) -> Json:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    channel.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    channel = call.writable()
    user = call.person(call.need("user"))
    if user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    content = _content(call)
    whisper = Ephemeral(
        channel,
        user.id,
        call.workspace.next_ts(),
        content["text"],
        content["blocks"],
        call.args.get("thread_ts"),
    )
    call.workspace.whispers.append(whisper)
    return {"message_ts": whisper.ts}


def open_conversation(call: Call) -> Json:
    user = call.person(call.need("users"))
    if not user.active:
        raise Refusal("user_disabled")
    return {"no_op": False, "already_open": False, "channel": {"id": call.workspace.dm(user).id}}


def conversation_info(call: Call) -> Json:
    return {"channel": call.channel().wire()}


def history(call: Call) -> Json:
    """Newest first; replies only where they were sent to the channel too."""
    channel = call.readable()
    shown = [
        message
        for message in channel.messages.values()
        if message.root == message.ts or message.subtype == "thread_broadcast"
    ]
    return _page(call, list(reversed(_between(call, shown))))


def replies(call: Call) -> Json:
    """Oldest first; the first message of the thread is in every answer."""
    channel = call.readable()
    message = channel.messages.get(call.need("ts"))
    if message is None:
        raise Refusal("thread_not_found")
    thread = channel.thread(message.root)
    return _page(call, _between(call, thread[1:]), first=thread[:1])


def user_info(call: Call) -> Json:
    user = call.person(call.need("user"))
    return {"user": user.wire(locale=call.flag("include_locale"))}


def _own(call: Call, channel: Channel, refusal: str) -> Message:
    message = channel.messages.get(call.need("ts"))
    if message is None or message.tombstone:
        raise Refusal("message_not_found")
    if not message.bot:
        raise Refusal(refusal)
    return message


def _content(call: Call, *, enough: bool = False) -> Json:
    text, blocks = call.args.get("text") or "", call.args.get("blocks")
    attachments = call.args.get("attachments") or []
    if blocks and (faults := limits.block_faults(blocks)):
        raise Refusal("invalid_blocks", faults)
    if not (text or blocks or attachments or enough):
        raise Refusal("no_text")
    if len(text) > limits.MESSAGE_TEXT:
        raise Refusal("msg_too_long")
    if len(attachments) > 100:
        raise Refusal("too_many_attachments")
    return {"text": text, "blocks": with_block_ids(blocks or []), "attachments": attachments}


def _metadata(call: Call) -> Json | None:
    metadata: Json | None = call.args.get("metadata") or None
    if metadata and (fault := limits.metadata_fault(metadata)):
        raise Refusal(fault)
    return metadata


def _metadata_posted(message: Message) -> Json:
    """docs.slack.dev: "message_metadata_posted event"."""
    workspace = message.channel.workspace
    return {
        "type": "message_metadata_posted",
        "app_id": workspace.app_id,
        "bot_id": workspace.bot_id,
        "user_id": workspace.bot_user_id,
        "team_id": workspace.team_id,
        "channel_id": message.channel.id,
        "metadata": message.metadata,
        "message_ts": message.ts,
        "event_ts": message.ts,
    }


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest = float(call.args.get("oldest") or 0)
    latest = float(call.args.get("latest") or "inf")
    edges = {oldest, latest} if call.flag("inclusive") else set()
    return [
        message
        for message in messages
        if oldest < float(message.ts) < latest or float(message.ts) in edges
    ]


def _page(call: Call, messages: list[Message], first: list[Message] | None = None) -> Json:
    limit = min(int(call.args.get("limit") or 100), 999)
    start = int(str(call.args.get("cursor") or "next:0").removeprefix("next:"))
    shown, more = messages[start : start + limit], len(messages) > start + limit
    metadata = call.flag("include_all_metadata")
    body: Json = {
        "messages": [message.wire(metadata=metadata) for message in [*(first or []), *shown]],
        "has_more": more,
    }
    return body | ({"response_metadata": {"next_cursor": f"next:{start + limit}"}} if more else {})


METHODS: dict[str, Callable[[Call], Json]] = {
    "auth.test": auth_test,
    "bots.info": bot_info,
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "conversations.open": open_conversation,
    "conversations.info": conversation_info,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.info": user_info,
    "views.open": views.open_view,
    "views.push": views.push_onto,
    "views.update": views.update_view,
    "views.publish": views.publish_view,
}


def known(method: str) -> Callable[[Call], Json]:
    """The method of this name."""
    if method not in METHODS:
        raise Refusal("unknown_method")
    return METHODS[method]
