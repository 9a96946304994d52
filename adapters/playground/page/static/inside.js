// Look inside: where a message stands in every room, and what passed over the wire for it.

import { order } from "./api.js";
import { backAfter } from "./back.js";
import { make, reword, say } from "./make.js";
import { clock } from "./time.js";

const GOOD = ["shown", "gone", "sent"];

const dialog = document.getElementById("inside");
let open = null;
let waiting = 0;

dialog.addEventListener("close", () => (open = null));

/** Show where this message stands, and keep it up to date until it is closed. */
export async function lookInside(room, message) {
  const asked = { room: room.name, person: room.person, message: message.id };
  const found = await order("inside", asked);
  if (!found) return;
  open = { asked, ...build() };
  dialog.replaceChildren(open.element);
  fill(found);
  backAfter(dialog);
  dialog.showModal();
  open.title.focus();
  document.dispatchEvent(new CustomEvent("acted", { detail: { name: "inside" } }));
}

/** Something has changed somewhere: look again. */
export function lookAgain() {
  if (!open) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const asking = open;
    const found = asking && (await order("inside", asking.asked, { quietly: true }));
    if (found && open === asking) fill(found);
  }, 150);
}

function build() {
  const title = make("h2", { id: "inside-title", tabindex: -1 });
  const about = make("p", { class: "small" });
  const cross = make(
    "button",
    { type: "button", class: "cross", label: "close", onclick: () => dialog.close() },
    "×",
  );
  const rows = make("tbody");
  const column = (words) => make("th", { scope: "col", say: words });
  const heads = make("tr", {}, ["copy_where", "copy_state", "copy_version"].map(column));
  const count = make("span", { say: "wire" });
  const wire = make("ol", { class: "wire" });
  const element = make(
    "div",
    {},
    make("header", {}, make("div", {}, title, about), cross),
    make("h3", { say: "copies" }),
    make("table", { class: "copies" }, make("thead", {}, heads), rows),
    make(
      "details",
      { class: "passed" },
      make("summary", {}, count),
      make("p", { class: "small", say: "wire_about" }),
      wire,
    ),
  );
  return { element, title, about, rows, wire, count, drawn: new Map(), content: "" };
}

function fill({ post, wire }) {
  const content = JSON.stringify(post);
  if (content !== open.content) {
    open.content = content;
    const number = post.number && ` Q-${post.number}`;
    open.title.replaceChildren(make("span", { say: `kind.${post.kind}` }), number || "");
    open.about.replaceChildren(
      make("span", { say: "version", values: { version: post.version } }),
      ...(post.gone ? [" · ", make("span", { say: "taken_away" })] : []),
    );
    open.rows.replaceChildren(...post.copies.map((copy) => row(copy, post)));
  }
  const items = wire.map((exchange) => {
    const text = JSON.stringify(exchange);
    const known = open.drawn.get(exchange.id);
    if (known?.text === text) return known.item;
    const item = passed(exchange, known?.item.querySelector("details").open);
    open.drawn.set(exchange.id, { text, item });
    return item;
  });
  reword(open.count, "wire", { count: items.length });
  items.forEach((item, number) => {
    const there = open.wire.children[number];
    if (there !== item) open.wire.insertBefore(item, there ?? null);
  });
  while (open.wire.children.length > items.length) open.wire.lastElementChild.remove();
}

// ---- copies

function row(copy, post) {
  const where = copy.person
    ? make("span", { say: "copy_private", values: { name: copy.person } })
    : copy.room;
  const late = copy.state === "shown" && !copy.native && copy.shown < post.version;
  const good = GOOD.includes(copy.state) && !late;
  const state = copy.native ? "native" : late ? "older" : copy.state;
  const looks = { class: `state ${good ? "good" : "waits"}` };
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, where, make("small", { say: `platform.${copy.platform}` })),
    make(
      "td",
      {},
      make("span", looks, make("span", { say: `state.${state}` })),
      notes(copy).map((note) => make("small", {}, note)),
    ),
    make("td", { class: "number" }, copy.shown ? String(copy.shown) : "–"),
  );
}

function notes(copy) {
  const reason = copy.reason?.replaceAll("_", " ");
  return [
    copy.tries > 0 && make("span", { say: "copy_tries", values: { count: copy.tries } }),
    copy.resent && make("span", { say: "copy_resent" }),
    copy.part > 1 && make("span", { say: "copy_part", values: { part: copy.part } }),
    reason && make("span", { say: "copy_reason", values: { reason } }),
  ].filter(Boolean);
}

// ---- the wire

function passed(exchange, opened) {
  const platform = say(`platform.${exchange.platform}`);
  const [from, to] = exchange.inward ? [platform, "Mellom"] : ["Mellom", platform];
  const ok = exchange.status >= 200 && exchange.status < 300;
  const status = exchange.status || say("no_status");
  const summary = make(
    "summary",
    {},
    make("time", {}, precisely(exchange.at)),
    make("span", { class: exchange.inward ? "in" : "out" }, `${from} → ${to}`),
    make("b", {}, exchange.name),
    make("span", { class: "room-name" }, exchange.room ?? ""),
    make("span", { class: `status ${ok ? "good" : "bad"}` }, String(status)),
  );
  const headers = Object.entries(exchange.headers).map(([name, value]) => `${name}: ${value}`);
  return make(
    "li",
    {},
    make(
      "details",
      { open: opened },
      summary,
      part("wire_request", [exchange.line, ...headers].join("\n")),
      exchange.request && part("wire_body", exchange.request),
      exchange.response && part("wire_answer", exchange.response),
    ),
  );
}

const part = (words, text) => [
  make("h4", { say: words }),
  make("pre", { tabindex: 0, role: "group", label: words }, text),
];

function precisely(at) {
  return `${clock(new Date(at), { second: "2-digit" })},${String(at % 1000).padStart(3, "0")}`;
}
