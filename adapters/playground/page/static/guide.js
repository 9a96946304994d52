// One line that says what to try, and what to try after that.

import { make } from "./make.js";

/**
 * What can be tried, in this order. `done` is told what was done: the name of an act, its body, and
 * the action of the button that was pressed last, which opened the form that is sent.
 */
const STEPS = [
  { words: "first", done: (name, body) => (name === "say" && body.root) || name === "submit" },
  { words: "then_ask", done: (name, body) => name === "say" && /@mellom/i.test(body.text) },
  { words: "then_close", done: (name, _body, pressed) => name === "submit" && closes(pressed) },
  { words: "then_inside", done: (name) => name === "inside" },
  { words: "then_more", done: () => false },
];

const closes = (action) => (action?.action_id ?? action?.data?.action) === "close";

/** Words in a channel that are for nobody else, though whoever wrote them may think they are. */
const stays = (name, body) =>
  name === "say" && !body.root && !body.direct && !/@mellom/i.test(body.text);

/** Keep the line on what has not been tried yet. */
export function guide(line) {
  const left = new Set(STEPS);
  let pressed = null;
  const show = (words) => {
    line.replaceChildren(make("span", { say: words }));
    document.body.dataset.first = words;
  };
  document.addEventListener("acted", ({ detail: { name, body } }) => {
    for (const step of left) if (step.done(name, body, pressed)) left.delete(step);
    if (name === "press") pressed = body.action;
    show(stays(name, body) ? "stayed" : [...left][0].words);
  });
  show([...left][0].words);
}
