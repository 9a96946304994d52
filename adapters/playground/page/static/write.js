// Boxes to write in: the room's own, and those that open for a reply or an edit.

import { make } from "./make.js";

let count = 0;
const typing = matchMedia("(pointer: fine)");

/**
 * A form with one box. `done` is called with the words and says whether they were sent;
 * `extra` are further buttons, `hint` names the words under the box, `label` those above it, with
 * `values` in them.
 */
export function box({ label, values, hint, send, value = "", done, extra = [], hidden = false }) {
  const id = `box-${(count += 1)}`;
  const hinted = hint && make("p", { class: "hint", id: `${id}-hint`, say: hint });
  const area = make("textarea", {
    id,
    rows: 2,
    maxlength: 4000,
    required: true,
    "aria-describedby": hint && `${id}-hint`,
  });
  area.value = value;
  const name = make("label", { for: id, say: label, values, class: hidden && "unseen" });
  const button = make("button", { type: "submit", class: "primary", say: send });
  const row = make("div", { class: "buttons" }, extra, button);
  const form = make("form", { class: "write" }, name, area, hinted, row);
  let sending = Promise.resolve();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = area.value.trim();
    if (!words) return;
    // One goes on writing while it is sent; what could not be sent comes back.
    area.value = "";
    sending = sending.then(async () => {
      if (!(await done(words))) area.value = [words, area.value].filter(Boolean).join(" ");
    });
  });
  area.addEventListener("keydown", (event) => {
    const wanted = event.ctrlKey || event.metaKey || (typing.matches && !event.shiftKey);
    if (event.key !== "Enter" || event.isComposing || !wanted) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return form;
}

/** A box that was opened, and goes away when it was sent, cancelled or left with Escape. */
export function opened({ close, done, ...looks }) {
  const cancel = make("button", { type: "button", say: "cancel", onclick: close });
  const form = box({
    ...looks,
    extra: [cancel],
    done: async (words) => {
      const sent = await done(words);
      if (sent) close();
      return sent;
    },
  });
  form.classList.add("opened");
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return form;
}
