// Who one is in a room: role, organisation and the room's language.

import { languages, make } from "./make.js";

/** Show in this element who the person is. */
export function showWho(element, { role, organisation }, code) {
  const content = JSON.stringify([role, organisation, code]);
  if (element.dataset.content === content) return;
  element.dataset.content = content;
  const [, name] = languages().find(([known]) => known === code) ?? [code, code];
  element.replaceChildren(
    make("b", { say: `role.${role}` }),
    ` · ${organisation} · `,
    make("span", { lang: code }, name),
  );
}
