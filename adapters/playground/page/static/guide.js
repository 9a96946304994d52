// One line that says what to try, and what to try after that.

import { make } from "./make.js";

/** What can be tried, in this order. `done` is told what was done: the name of an act, its body. */
const STEPS = [
  { words: "first", done: (name, body) => (name === "say" && body.root) || name === "submit" },
  { words: "then_ask", done: (name, body) => name === "say" && /@mellom/i.test(body.text) },
  { words: "then_close", done: (name, body) => name === "press" && closes(body.action) },
  { words: "then_inside", done: (name) => name === "inside" },
  { words: "then_more", done: () => false },
];

const closes = (action) => (action.action_id ?? action.data?.action) === "close";

/** Keep the line on what has not been tried yet. */
export function guide(line) {
  const left = new Set(STEPS);
  const show = () => line.replaceChildren(make("span", { say: [...left][0].words }));
  document.addEventListener("acted", ({ detail: { name, body } }) => {
    for (const step of left) if (step.done(name, body)) left.delete(step);
    show();
  });
  show();
}
