// One line that says what to try, and what to try after that.

import { make, say } from "./make.js";

const asks = (name, body) =>
  name === "say" && !body.root && !body.direct && /@mellom/i.test(body.text);

/**
 * What can be tried, in this order. `done` is told what was done: the name of an act, its body, and
 * the action of the button that was pressed last, which opened the form that is sent.
 */
const STEPS = [
  { words: "first", done: (name, body) => (name === "say" && body.root) || name === "submit" },
  { words: "then_ask", done: asks },
  { words: "then_close", done: (name, _body, pressed) => name === "submit" && closes(pressed) },
  { words: "then_inside", done: (name) => name === "inside" },
  { words: "then_more", done: () => false },
];

/** Who asked, where, and how the button reads there that marks the question. */
const whoAsked = ({ person }, room) => ({
  name: person,
  channel: room.name,
  close: say(`close.${room.state.language}`),
});

const closes = (action) => (action?.action_id ?? action?.data?.action) === "close";

/** Words in a channel that are for nobody else, though whoever wrote them may think they are. */
const stays = (name, body) =>
  name === "say" && !body.root && !body.direct && !/@mellom/i.test(body.text);

/** Keep the line on what has not been tried yet. `rooms` are those of the page, by their names. */
export function guide(line, rooms) {
  const left = new Set(STEPS);
  let pressed = null;
  let asked = {};
  const show = (words) => {
    line.replaceChildren(make("span", { say: words, values: asked }));
    document.body.dataset.first = words;
  };
  document.addEventListener("acted", ({ detail: { name, body } }) => {
    for (const step of left) if (step.done(name, body, pressed)) left.delete(step);
    if (name === "press") pressed = body.action;
    if (asks(name, body)) asked = whoAsked(body, rooms.get(body.room));
    show(stays(name, body) ? "stayed" : [...left][0].words);
  });
  show([...left][0].words);
}
