// A list of threads that is brought up to date without taking away what somebody is doing in it.

import { keeping } from "./back.js";
import { make, reword } from "./make.js";
import { drawMessage } from "./message.js";
import { opened } from "./write.js";

/** Messages by thread, in the order in which the threads began. */
export function threadsOf(messages) {
  const threads = new Map();
  for (const message of [...messages].sort((a, b) => a.at - b.at)) {
    const thread = threads.get(message.root) ?? [];
    threads.set(message.root, [...thread, message]);
  }
  return [...threads.values()];
}

/** Threads in a room: elements of what is still there stay the same elements. */
export class Threads {
  constructor(room, language) {
    this.room = room;
    this.list = make("ol", { class: "threads", lang: language });
    this.drawn = new Map();
    this.named = new WeakMap();
  }

  /** The element of the message with this id. */
  find(id) {
    return (this.drawn.get(`message:${id}`) ?? this.drawn.get(`whisper:${id}`))?.article;
  }

  /** Show exactly these threads. */
  put(threads) {
    const kept = new Map([...this.list.children].map((item) => [item.dataset.root, item]));
    const items = threads.map((thread) => {
      const { root } = thread[0];
      const item = kept.get(root) ?? this.thread(root);
      this.fill(item, thread);
      return item;
    });
    arrange(this.list, items);
    const keys = new Set(threads.flat().map(keyOf));
    for (const key of this.drawn.keys()) if (!keys.has(key)) this.drawn.delete(key);
  }

  thread(root) {
    const replies = make("ol", { class: "replies" });
    return make("li", { class: "thread", "data-root": root }, replies, this.replying(root));
  }

  fill(item, [first, ...rest]) {
    const [replies, reply] = [".replies", ".reply"].map((one) => item.querySelector(one));
    const begun = first.id === item.dataset.root || isWhisper(first);
    const root = begun ? this.article(first) : null;
    const old = item.querySelector(":scope > article");
    if (old && old !== root) replace(old, root);
    else if (root && !old) item.prepend(root);
    const inside = (begun ? rest : [first, ...rest]).map((message) => {
      const article = this.article(message);
      const there = article.parentElement?.parentElement === replies;
      return there ? article.parentElement : make("li", {}, article);
    });
    arrange(replies, inside);
    replies.hidden = !inside.length;
    reply.hidden = isWhisper(first) && !rest.length;
    this.name(reply, first.begins);
  }

  /** The element of a message: drawn anew only when something in it has changed. */
  article(message) {
    const { person } = this.room;
    const key = keyOf(message);
    const content = JSON.stringify(message);
    const known = this.drawn.get(key);
    const same = known?.content === content && known.person === person;
    if (same || known?.article.querySelector(".opened")) return known.article;
    const article = drawMessage(message, this.room);
    if (known) replace(known.article, article);
    const seen = JSON.stringify([message.sent, message.gone]);
    if (known?.person === person && known.seen !== seen) glow(article);
    this.drawn.set(key, { content, seen, person, article });
    return article;
  }

  /** Let what opens a reply, and the box for it, say what is replied to. */
  name(reply, begins) {
    const known = this.named.get(reply);
    const content = JSON.stringify(begins);
    if (known?.content === content) return;
    const looks = nameOf(begins);
    this.named.set(reply, { content, ...looks });
    const label = reply.querySelector("label, button.quiet");
    reword(label, looks.label, looks.values);
  }

  replying(root) {
    const place = make("div", { class: "reply" });
    const open = make("button", { type: "button", class: "quiet", say: "reply" });
    open.addEventListener("click", () => {
      const { label, values } = this.named.get(place);
      const form = opened({
        label,
        values,
        send: "send",
        done: (text) => this.room.act("say", { text, root }),
        close: () => {
          const { label, values } = this.named.get(place);
          reword(open, label, values);
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

const glowing = new WeakMap();
const GLOW = 4000;

/** Let it be seen for a moment that this is new; what came behind a form, when that is closed. */
export function glow(article) {
  clearTimeout(glowing.get(article));
  article.classList.add("fresh");
  const fade = () => {
    if (document.querySelector("dialog[open]")) glowing.set(article, setTimeout(fade, GLOW));
    else article.classList.remove("fresh");
  };
  glowing.set(article, setTimeout(fade, GLOW));
}

/** Nothing in this element is the newest any more. */
export function dim(element) {
  for (const article of element.querySelectorAll(".fresh")) article.classList.remove("fresh");
}

/** How a reply under what begins a thread is called. */
function nameOf(begins) {
  if (begins?.number) return { label: "reply_to", values: { question: `Q-${begins.number}` } };
  return { label: begins ? "reply_week" : "reply", values: {} };
}

const isWhisper = ({ author }) => author === undefined;
const keyOf = (message) => `${isWhisper(message) ? "whisper" : "message"}:${message.id}`;

/** Make these the children, moving only what does not stand where it should. */
function arrange(list, items) {
  for (const child of [...list.children]) {
    if (!items.includes(child)) keeping(child, () => child.remove());
  }
  items.forEach((item, number) => {
    if (list.children[number] !== item) list.insertBefore(item, list.children[number] ?? null);
  });
}

/** Put a new drawing in the old one's place, and the person who was in it too. */
function replace(old, next) {
  keeping(old, () => {
    if (!next) old.remove();
    else if (old.isConnected) old.replaceWith(next);
  });
}
