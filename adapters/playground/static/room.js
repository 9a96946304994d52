// One room: who you are there, what you see, and what you do.

import { act, complain } from "./api.js";
import { make } from "./make.js";
import { drawMessage } from "./message.js";
import { box, opened } from "./write.js";

const COMMAND = /^\/mellom(?!\S)\s*/i;

/** A room on the page. `changed` is called when another person was chosen in it. */
export class Room {
  constructor(state, number, changed) {
    this.state = state;
    this.number = number;
    this.person = state.people[0].name;
    this.changed = changed;
    this.drawn = new Map();
    this.private = false;
    this.element = this.build();
    this.turn(false);
    this.show();
  }

  get name() {
    return this.state.name;
  }

  get me() {
    return this.state.people.find(({ name }) => name === this.person);
  }

  get form() {
    return this.me.form;
  }

  // ---- building

  build() {
    const { name, platform, language } = this.state;
    const id = `room-${this.number}`;
    this.threads = make("ol", { class: "threads", lang: language });
    this.past = make("ol", { class: "threads", lang: language });
    this.earlier = make("details", { class: "earlier" }, make("summary", { say: "earlier" }), this.past);
    this.stream = make("div", { class: "stream", tabindex: 0, role: "group", label: "channel" }, this.earlier, this.threads);
    this.letters = make("ol", { class: "threads", lang: language });
    this.empty = make("p", { class: "small", say: "private_empty" });
    return make(
      "section",
      { class: `room ${platform}`, id, "aria-labelledby": `${id}-name` },
      make("header", { class: "bar" }, make("h2", { id: `${id}-name` }, name), make("p", { class: "platform" }, platform === "slack" ? "Slack" : "Teams")),
      this.people(id),
      this.tabs(id),
      make("div", { id: `${id}-channel`, role: "tabpanel", "aria-labelledby": `${id}-tab-channel`, class: "panel" }, this.stream, this.writing(false)),
      make(
        "div",
        { id: `${id}-private`, role: "tabpanel", "aria-labelledby": `${id}-tab-private`, class: "panel", hidden: true },
        make("div", { class: "stream", tabindex: 0, role: "group", label: "private" }, make("p", { class: "small", say: "private_about" }), this.empty, this.letters),
        this.writing(true),
      ),
    );
  }

  people(id) {
    const choices = this.state.people.map(({ name }) => {
      const radio = make("input", { type: "radio", name: `${id}-who`, value: name, checked: name === this.person, onchange: () => this.become(name) });
      return make("label", {}, radio, make("span", {}, name));
    });
    return make("fieldset", { class: "who" }, make("legend", { say: "you" }), make("div", {}, choices));
  }

  tabs(id) {
    const mark = this.state.platform === "slack" ? "# " : "";
    this.waiting = make("span", { class: "badge", hidden: true, say: "count" });
    const tab = (name, inside) =>
      make("button", { type: "button", role: "tab", id: `${id}-tab-${name}`, "aria-controls": `${id}-${name}`, onclick: () => this.turn(name === "private") }, inside);
    this.tab = {
      channel: tab("channel", `${mark}${this.state.channel}`),
      private: tab("private", [make("span", { say: "private" }), " ", this.waiting]),
    };
    const list = make("div", { role: "tablist", "aria-labelledby": `${id}-name`, class: "tabs" }, this.tab.channel, this.tab.private);
    list.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      this.turn(!this.private);
      this.tab[this.private ? "private" : "channel"].focus();
    });
    return list;
  }

  writing(direct) {
    const { platform } = this.state;
    const begin = (label, words) =>
      make("button", { type: "button", label, onclick: () => this.begin(form, words) }, words);
    const extra = [begin("mention", "@Mellom")];
    if (platform === "slack") extra.push(begin("command", "/mellom"));
    const form = box({
      label: "message",
      hidden: true,
      hint: direct ? "hint_private" : "hint",
      send: "send",
      extra: direct ? [] : extra,
      done: (text) => this.say(text, { direct }),
    });
    return form;
  }

  /** Put these words first in the box, if they do not stand there yet. */
  begin(form, words) {
    const area = form.querySelector("textarea");
    if (!area.value.toLowerCase().startsWith(words.toLowerCase())) area.value = `${words} ${area.value}`;
    area.focus();
  }

  // ---- seeing

  /** Show the room as it is now; the messages that are new in it. */
  update(state) {
    const known = new Set(this.state.messages.map(({ id }) => id));
    const before = this.me;
    this.state = state;
    const follows = !this.stream.contains(document.activeElement) || document.activeElement === this.stream;
    this.show();
    const fresh = state.messages.filter(({ id, gone }) => !known.has(id) && !gone);
    const told = this.me.whispers.filter(({ id }) => !before.whispers.some((old) => old.id === id));
    for (const { id } of [...fresh, ...told]) this.point(id, follows);
    const letters = this.me.private.filter(({ id }) => !before.private.some((old) => old.id === id));
    if (letters.some(({ author }) => !author) && !this.private) this.waiting.hidden = false;
    return [...fresh, ...told, ...letters].filter(({ author }) => author !== this.person);
  }

  show() {
    const { messages } = this.state;
    const { whispers } = this.me;
    const here = [...messages, ...whispers.filter((one) => !one.private)];
    const threads = threadsOf(here);
    this.put(this.past, threads.filter(([first]) => first.earlier));
    this.put(this.threads, threads.filter(([first]) => !first.earlier));
    this.earlier.hidden = !this.past.children.length;
    const letters = [...this.me.private, ...whispers.filter((one) => one.private)];
    this.put(this.letters, letters.map((letter) => [letter]), true);
    this.empty.hidden = letters.length > 0;
    const ids = new Set([...here, ...letters].map(keyOf));
    for (const key of this.drawn.keys()) if (!ids.has(key)) this.drawn.delete(key);
  }

  /** Bring a list up to date: elements of threads that are still there stay the same elements. */
  put(list, threads, direct = false) {
    const kept = new Map([...list.children].map((item) => [item.dataset.root, item]));
    const items = threads.map((thread) => {
      const root = direct ? thread[0].id : thread[0].root;
      const item = kept.get(root) ?? this.thread(root, direct);
      this.fill(item, thread);
      return item;
    });
    arrange(list, items);
  }

  thread(root, direct) {
    const replies = make("ol", { class: "replies" });
    const item = make("li", { class: "thread", "data-root": root }, replies);
    if (!direct) item.append(this.replying(root));
    return item;
  }

  fill(item, [first, ...rest]) {
    const replies = item.querySelector(":scope > .replies");
    const begun = first.id === item.dataset.root || first.author === undefined;
    const root = begun ? this.article(first) : null;
    const old = item.querySelector(":scope > article");
    if (old && old !== root) replace(old, root);
    else if (root && !old) item.prepend(root);
    const inside = (begun ? rest : [first, ...rest]).map((message) => {
      const article = this.article(message);
      return article.parentElement?.parentElement === replies ? article.parentElement : make("li", {}, article);
    });
    arrange(replies, inside);
    replies.hidden = !inside.length;
    const reply = item.querySelector(":scope > .reply");
    if (reply) reply.hidden = first.author === undefined && !rest.length;
  }

  /** The element of a message: drawn anew only when something in it has changed. */
  article(message) {
    const key = keyOf(message);
    const content = JSON.stringify([this.person, message]);
    const known = this.drawn.get(key);
    if (known?.content === content || known?.article.querySelector(".opened")) return known.article;
    const article = drawMessage(message, {
      room: this.state,
      person: this.person,
      press: (...pressed) => this.press(...pressed),
      edit: (edited, text) => this.act("edit", { message: edited.id, text }),
      remove: ({ id }) => this.remove(id),
      restore: ({ id }) => this.act("restore", { message: id }),
      dismiss: ({ id }) => this.act("dismiss", { whisper: id }),
      closed: () => this.show(),
    });
    if (known) replace(known.article, article);
    this.drawn.set(key, { content, article });
    return article;
  }

  /** Let a new message be seen, without taking anybody away from where they are writing. */
  point(id, follows) {
    const found = [...this.drawn].find(([key]) => key.endsWith(`:${id}`));
    if (!found) return;
    const { article } = found[1];
    article.classList.add("fresh");
    if (!follows) return;
    const bottom = article.offsetTop + article.offsetHeight - this.stream.clientHeight;
    this.stream.scrollTop = Math.min(article.offsetTop, Math.max(bottom + 60, this.stream.scrollTop));
  }

  /** Begin at what was said last. */
  rest() {
    this.stream.scrollTop = (this.threads.lastElementChild?.offsetTop ?? 0) - 8;
  }

  turn(direct) {
    this.private = direct;
    for (const [name, tab] of Object.entries(this.tab)) {
      const chosen = (name === "private") === direct;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.element.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
    }
    if (direct) this.waiting.hidden = true;
  }

  become(name) {
    this.person = name;
    this.waiting.hidden = true;
    this.show();
    this.changed();
  }

  // ---- doing

  act(name, body) {
    return act(name, { room: this.name, person: this.person, ...body });
  }

  say(text, more = {}) {
    if (this.state.platform !== "slack" || !text.startsWith("/")) return this.act("say", { text, ...more });
    if (!COMMAND.test(text)) return complain("no_command");
    return this.act("command", { text: text.replace(COMMAND, "") });
  }

  async press(message, action, button) {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    await this.act("press", { message: message.id, action });
    button.removeAttribute("aria-disabled");
  }

  async remove(id) {
    if (await this.act("delete", { message: id })) this.stream.focus();
  }

  replying(root) {
    const place = make("div", { class: "reply" });
    const open = make("button", { type: "button", class: "quiet", say: "reply" });
    open.addEventListener("click", () => {
      const form = opened({
        label: "reply",
        send: "send",
        done: (text) => this.act("say", { text, root }),
        close: () => {
          place.replaceChildren(open);
          open.focus();
        },
      });
      place.replaceChildren(form);
      form.querySelector("textarea").focus();
      form.scrollIntoView({ block: "nearest" });
    });
    place.append(open);
    return place;
  }
}

const keyOf = (message) => `${message.author === undefined ? "whisper" : "message"}:${message.id}`;

/** Messages by thread, in the order in which the threads began. */
function threadsOf(messages) {
  const threads = new Map();
  for (const message of [...messages].sort((a, b) => a.at - b.at)) {
    const thread = threads.get(message.root) ?? [];
    threads.set(message.root, [...thread, message]);
  }
  return [...threads.values()];
}

/** Make these the children, moving only what does not stand where it should. */
function arrange(list, items) {
  for (const child of [...list.children]) if (!items.includes(child)) child.remove();
  items.forEach((item, number) => {
    if (list.children[number] !== item) list.insertBefore(item, list.children[number] ?? null);
  });
}

/** Put a new drawing in the old one's place, and the person who was in it too. */
function replace(old, next) {
  const within = old.contains(document.activeElement);
  if (!next) return old.remove();
  if (old.isConnected) old.replaceWith(next);
  if (within) next.focus();
}
