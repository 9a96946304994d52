"""Everywhere that shows what members wrote: its copies, what stands under an author's own message,
the lists that name it and what people read in private."""

from __future__ import annotations

from storage import UnitOfWork, listings, overviews, posts, searching, threads


def show_again(uow: UnitOfWork, question: int) -> None:
    """The question reads otherwise now, or has another state."""
    posts.show_again(uow, "question", question)
    posts.show_again(uow, "foot", question)
    listings.redraw(uow, question)
    overviews.redraw(uow, question)
    searching.redraw(uow, question)


def show_answer_again(uow: UnitOfWork, answer: int, *, gone: bool | None = None) -> None:
    """The answer reads otherwise now, is withdrawn (`gone`), or stands again (not `gone`)."""
    posts.show_again(uow, "answer", answer, gone=gone)
    searching.redraw(uow, threads.reply_by_id(uow, answer).thread)
