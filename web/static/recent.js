// The conversations that were opened in this browser: kept here and nowhere else.
import { keep, read } from "./kept.js";

const KEPT = 30;
const panel = document.getElementById("recent");
const list = panel.querySelector("ul");
const clear = panel.querySelector("button");
const dayOf = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

function change(conversations) {
  keep("conversations", conversations.slice(0, KEPT));
  show();
}

export function remember(id, question) {
  const known = read("conversations", []);
  const before = known.find((one) => one.id === id);
  const others = known.filter((one) => one.id !== id);
  change([{ id, question: before?.question ?? question, at: Date.now() }, ...others]);
}

function forget(id) {
  change(read("conversations", []).filter((one) => one.id !== id));
}

function entry({ id, question, at }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/c/${encodeURIComponent(id)}`;
  link.textContent = question;
  link.dir = "auto";
  if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  const time = document.createElement("time");
  time.dateTime = new Date(at).toISOString();
  time.textContent = dayOf.format(at);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Remove “${question}” from the list`);
  remove.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    const at = [...list.children].indexOf(next) - (next === item.nextElementSibling ? 1 : 0);
    forget(id);
    (list.children[at]?.querySelector("button") ?? panel).focus();
  });
  item.append(link, time, remove);
  return item;
}

export function show() {
  const conversations = read("conversations", []);
  list.replaceChildren(...conversations.map(entry));
  clear.hidden = conversations.length === 0;
  panel.querySelector(".none").hidden = conversations.length > 0;
}

clear.addEventListener("click", () => {
  change([]);
  panel.focus();
});
addEventListener("storage", show);

const gone = document.querySelector("[data-gone]") && location.pathname.match(/^\/c\/([^/]+)/)?.[1];
const deleted = new URLSearchParams(location.search).get("deleted");
const tools = document.getElementById("tools")?.dataset ?? {};
if (gone ?? deleted) forget(gone ?? deleted);
else if (tools.question) remember(tools.conversation, tools.question);
else show();
