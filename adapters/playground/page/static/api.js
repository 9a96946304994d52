// What the page asks of the server: to do what a person does, and to tell what has changed.

import { make } from "./make.js";

const trouble = document.getElementById("trouble");

/** Do something; whether it was done. What goes wrong is said on the page. */
export async function act(name, body) {
  try {
    const answer = await fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status === 404) return complain("is_gone");
    if (!answer.ok) return complain("refused");
    const { took } = await answer.json();
    if (!took) return complain("no_answer");
  } catch {
    return complain("offline");
  }
  appease();
  return true;
}

/** Say that something went wrong, until something goes well or the person has read it. */
export function complain(name) {
  const hide = make("button", { type: "button", say: "dismiss", onclick: appease });
  trouble.replaceChildren(make("p", { say: name }), hide);
  return false;
}

function appease() {
  trouble.replaceChildren();
}

/** Watch the rooms: `changed` is called with each as it stands now, and again when it changes. */
export function watch(changed) {
  const stream = new EventSource("/api/stream");
  let lost = false;
  stream.addEventListener("room", ({ data }) => changed(JSON.parse(data)));
  stream.addEventListener("open", () => {
    if (lost) appease();
    lost = false;
  });
  stream.addEventListener("error", () => {
    if (!lost) complain("offline");
    lost = true;
  });
}
