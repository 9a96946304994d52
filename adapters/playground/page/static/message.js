// One message as the person at the screen sees it.

import { once } from "./api.js";
import { lookInside } from "./inside.js";
import { make } from "./make.js";
import { drawSlack } from "./slack.js";
import { drawTeams } from "./teams.js";
import { clock } from "./time.js";
import { opened } from "./write.js";

/** How each platform's JSON is drawn. */
export const DRAWN = { slack: drawSlack, teams: drawTeams };

/**
 * An article. `at` is the room that it is seen in, with its state, the person who sees it, and what
 * they can do (`press`, `ask`, `edit`, `remove`, `restore`, `dismiss`); `show` draws the room anew.
 */
export function drawMessage(message, at) {
  const own = message.author === at.person;
  const whisper = message.author === undefined;
  const words = make(
    "div",
    { class: "words" },
    message.gone ? gone(message, own, at) : said(message, at),
  );
  const kinds = ["message", whisper && "whisper", !message.author && "bot"];
  return make(
    "article",
    {
      class: kinds.filter(Boolean).join(" "),
      tabindex: -1,
      "aria-label": `${message.author ?? "Mellom"}, ${clock(new Date(message.at))}`,
      "data-place": `${whisper ? "whisper" : "message"}:${message.id}`,
    },
    face(message.author),
    make(
      "div",
      { class: "body" },
      whisper && make("p", { class: "only-you", say: "only_you" }),
      head(message, at),
      words,
      message.author && !message.gone && tools(message, words, at, own),
      whisper &&
        make("button", {
          type: "button",
          class: "quiet",
          say: "dismiss",
          onclick: () => at.dismiss(message),
        }),
    ),
  );
}

function said(message, at) {
  return DRAWN[at.state.platform](message.sent, {
    names: at.state.names,
    plain: message.plain,
    press: (action, button) => at.press(message, action, button),
  });
}

function gone(message, own, at) {
  const back = own && at.state.can.includes("restore");
  return [
    make("p", { class: "gone", say: "gone" }),
    back &&
      make("button", {
        type: "button",
        class: "quiet",
        say: "restore",
        onclick: () => at.restore(message),
      }),
  ];
}

function head(message, room) {
  const at = new Date(message.at);
  const inside = { type: "button", class: "quiet look", say: "inside" };
  return make(
    "p",
    { class: "head" },
    make("b", {}, message.author ?? "Mellom"),
    !message.author && [" ", make("span", { class: "tag", say: "bot" })],
    " ",
    make("time", { datetime: at.toISOString() }, clock(at)),
    message.edited && message.author && [" ", make("span", { class: "edited", say: "edited" })],
    message.inside && make("button", { ...inside, onclick: () => lookInside(room, message) }),
  );
}

/** Initials in a shape; the name stands beside it. */
function face(author) {
  const name = author ?? "Mellom";
  const initials = author
    ? name
        .split(" ")
        .map((part) => part[0])
        .join("")
    : "M";
  const shade = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 4;
  return make(
    "span",
    { class: `face shade-${author ? shade : "bot"}`, "aria-hidden": "true" },
    initials,
  );
}

function tools(message, words, at, own) {
  const row = make("div", { class: "tools" });
  const ask = make("button", {
    type: "button",
    class: "quiet",
    say: "ask",
    onclick: ({ currentTarget }) => once(currentTarget, () => at.ask(message)),
  });
  // What crosses already is asked, or an answer.
  const asks = message.inside ? [] : [ask];
  if (!own) {
    row.append(...asks);
    return asks.length > 0 && row;
  }
  const edit = make("button", { type: "button", class: "quiet", say: "edit" });
  const remove = make("button", {
    type: "button",
    class: "quiet",
    say: "delete",
    onclick: () => at.remove(message),
  });
  edit.addEventListener("click", () => {
    const form = opened({
      label: "edit_of",
      send: "save",
      value: message.typed,
      done: async (text) => text === message.typed || (await at.edit(message, text)),
      close: () => {
        form.replaceWith(words);
        row.hidden = false;
        edit.focus();
        at.show();
      },
    });
    words.replaceWith(form);
    row.hidden = true;
    form.querySelector("textarea").focus();
  });
  row.append(edit, remove, ...asks);
  return row;
}
