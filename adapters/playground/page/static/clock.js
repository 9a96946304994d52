// The product's time at the top of the page, and where it can be moved to.

import { order } from "./api.js";
import { make, named, reword, say } from "./make.js";
import { menu } from "./menu.js";
import { clock, day } from "./time.js";

/** Fill the page's place for the clock; what is given back shows a new time. */
export function buildClock(place) {
  const [date, hour] = [make("span", { class: "date" }), make("span")];
  const time = make("time", {}, date, " ", hour);
  const button = make(
    "button",
    { type: "button", class: "hand", "aria-controls": "clock-panel" },
    make("span", { class: "unseen", say: "clock" }),
    " ",
    time,
  );
  const back = make("button", { type: "button", say: "clock_now", onclick: () => go(null) });
  const steps = named("step").map(([step, words]) => {
    const chosen = make("button", { type: "button", say: words, onclick: () => go(step) });
    return { words, button: chosen, item: make("li", {}, chosen) };
  });
  const panel = make(
    "div",
    { class: "panel-over", id: "clock-panel" },
    make("p", { class: "small", say: "clock_about" }),
    make(
      "ul",
      {},
      steps.map(({ item }) => item),
    ),
    back,
  );
  place.append(button, panel);
  const turn = menu(button, panel, () =>
    panel.querySelector("button:not([hidden])").focus({ preventScroll: true }),
  );

  let now = { ahead: 0, next: null };
  let going = false;
  const show = (state) => {
    now = state;
    const at = new Date(Date.now() + now.ahead);
    time.dateTime = at.toISOString();
    date.textContent = day(at);
    hour.textContent = clock(at);
    place.classList.toggle("moved", Boolean(now.ahead));
    back.hidden = !now.ahead;
    tell(new Date(Math.max(now.next, at)));
  };
  /** Some steps say when that is; where nothing is due, there is nothing to go to. */
  const tell = (due) => {
    const when = `${day(due)} ${clock(due)}`;
    for (const { words, button: one, item } of steps) {
      if (!say(words).includes("{when}")) continue;
      item.hidden = now.next === null;
      reword(one, words, { when });
    }
  };
  const go = async (step) => {
    if (going) return;
    going = true;
    panel.setAttribute("aria-busy", "true");
    const moved = await order("clock", { step });
    panel.removeAttribute("aria-busy");
    going = false;
    if (moved) show(moved);
    // What it causes is under the menu.
    turn(false);
    button.focus({ preventScroll: true });
  };
  show(now);
  document.addEventListener("spoken", () => show(now));
  setInterval(() => show(now), 5000);
  // On a journey the clock shows where it came to when it has come there.
  return (state) => going || show(state);
}
