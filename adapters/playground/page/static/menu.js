// A button that shows and hides what belongs to it.

/** Escape and a press elsewhere hide the panel again; `shown` is told when it opens. */
export function menu(button, panel, shown = () => {}) {
  const turn = (open) => {
    if (panel.hidden !== open) return;
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) shown();
  };
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => turn(panel.hidden));
  for (const element of [button, panel]) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      event.stopPropagation();
      turn(false);
      button.focus();
    });
  }
  document.addEventListener("pointerdown", ({ target }) => {
    if (!panel.contains(target) && !button.contains(target)) turn(false);
  });
  return turn;
}
