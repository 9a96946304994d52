// Channels that are only told that something was asked: each is folded away behind its name.

import { make } from "./make.js";
import { menu } from "./menu.js";
import { DRAWN } from "./message.js";

/** Fill the page's place for them; what is given back shows one as it is now. */
export function buildBoards(place) {
  const boards = new Map();
  return (state) => {
    const board = boards.get(state.name) ?? build(state, boards.size);
    boards.set(state.name, board);
    if (!board.element.isConnected) place.append(board.element);
    board.count.textContent = state.notes.length;
    const notes = state.notes.map((note) => make("li", { class: "words" }, drawn(note, state)));
    board.list.replaceChildren(...once(notes.reverse()));
  };
}

/** What every note says in small print stands under the newest one alone. */
function once(notes) {
  const said = new Set();
  for (const small of notes.flatMap((note) => [...note.querySelectorAll(".small")])) {
    if (said.has(small.textContent)) small.remove();
    said.add(small.textContent);
  }
  return notes;
}

const drawn = (note, { platform }) => DRAWN[platform](note, { names: {}, press: () => {} });

function build({ name, language, platform }, number) {
  const id = `board-${number}`;
  const count = make("span");
  const button = make(
    "button",
    { type: "button", class: "quiet", "aria-controls": id },
    make("b", {}, name),
    " ",
    make("span", { say: "board" }),
    " · ",
    count,
  );
  const cross = make("button", { type: "button", class: "cross", label: "close" }, "×");
  const list = make("ol", { class: "notes", lang: language });
  const panel = make(
    "section",
    { class: `panel-over ${platform}`, id, tabindex: 0, "aria-label": name },
    make("div", { class: "head" }, make("p", { class: "small", say: "board_about" }), cross),
    list,
  );
  const turn = menu(button, panel, () => {
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "start" });
  });
  cross.addEventListener("click", () => {
    turn(false);
    button.focus();
  });
  return { element: make("div", { class: "board" }, button, panel), count, list };
}
