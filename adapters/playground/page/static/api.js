// What the page asks of the server: to do what a person does, and to tell what has changed.

import { wayBack } from "./back.js";
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
  document.dispatchEvent(new CustomEvent("acted", { detail: { name, body } }));
  return true;
}

/** Ask for something of the page itself; what it answers, or nothing if it would not. */
export async function order(name, body, { quietly = false } = {}) {
  try {
    const answer = await fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return await answer.json();
    if (!quietly) complain(answer.status === 404 ? "is_gone" : "refused");
  } catch {
    if (!quietly) complain("offline");
  }
  return null;
}

/** While it is being done, the button does nothing more. */
export async function once(button, work) {
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  await work();
  button.removeAttribute("aria-disabled");
}

/** Say that something went wrong, until something goes well or the person has read it. */
export function complain(name) {
  const back = wayBack();
  const hide = () => {
    appease();
    back();
  };
  // Over a form nothing can be read or pressed that is not in it.
  (document.querySelector("dialog[open]") ?? document.body).append(trouble);
  const button = make("button", { type: "button", say: "dismiss", onclick: hide });
  trouble.replaceChildren(make("p", { say: name }), button);
  return false;
}

function appease() {
  trouble.replaceChildren();
}

/** Watch each kind of thing: its function is called with what stands now, and when it changes. */
export function watch(kinds) {
  const stream = new EventSource("/api/stream");
  let lost = false;
  for (const [kind, changed] of Object.entries(kinds)) {
    stream.addEventListener(kind, ({ data }) => changed(JSON.parse(data)));
  }
  // A page that the browser keeps to go back to would keep its connection, and there are only six.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  stream.addEventListener("open", () => {
    if (lost) appease();
    lost = false;
  });
  stream.addEventListener("error", () => {
    if (!lost) complain("offline");
    lost = true;
  });
}
