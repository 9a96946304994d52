"""Everywhere that shows a question: its copies, what stands under its author's own message, the
lists that name it and what people read in private."""

from __future__ import annotations

from storage import UnitOfWork, listings, overviews, posts


def show_again(uow: UnitOfWork, question: int) -> None:
    """The question reads otherwise now, or has another state."""
    posts.show_again(uow, "question", question)
    posts.show_again(uow, "foot", question)
    listings.redraw(uow, question)
    overviews.redraw(uow, question)
