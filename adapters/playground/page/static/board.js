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
    board.list.replaceChildren(...notes.reverse());
  };
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
  const list = make("ol", { class: "notes", lang: language });
  const panel = make(
    "section",
    { class: `panel-over ${platform}`, id, tabindex: 0, "aria-label": name },
    make("p", { class: "small", say: "board_about" }),
    list,
  );
  menu(button, panel, () => panel.focus());
  return { element: make("div", { class: "board" }, button, panel), count, list };
}
