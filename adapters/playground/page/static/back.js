// The way back to where somebody was, when what they had open is closed or drawn anew.

let pressed = null;

// Not every browser gives a button the focus when it is pressed with a mouse or a finger.
document.addEventListener("click", ({ target }) => (pressed = target.closest("button")), true);

const focused = () =>
  document.activeElement === document.body ? pressed : document.activeElement;

/**
 * A function that gives the focus back to what has it now. If that is gone, it goes to what reads
 * the same in the same message, else to the message, else to what the room shows.
 */
export function wayBack() {
  const element = focused();
  const words = element?.textContent;
  const room = element?.closest(".room");
  const place = element?.closest("[data-place]")?.dataset.place;
  return () => {
    const there = place && room.querySelector(`[data-place="${CSS.escape(place)}"]`);
    const buttons = there ? [...there.querySelectorAll("button")] : [];
    const same = buttons.find((one) => one.textContent === words);
    const stream = room?.querySelector(".panel:not([hidden]) .stream");
    for (const one of [element, same, there, stream]) {
      one?.focus();
      if (document.activeElement === one) return;
    }
  };
}

/** Do something to the page, and take whoever was in this element back to where they were. */
export function keeping(element, change) {
  const back = element.contains(document.activeElement) && wayBack();
  change();
  if (back) back();
}

/** Take people back when this dialog closes; called when it opens. */
export function backAfter(dialog) {
  const back = wayBack();
  const closed = () => {
    const { activeElement } = document;
    // The browser itself goes back, but only to what is still there.
    if (activeElement === document.body || dialog.contains(activeElement)) back();
  };
  dialog.addEventListener("close", closed, { once: true });
}
