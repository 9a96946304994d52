// The form that is open before somebody: a modal on Slack, a dialog on Teams.

import { once } from "./api.js";
import { backAfter } from "./back.js";
import { make, say } from "./make.js";
import { drawSlack } from "./slack.js";
import { drawCard } from "./teams.js";
import { foreign } from "./who.js";

const dialog = document.getElementById("form");
let shown = null;

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  shown?.leave();
});

/** Show the form that one of these rooms' people has open, or none. */
export function showForm(rooms) {
  const room =
    rooms.find((one) => one === shown?.room && one.form) ?? rooms.find((one) => one.form);
  if (!room) {
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  const content = JSON.stringify([room.name, room.person, room.form]);
  if (shown?.content === content) return;
  const again = shown?.id === room.form.id ? typedIn(dialog) : {};
  shown = build(room, content, again);
  if (!dialog.open) {
    backAfter(dialog);
    dialog.showModal();
  }
  const first = ["[aria-invalid]", "textarea, input, select", "h2"].map((one) =>
    dialog.querySelector(one),
  );
  first.find(Boolean).focus();
}

function build(room, content, again) {
  const { form } = room;
  const leave = () => room.act("close", { form: form.id }).then((done) => done || dialog.close());
  const element = drawForm(room, again, leave);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isComplete(element)) return;
    const values = typedIn(element);
    once(element.querySelector("[type=submit]"), () => room.act("submit", { form: form.id, values }));
  });
  dialog.replaceChildren(element);
  // What is only to be read is read out when it opens.
  const told = element.querySelector("textarea, input, select") ? null : "form-parts";
  if (told) dialog.setAttribute("aria-describedby", told);
  else dialog.removeAttribute("aria-describedby");
  return { room, content, leave, id: form.id };
}

/** The room's form with what was typed in it; `leave` is called where it is closed. */
export function drawForm(room, again, leave) {
  const drawn = FORMS[room.state.platform](room, again, leave);
  return make(
    "form",
    { novalidate: true, class: room.state.platform },
    heading(drawn, room, leave),
    make(
      "div",
      { class: "parts", id: "form-parts", lang: room.me.language },
      drawn.inside,
    ),
    drawn.foot,
  );
}

function heading({ title, away }, room, leave) {
  const looks = { type: "button", class: "cross", onclick: leave };
  // It does what the form's own button does, and is called the same.
  const named = away ? { "aria-label": away, lang: room.me.language } : { label: "close" };
  const cross = make("button", { ...looks, ...named }, "×");
  const about = make("p", { class: "small" }, `${room.person} · ${room.name}`);
  const why = foreign(room.me);
  const name = make("h2", { id: "form-title", tabindex: -1 }, title || "Mellom");
  return make("header", {}, make("div", {}, name, about, why), cross);
}

function slackForm(room, again, leave) {
  const { view, errors } = room.form;
  const on = {
    names: room.state.names,
    press: () => {},
    field: (block) => slackField(block, again[block.block_id], errors[block.block_id]),
  };
  const close = make(
    "button",
    { type: "button", onclick: leave },
    view.close?.text ?? say("close"),
  );
  const send =
    view.submit && make("button", { type: "submit", class: "primary" }, view.submit.text);
  const general = errors[""] && make("p", { class: "problem", role: "alert" }, errors[""]);
  const foot = make("div", { class: "buttons" }, close, send);
  const away = view.close?.text;
  return { title: view.title?.text, inside: [drawSlack(view, on), general], foot, away };
}

function slackField(block, typed, problem) {
  const { element } = block;
  const looks = {
    id: block.block_id,
    label: block.label.text,
    hint: block.hint?.text,
    problem,
    required: !block.optional,
    options: element.options?.map(({ text, value }) => [value, text.text]),
  };
  if (element.type === "static_select") {
    return choice({ ...looks, value: typed ?? element.initial_option?.value });
  }
  if (element.type === "datepicker") {
    return field({ ...looks, value: typed ?? element.initial_date, type: "date" });
  }
  if (element.type === "checkboxes" || element.type === "multi_static_select") {
    const initial = (element.initial_options ?? []).map(({ value }) => value).join(",");
    return boxes({ ...looks, value: typed ?? initial });
  }
  if (element.type !== "plain_text_input") return null;
  return field({
    ...looks,
    value: typed ?? element.initial_value,
    multiline: element.multiline,
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
  });
}

function teamsForm(room, again, leave) {
  const { title, words, card } = room.form;
  const on = {
    press: () => {},
    field: (input) => teamsField(input, again[input.id]),
  };
  const inside = card ? drawCard(card, on) : make("p", { class: "words" }, words);
  const close = make("button", { type: "button", say: "close", onclick: leave });
  const foot = !inside.querySelector("button") && make("div", { class: "buttons" }, close);
  return { title, inside, foot };
}

/** How each platform's forms are drawn. */
const FORMS = { slack: slackForm, teams: teamsForm };

function teamsField(input, typed) {
  const looks = {
    id: input.id,
    label: input.label,
    value: typed ?? input.value,
    missing: input.errorMessage,
    required: input.isRequired,
  };
  if (input.type === "Input.ChoiceSet") {
    const options = (input.choices ?? []).map(({ title, value }) => [value, title]);
    const draw = input.isMultiSelect ? boxes : choice;
    return draw({ ...looks, options, hint: input.placeholder });
  }
  if (input.type === "Input.Date") return field({ ...looks, type: "date" });
  if (input.type !== "Input.Text") return null;
  return field({
    ...looks,
    multiline: input.isMultiline,
    maxlength: input.maxLength,
    placeholder: input.placeholder,
  });
}

let count = 0;

function field(looks) {
  const id = `field-${(count += 1)}`;
  const area = make(looks.multiline ? "textarea" : "input", {
    id,
    name: looks.id,
    type: looks.type,
    rows: looks.multiline && 5,
    maxlength: looks.maxlength,
    placeholder: looks.placeholder,
    ...told(id, looks),
  });
  area.value = looks.value ?? "";
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, looks.label, optional(looks)),
    area,
    under(id, looks),
  );
}

/** A list to choose one from; what need not be filled in may also be nothing. */
function choice(looks) {
  const id = `field-${(count += 1)}`;
  const list = make(
    "select",
    { id, name: looks.id, ...told(id, looks) },
    make("option", { value: "", say: "choose" }),
    looks.options.map(([value, label]) => make("option", { value }, label)),
  );
  list.value = looks.value ?? "";
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, looks.label, optional(looks)),
    list,
    under(id, looks),
  );
}

/** Boxes to tick, as many as one likes. */
function boxes(looks) {
  const id = `field-${(count += 1)}`;
  const chosen = (looks.value ?? "").split(",");
  const ticks = looks.options.map(([value, label]) =>
    make(
      "label",
      {},
      make("input", { type: "checkbox", value, checked: chosen.includes(value) }),
      make("span", {}, label),
    ),
  );
  const { "aria-required": required, ...rest } = told(id, looks);
  return make(
    "fieldset",
    { class: "field boxes", id, "data-name": looks.id, "data-required": required, ...rest },
    make("legend", {}, looks.label, optional(looks)),
    ticks,
    under(id, looks),
  );
}

const optional = ({ required }) => !required && [" (", make("span", { say: "optional" }), ")"];

const told = (id, looks) => ({
  "aria-required": looks.required && "true",
  "aria-describedby": `${id}-problem ${id}-hint`,
  "aria-invalid": looks.problem && "true",
  "data-missing": looks.missing,
});

const under = (id, looks) => [
  make("p", { class: "problem", id: `${id}-problem` }, looks.problem),
  looks.hint && make("p", { class: "hint", id: `${id}-hint` }, looks.hint),
];

const fieldsOf = (element) => [...element.querySelectorAll("textarea, [name], fieldset.boxes")];
const nameOf = (area) => area.dataset.name ?? area.name;
const ticked = (area) =>
  [...area.querySelectorAll(":checked")].map(({ value }) => value).join(",");
const valueOf = (area) => (area.dataset.name ? ticked(area) : area.value);
const typedIn = (element) =>
  Object.fromEntries(fieldsOf(element).map((area) => [nameOf(area), valueOf(area)]));

/** Whether everything that has to be filled in is; what is not gets its problem said. */
function isComplete(element) {
  const missing = fieldsOf(element).filter(
    (area) =>
      (area.getAttribute("aria-required") || area.dataset.required) && !valueOf(area).trim(),
  );
  for (const area of missing) {
    area.setAttribute("aria-invalid", "true");
    document.getElementById(`${area.id}-problem`).textContent =
      area.dataset.missing || say("required");
  }
  (missing[0]?.querySelector("input") ?? missing[0])?.focus();
  return !missing.length;
}
