// What goes wrong between Mellom and a room's platform: chosen, told, and healed.

import { order } from "./api.js";
import { make, named, say } from "./make.js";
import { menu } from "./menu.js";

/** Milliseconds that messages may take before it is said that they are on their way. */
const SOON = 1500;

/** A room's menu of faults (`button` and `panel`) and the line that tells of them (`strip`). */
export class Trouble {
  constructor(room, id) {
    this.room = room;
    this.platform = say(`platform.${room.state.platform}`);
    const values = { platform: this.platform };
    this.button = make(
      "button",
      { type: "button", class: "platform", "aria-controls": `${id}-trouble` },
      this.platform,
      make("span", { class: "unseen", say: "trouble_menu" }),
    );
    this.choices = named("trouble").map(([kind, words]) => this.choice(id, kind, words));
    this.everywhere = make("input", {
      type: "checkbox",
      onchange: () => this.state && this.set(this.state.name),
    });
    this.panel = make(
      "fieldset",
      { class: "troubles", id: `${id}-trouble` },
      make("legend", { say: "trouble_between", values }),
      this.choices.map(({ label }) => label),
      make(
        "label",
        { class: "apart" },
        this.everywhere,
        make("span", { say: "trouble_everywhere", values }),
      ),
    );
    this.strip = make("div", { class: "strip", role: "status", hidden: true });
    this.turn = menu(this.button, this.panel, () => this.chosen().focus());
    this.late = false;
    this.before = { messages: new Set() };
  }

  get state() {
    return this.room.state.trouble;
  }

  choice(id, kind, words) {
    const radio = make("input", {
      type: "radio",
      name: `${id}-trouble`,
      value: kind,
      onchange: () => this.set(kind === "none" ? null : kind),
    });
    const label = make("label", {}, radio, make("span", { say: words }));
    return { kind, radio, label };
  }

  chosen() {
    const kind = this.state?.name ?? "none";
    return this.choices.find((choice) => choice.kind === kind).radio;
  }

  set(trouble) {
    const everywhere = this.everywhere.checked;
    return order("trouble", { room: this.room.name, trouble, everywhere });
  }

  heal() {
    const { everywhere } = this.state;
    order("trouble", { room: this.room.name, trouble: null, everywhere });
    this.button.focus({ preventScroll: true });
  }

  /** What came after the trouble was over, and is said to have come until somebody has gone there
   * or there is trouble again. */
  arrived() {
    const { messages } = this.room.state;
    const { ill, waiting } = this.before;
    if (this.state) this.mended = null;
    else if (ill && waiting) this.mended = this.before.messages;
    const came = this.mended ? messages.filter(({ id }) => !this.mended.has(id)) : [];
    const ids = this.mended ?? messages.map(({ id }) => id);
    this.before = {
      ill: Boolean(this.state),
      waiting: this.room.state.waiting,
      messages: new Set(ids),
    };
    return came;
  }

  go(came) {
    this.mended = null;
    this.show();
    this.room.turn("channel");
    this.room.reveal(came);
    this.room.find(came[0].id)?.focus({ preventScroll: true });
  }

  /** Show the trouble that the room has, and how much is on its way to it. */
  show() {
    this.chosen().checked = true;
    if (this.state) this.everywhere.checked = this.state.everywhere;
    this.button.classList.toggle("ill", Boolean(this.state));
    this.came = this.arrived();
    const { waiting } = this.room.state;
    if (!waiting) this.hurry();
    else this.timer ??= setTimeout(() => this.tell((this.late = true)), SOON);
    this.tell();
  }

  hurry() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.late = false;
  }

  tell() {
    const { waiting } = this.room.state;
    const waits = waiting > 0 && Boolean(this.late || this.state);
    const came = this.came.map(({ id }) => id);
    const told = JSON.stringify([this.state, waits && waiting, came]);
    if (this.told === told) return;
    this.told = told;
    this.strip.hidden = !this.state && !waits && !came.length;
    this.strip.classList.toggle("well", came.length > 0 && !waits);
    const heal = { type: "button", say: "trouble_heal", onclick: () => this.heal() };
    const see = { type: "button", say: "arrived_show", onclick: () => this.go(this.came) };
    this.strip.replaceChildren(
      make(
        "p",
        {},
        this.state &&
          make("span", { say: `told.${this.state.name}`, values: { platform: this.platform } }),
        " ",
        waits && make("span", counted("waiting_one", "waiting_many", waiting)),
        " ",
        came.length > 0 && make("span", counted("arrived_one", "arrived_many", came.length)),
      ),
      ...(this.state ? [make("button", heal)] : []),
      ...(came.length ? [make("button", see)] : []),
    );
  }
}

const counted = (one, many, count) =>
  count === 1 ? { say: one } : { say: many, values: { count } };
