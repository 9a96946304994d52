// One room: who you are there, what you see, and what you do.

import { act, complain, once } from "./api.js";
import { keeping } from "./back.js";
import { make } from "./make.js";
import { drawSlack } from "./slack.js";
import { dim, glow, Threads, threadsOf } from "./threads.js";
import { Trouble } from "./trouble.js";
import { showWho } from "./who.js";
import { box } from "./write.js";

/** The room in which somebody did something last. */
let last = null;

const COMMAND = /^\/mellom(?!\S)\s*/i;

/** A room on the page. `changed` is called when another person was chosen in it. */
export class Room {
  constructor(state, number, changed) {
    this.state = state;
    this.number = number;
    this.person = state.people[0].name;
    this.changed = changed;
    this.at = "channel";
    this.marks = new Map();
    this.element = this.build();
    this.turn("channel");
    this.show();
    this.marked();
  }

  get name() {
    return this.state.name;
  }

  get me() {
    return this.state.people.find(({ name }) => name === this.person);
  }

  /** Whether this can be done here, which not every platform has. */
  can(act) {
    return this.state.can.includes(act);
  }

  get form() {
    return this.me.form;
  }

  // ---- building

  build() {
    const { name, platform, language } = this.state;
    const id = `room-${this.number}`;
    this.trouble = new Trouble(this, id);
    this.threads = new Threads(this, language);
    this.past = new Threads(this, language);
    this.earlier = make(
      "details",
      { class: "earlier" },
      make("summary", { say: "earlier" }),
      this.past.list,
    );
    this.stream = make(
      "div",
      { class: "stream", tabindex: 0, role: "group", label: "channel" },
      this.earlier,
      this.threads.list,
    );
    this.letters = new Threads(this, language);
    this.empty = make("p", { class: "small", say: "private_empty" });
    return make(
      "section",
      { class: `room ${platform}`, id, tabindex: -1, "aria-labelledby": `${id}-name` },
      make(
        "header",
        { class: "bar" },
        make("h2", { id: `${id}-name` }, name),
        this.trouble.button,
      ),
      this.trouble.panel,
      this.trouble.strip,
      this.people(id),
      this.tabs(id),
      make(
        "div",
        {
          id: `${id}-channel`,
          role: "tabpanel",
          "aria-labelledby": `${id}-tab-channel`,
          class: "panel",
        },
        this.stream,
        this.writing(false),
      ),
      make(
        "div",
        {
          id: `${id}-private`,
          role: "tabpanel",
          "aria-labelledby": `${id}-tab-private`,
          class: "panel letters",
          hidden: true,
        },
        make(
          "div",
          { class: "stream", tabindex: 0, role: "group", label: "private" },
          make("p", { class: "small", say: "private_about" }),
          this.empty,
          this.letters.list,
        ),
        this.writing(true),
      ),
      this.can("visit") && this.page(id),
    );
  }

  /** The bot's own page, where the platform has one. */
  page(id) {
    this.home = make("div", {
      class: "home words",
      "data-place": "home",
      tabindex: -1,
    });
    return make(
      "div",
      {
        id: `${id}-home`,
        role: "tabpanel",
        "aria-labelledby": `${id}-tab-home`,
        class: "panel",
        hidden: true,
      },
      make(
        "div",
        { class: "stream", tabindex: 0, role: "group", label: "home" },
        make("p", { class: "small", say: "home_about" }),
        this.home,
      ),
    );
  }

  people(id) {
    const choices = this.state.people.map(({ name }) => {
      const radio = make("input", {
        type: "radio",
        name: `${id}-who`,
        value: name,
        checked: name === this.person,
        onchange: () => this.become(name),
      });
      return make("label", {}, radio, make("span", {}, name));
    });
    this.who = make("p", { class: "small" });
    return make(
      "fieldset",
      { class: "who" },
      make("legend", { say: "you" }),
      make("div", {}, choices),
      this.who,
    );
  }

  tabs(id) {
    this.waiting = make("span", { class: "badge", hidden: true, say: "count" });
    const tab = (name, inside) =>
      make(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${id}-tab-${name}`,
          "aria-controls": `${id}-${name}`,
          onclick: () => this.turn(name),
        },
        inside,
      );
    this.tab = {
      channel: tab("channel", this.state.channel),
      private: tab("private", [make("span", { say: "private" }), " ", this.waiting]),
    };
    if (this.can("visit")) this.tab.home = tab("home", make("span", { say: "home" }));
    const list = make(
      "div",
      { role: "tablist", "aria-labelledby": `${id}-name`, class: "tabs" },
      Object.values(this.tab),
    );
    list.addEventListener("keydown", ({ key }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (!step) return;
      const names = Object.keys(this.tab);
      this.turn(names.at((names.indexOf(this.at) + step) % names.length));
      this.tab[this.at].focus();
    });
    return list;
  }

  writing(direct) {
    const begin = (label, words) =>
      make("button", { type: "button", label, onclick: () => this.begin(form, words) }, words);
    const extra = [begin("mention", "@Mellom")];
    if (this.can("command")) extra.push(begin("command", "/mellom"));
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
    if (!area.value.toLowerCase().startsWith(words.toLowerCase()))
      area.value = `${words} ${area.value}`;
    area.focus();
  }

  // ---- seeing

  /** Show the room as it is now; the messages that are new in it. */
  update(state) {
    const before = { ...this.me, messages: this.state.messages };
    this.state = state;
    const follows =
      !this.stream.contains(document.activeElement) || document.activeElement === this.stream;
    const since = (old, now) => now.filter(({ id }) => !old.some((one) => one.id === id));
    const added = since(before.messages, state.messages);
    const fresh = added.filter(({ gone }) => !gone);
    const told = since(before.whispers, this.me.whispers);
    const letters = since(before.private, this.me.private);
    // Only what came last glows.
    const marked = this.marked();
    if ([fresh, told, letters, marked].some(({ length }) => length)) dim(this.element);
    this.show();
    // A network that was started anew is not read out from its beginning.
    if (added.length === state.messages.length) return [];
    for (const message of [...fresh, ...told, ...letters]) {
      const { id, author } = message;
      const wanted = author === this.person || (told.includes(message) && this.isAwaiting());
      this.point(id, follows || wanted);
      if (wanted) this.find(id)?.scrollIntoView({ block: "nearest" });
    }
    if (letters.some(({ author }) => !author) && this.at !== "private") this.waiting.hidden = false;
    const came = [...fresh, ...told, ...letters, ...marked];
    return came.filter(({ author }) => author !== this.person);
  }

  /** Cards that have come to say that their question is answered, or open again. They are drawn a
   * moment after it is marked, and to be told of not before. */
  marked() {
    return this.state.messages.filter(({ id, author, marked, plain }) => {
      if (author || marked === null) return false;
      const told = this.marks.get(id);
      const turned = told && told.marked !== marked && told.plain !== plain;
      if (!told || turned) this.marks.set(id, { marked, plain });
      return turned;
    });
  }

  /** Whether what is told in private now is the answer to what somebody just did here, who is not
   * writing something else by now. */
  isAwaiting() {
    const writing = document.querySelector("textarea:focus")?.value;
    return last === this && !writing;
  }

  show() {
    const { whispers } = this.me;
    const here = [...this.state.messages, ...whispers.filter((one) => !one.private)];
    const letters = [...this.me.private, ...whispers.filter((one) => one.private)];
    const threads = threadsOf(here);
    const isEarlier = ([first]) => first.earlier;
    this.past.put(threads.filter(isEarlier));
    this.threads.put(threads.filter((thread) => !isEarlier(thread)));
    this.letters.put(threadsOf(letters));
    this.earlier.hidden = !threads.some(isEarlier);
    this.empty.hidden = letters.length > 0;
    this.trouble.show();
    showWho(this.who, this.me);
    for (const list of [this.letters.list, this.home]) if (list) list.lang = this.me.language;
    if (this.home) this.showHome();
  }

  /** The page as it was published, drawn anew only when it has changed. */
  showHome() {
    const { home } = this.me;
    const content = JSON.stringify([this.person, home]);
    if (this.shownHome === content) return;
    this.shownHome = content;
    const on = {
      names: this.state.names,
      press: (action, button) => this.press(home, action, button),
    };
    const drawn = home ? [drawSlack(home.view, on)].flat(Infinity) : [];
    keeping(this.home, () => this.home.replaceChildren(...drawn));
  }

  /** Let a new message be seen, without taking anybody away from where they are writing. */
  point(id, follows) {
    const article = this.find(id);
    if (!article) return;
    glow(article);
    if (!follows) return;
    const stream = article.closest(".stream");
    const bottom = article.offsetTop + article.offsetHeight - stream.clientHeight;
    stream.scrollTop = Math.min(article.offsetTop, Math.max(bottom + 60, stream.scrollTop));
  }

  /** Let be seen what came while nobody looked, and bring the last of it into sight: what is for
   * somebody in private, or hidden for another reason, is not. */
  reveal(messages) {
    const articles = messages.map(({ id }) => this.find(id)).filter((one) => one?.checkVisibility());
    articles.forEach(glow);
    const newest = articles.at(-1) ?? this.element;
    const isLong = newest.offsetHeight > innerHeight / 3;
    newest.scrollIntoView({ block: isLong ? "start" : "center" });
  }

  /** Begin at what was said last. */
  rest() {
    this.stream.scrollTop = (this.threads.list.lastElementChild?.offsetTop ?? 0) - 8;
  }

  find(id) {
    return this.threads.find(id) ?? this.past.find(id) ?? this.letters.find(id);
  }

  turn(to) {
    this.at = to;
    for (const [name, tab] of Object.entries(this.tab)) {
      const chosen = name === to;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.element.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
    }
    if (to === "private") {
      this.waiting.hidden = true;
      this.letters.list.parentElement.scrollTop = this.letters.list.scrollHeight;
    }
    if (to === "home") this.act("visit", {});
  }

  become(name) {
    this.person = name;
    this.waiting.hidden = true;
    this.show();
    this.changed();
    if (this.at === "home") this.act("visit", {});
  }

  // ---- doing

  act(name, body) {
    last = this;
    return act(name, { room: this.name, person: this.person, ...body });
  }

  say(text, more = {}) {
    if (!this.can("command") || !text.startsWith("/"))
      return this.act("say", { text, ...more });
    if (!COMMAND.test(text)) return complain("no_command");
    return this.act("command", { text: text.replace(COMMAND, "") });
  }

  edit({ id }, text) {
    return this.act("edit", { message: id, text });
  }

  ask({ id }) {
    return this.act("ask", { message: id });
  }

  restore({ id }) {
    return this.act("restore", { message: id });
  }

  dismiss({ id }) {
    return this.act("dismiss", { whisper: id });
  }

  press(message, action, button) {
    return once(button, () => this.act("press", { message: message.id, action }));
  }

  remove({ id }) {
    return this.act("delete", { message: id });
  }
}
