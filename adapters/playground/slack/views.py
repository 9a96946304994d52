"""Modals and home tabs (docs.slack.dev: "views.open method" and its neighbours, "Modals")."""

from __future__ import annotations

import json
import uuid

from adapters.playground.slack import limits
from adapters.playground.slack.calls import Call, Refusal
from adapters.playground.slack.messages import Json, View, with_block_ids
from adapters.playground.slack.world import User, Workspace

MODALS = 3
VIEW_BYTES = 250_000


def open_view(call: Call) -> Json:
    payload = _view(call)
    workspace, user = call.triggers.spend(call.need("trigger_id"))
    return _put(workspace, user, payload, None)


def push_onto(call: Call) -> Json:
    payload = _view(call)
    workspace, user = call.triggers.spend(call.need("trigger_id"))
    under = workspace.views.get(user.id)
    if under is None:
        raise Refusal("not_found")
    if _depth(under) >= MODALS:
        raise Refusal("push_limit_reached")
    return _put(workspace, user, payload, under)


def _put(workspace: Workspace, user: User, payload: Json, under: View | None) -> Json:
    view = _new_view(workspace, user, payload, under)
    workspace.views[user.id] = view
    return {"view": view.wire()}


def update_view(call: Call) -> Json:
    payload = _view(call)
    for view in _open_views(call.workspace):
        external = view.payload.get("external_id")
        if call.args.get("view_id") == view.id or external == call.args.get("external_id", ""):
            if call.args.get("hash") not in (None, "", view.hash):
                raise Refusal("hash_conflict")
            replace_view(view, payload)
            return {"view": view.wire()}
    raise Refusal("not_found")


def publish_view(call: Call) -> Json:
    user, payload = call.person(call.need("user_id")), _view(call)
    if payload["type"] != "home":
        raise Refusal("invalid_arguments", ["[ERROR] unsupported type [json-pointer:/view/type]"])
    if not call.workspace.has_home:
        raise Refusal("not_enabled")
    home = call.workspace.homes.get(user.id)
    if call.args.get("hash") not in (None, "", home.hash if home else ""):
        raise Refusal("hash_conflict")
    if home is None:
        home = _new_view(call.workspace, user, payload, None)
        call.workspace.homes[user.id] = home
    else:
        replace_view(home, payload)
    return {"view": home.wire()}


def replace_view(view: View, payload: Json) -> None:
    """The view now shows this; what was typed and complained of is gone."""
    view.payload = payload | {"blocks": with_block_ids(payload["blocks"])}
    view.hash = f"{view.workspace.next_ts()[:-5]}.{uuid.uuid4().hex[:8]}"
    view.errors = {}


def push_view(under: View, payload: Json) -> View:
    """A further modal on top of one that stays open below it."""
    return _new_view(under.workspace, under.workspace.users[under.user], payload, under)


def _new_view(workspace: Workspace, user: User, payload: Json, under: View | None) -> View:
    view = View(workspace, user.id, workspace.next_id("V"), {}, "", under=under)
    replace_view(view, payload)
    return view


def _depth(view: View | None) -> int:
    return 0 if view is None else 1 + _depth(view.under)


def _open_views(workspace: Workspace) -> list[View]:
    found = []
    for top in workspace.views.values():
        view: View | None = top
        while view is not None:
            found.append(view)
            view = view.under
    return found


def _view(call: Call) -> Json:
    view = call.args.get("view")
    faults = limits.view_faults(view)
    if faults or not isinstance(view, dict):
        raise Refusal("invalid_arguments", faults)
    if len(json.dumps(view)) > VIEW_BYTES:
        raise Refusal("view_too_large")
    return view
