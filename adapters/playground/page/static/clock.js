// The product's time at the top of the page, and where it can be moved to.

import { order } from "./api.js";
import { make, named } from "./make.js";
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
  const steps = named("step").map(([step, words]) =>
    make("li", {}, make("button", { type: "button", say: words, onclick: () => go(step) })),
  );
  const panel = make(
    "div",
    { class: "panel-over", id: "clock-panel" },
    make("p", { class: "small", say: "clock_about" }),
    make("ul", {}, steps),
    back,
  );
  place.append(button, panel);
  menu(button, panel, () => panel.querySelector("button").focus());

  let now = { ahead: 0 };
  let going = false;
  const show = (state) => {
    now = state;
    const at = new Date(Date.now() + now.ahead);
    time.dateTime = at.toISOString();
    date.textContent = day(at);
    hour.textContent = clock(at);
    place.classList.toggle("moved", Boolean(now.ahead));
    back.hidden = !now.ahead;
  };
  const go = async (step) => {
    if (going) return;
    going = true;
    panel.setAttribute("aria-busy", "true");
    const moved = await order("clock", { step });
    panel.removeAttribute("aria-busy");
    going = false;
    if (moved) show(moved);
    if (!now.ahead) button.focus();
  };
  show(now);
  document.addEventListener("spoken", () => show(now));
  setInterval(() => show(now), 5000);
  // On a journey the clock shows where it came to when it has come there.
  return (state) => going || show(state);
}
