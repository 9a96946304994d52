// Who one is in a room: role, organisation and language.

import { language, languages, make } from "./make.js";

/** Show in this element who the person is. */
export function showWho(element, { role, organisation, language: code }) {
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

/** Why something that is for this person is not in the language of the page; nothing where it is. */
export function foreign({ name, language: code }) {
  return code !== language() && make("p", { class: "small", say: `spoken.${code}`, values: { name } });
}
