// One line that says what to try, and what to try after that.

import { language, make, say } from "./make.js";

/**
 * What can be tried, in this order. `done` is told which acts were done, what the newest question is
 * that was asked here, and all that were.
 */
const STEPS = [
  { words: "first", done: ({ acts }) => acts.has("answer") },
  { words: "then_ask", done: ({ newest }) => newest },
  { words: "then_answer", done: ({ newest }) => newest.answers || newest.marked },
  { words: "then_close", done: ({ asked }) => asked.some(({ marked }) => marked) },
  { words: "then_inside", done: ({ acts }) => acts.has("inside") },
  { words: "then_more", done: () => false },
];

/** Words in a channel that are for nobody else, though whoever wrote them may think they are. */
const stays = (name, body) =>
  name === "say" && !body.root && !body.direct && !/@mellom/i.test(body.text);

const answers = (name, body) => (name === "say" && body.root) || name === "submit";

/**
 * Keep the line on what has not been tried yet. `rooms` are those of the page, by their names; what
 * is given back is told what has been asked so far.
 */
export function guide(line, rooms) {
  const left = new Set(STEPS);
  const acts = new Set();
  let [before, asked, stayed] = [null, [], false];
  let shown = "";
  const show = () => {
    const open = asked.filter(({ marked }) => !marked);
    const newest = open.at(-1) ?? asked.at(-1);
    for (const step of left) {
      if (!step.done({ acts, asked, newest })) break;
      left.delete(step);
    }
    const words = stayed ? "stayed" : [...left][0].words;
    const values = newest ? about(newest, words, rooms) : {};
    const content = JSON.stringify([words, values]);
    if (shown === content) return;
    shown = content;
    line.replaceChildren(make("span", { say: words, values }));
    document.body.dataset.first = words;
  };
  document.addEventListener("acted", ({ detail: { name, body } }) => {
    if (answers(name, body)) acts.add("answer");
    if (name === "inside") acts.add("inside");
    stayed = stays(name, body);
    show();
  });
  show();
  return (questions) => {
    before ??= new Set(questions.map(({ number }) => number));
    asked = questions.filter(({ number }) => !before.has(number));
    show();
  };
}

/** Which question it is, and who does something about it where, with the button as it reads there. */
function about({ number, person, room }, words, rooms) {
  const [name, where] = words === "then_answer" ? somebodyElse(room, rooms) : [person, room];
  const spoken = rooms.get(where)?.state.language;
  return {
    question: `Q-${number}`,
    name,
    channel: where,
    button: say(`${words === "then_answer" ? "answer" : "close"}.${spoken}`),
  };
}

/** Somebody in another channel than this one; if there is one, in one that speaks as the page does. */
function somebodyElse(room, rooms) {
  const others = [...rooms.values()].filter(({ name }) => name !== room);
  const there = others.find(({ state }) => state.language === language()) ?? others[0];
  return [there.person, there.name];
}
