"""What is only kept for a while is deleted after it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, delete, select

from storage import (
    attempts,
    confirmations,
    first_voices,
    installations,
    invitations,
    links,
    notices,
    overviews,
    polls,
    privates,
    receipts,
    searching,
    tenants,
    threads,
    workers,
)
from storage.models import copy, incident, notice, post
from storage.posts import show_again
from storage.unit_of_work import UnitOfWork

RECEIPTS = timedelta(days=3)
"""Platforms deliver again within a day; ids are kept for three."""

HEARD = timedelta(days=7)
NOTICES = timedelta(days=90)
LISTS = timedelta(days=60)
"""After this a list that somebody asked for, with people's words in it, is taken away again: while
it stands it must be known, so that words which are withdrawn leave it."""
NOTICED = (
    "notice",
    notices.PAUSED,
    confirmations.CARD,
    overviews.CARD,
    overviews.NETWORK,
    searching.CARD,
)
"""The kinds of posts that a notice stands behind."""

INCIDENTS = timedelta(days=365)
ATTEMPTS = timedelta(days=365)


def tidy(uow: UnitOfWork) -> None:
    receipts.forget_before(uow, uow.now - RECEIPTS)
    threads.forget_heard_before(uow, uow.now - HEARD)
    workers.forget_before(uow, uow.real - RECEIPTS)
    installations.forget_stopped(uow)
    privates.forget_before(uow, uow.now - NOTICES)
    first_voices.forget_before(uow, uow.now - NOTICES)
    invitations.forget_before(uow, uow.now - NOTICES, uow.now - invitations.REST)
    polls.forget_before(uow, uow.now - NOTICES)
    tenants.forget_denied(uow)
    tenants.forget_turned_away_before(uow, uow.now - NOTICES)
    attempts.forget_before(uow, uow.now - ATTEMPTS)
    links.forget_before(uow, uow.now - NOTICES)
    _take_lists_away(uow)
    _forget_notices(uow)
    uow.connection.execute(
        delete(incident).where(
            incident.c.created_at < uow.now - INCIDENTS, incident.c.state != "open"
        )
    )


def _take_lists_away(uow: UnitOfWork) -> None:
    old = (
        select(post.c.kind, post.c.subject)
        .join_from(post, notice, notice.c.id == post.c.subject)
        .where(
            post.c.kind.in_((overviews.CARD, overviews.NETWORK, searching.CARD)),
            post.c.gone.is_(False),
            notice.c.created_at < uow.now - LISTS,
        )
    )
    for kind, subject in uow.connection.execute(old).all():
        show_again(uow, kind, subject, gone=True)


def _forget_notices(uow: UnitOfWork) -> None:
    """Old notices, their posts and copies; what stands on the platform stays. What tells of a pause
    that lasts is still to be changed."""
    is_old = and_(notice.c.created_at < uow.now - NOTICES, notice.c.name != notices.PAUSED)
    old = select(notice.c.id).where(is_old)
    theirs = and_(post.c.kind.in_(NOTICED), post.c.subject.in_(old))
    posts = select(post.c.id).where(theirs)
    uow.connection.execute(delete(copy).where(copy.c.post.in_(posts)))
    uow.connection.execute(delete(post).where(theirs))
    uow.connection.execute(delete(notice).where(is_old))
