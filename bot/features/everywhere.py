"""Everywhere that shows what members wrote: its copies, what stands under an author's own message,
the lists that name it and what people read in private."""

from __future__ import annotations

from storage import (
    UnitOfWork,
    listings,
    overviews,
    polls,
    posts,
    privates,
    redrawing,
    searching,
    similar,
    threads,
)


def show_again(uow: UnitOfWork, question: int) -> None:
    """The question reads otherwise now, or has another state."""
    posts.show_again(uow, "question", question)
    posts.show_again(uow, "foot", question)
    listings.redraw(uow, question)
    overviews.redraw(uow, question)
    searching.redraw(uow, question)
    privates.redraw(uow, question)
    similar.redraw(uow, question)
    if poll := polls.of_question(uow, question):  # It tells what won, and who looks after it.
        _show_poll_again(uow, poll.thread or 0)


def show_poll_again(uow: UnitOfWork, thread: int) -> None:
    """What a poll is about reads otherwise now, on its card and wherever its result is told."""
    _show_poll_again(uow, thread)
    poll = polls.of_thread(uow, thread)
    if poll is not None and poll.question is not None:
        posts.show_again(uow, "question", poll.question)


def _show_poll_again(uow: UnitOfWork, thread: int) -> None:
    posts.show_again(uow, polls.KIND, thread)
    posts.show_again(uow, polls.RESULT, thread)


def show_answer_again(uow: UnitOfWork, answer: int, *, gone: bool | None = None) -> None:
    """The answer reads otherwise now, is withdrawn (`gone`), or stands again (not `gone`)."""
    posts.show_again(uow, "answer", answer, gone=gone)
    thread = threads.reply_by_id(uow, answer).thread
    searching.redraw(uow, thread)
    privates.redraw(uow, thread)


def redraw_all_of(uow: UnitOfWork, member: int) -> None:
    """What this member wrote stands under another name, or for another organisation, from now on:
    the first of it at once, the rest in its turn."""
    redrawing.begin(uow, member)
    redraw_due(uow)


def redraw_due(uow: UnitOfWork) -> None:
    """Called by the clock: the next few posts of somebody whose words are to be drawn anew."""
    written = redrawing.due(uow)
    if written is None:
        return
    redrawing.forget_name(uow, written.member)
    for kind, subject in written.posts:
        if kind == polls.KIND:
            show_poll_again(uow, subject)
            continue
        if kind == "question":
            show_again(uow, subject)
            continue
        show_answer_again(uow, subject)
        answer = threads.reply_by_id(uow, subject)
        if answer.marked:  # The question names who helped.
            show_again(uow, answer.thread)
