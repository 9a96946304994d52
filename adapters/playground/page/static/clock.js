// The product's time at the top of the page, and where it can be moved to.

import { order } from "./api.js";
import { language, make } from "./make.js";
import { menu } from "./menu.js";

const LOCALES = { nb: "nb-NO", nn: "nn-NO", da: "da-DK", en: "en-GB" };
const STEPS = [
  "clock_quarter",
  "clock_hour",
  "clock_tomorrow",
  "clock_tuesday",
  "clock_workdays",
];

/** Fill the page's place for the clock; what is given back shows a new time. */
export function buildClock(place) {
  const time = make("time");
  const button = make(
    "button",
    { type: "button", class: "hand", "aria-controls": "clock-panel" },
    make("span", { class: "unseen", say: "clock" }),
    " ",
    time,
  );
  const back = make("button", { type: "button", say: "clock_now", onclick: () => go(null) });
  const steps = STEPS.map((step) =>
    make("li", {}, make("button", { type: "button", say: step, onclick: () => go(step) })),
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

  let now = { ahead: 0, zone: "Europe/Oslo" };
  let going = false;
  const show = (state) => {
    now = state;
    const at = new Date(Date.now() + now.ahead);
    time.dateTime = at.toISOString();
    time.textContent = words(at, now.zone);
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

function words(at, timeZone) {
  const day = { weekday: "short", day: "numeric", month: "short", timeZone };
  const time = { hour: "2-digit", minute: "2-digit", timeZone };
  const locale = LOCALES[language()];
  return `${at.toLocaleDateString(locale, day)} ${at.toLocaleTimeString(locale, time)}`;
}
