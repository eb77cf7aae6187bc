// Asks without leaving the page: streams what happens, then adopts the turn's article from the page
// that the server shows it on.
import "./copy.js";
import "./feedback.js";
import { fetchPage, say } from "./page.js";
import { remember } from "./recent.js";
import { eventsOf } from "./stream.js";

const STEPS_AFTER_MS = 300; // an answer that is there by then shows no step
const SAID_AFTER_MS = 3000;
const SUGGESTED_AFTER_MS = 5000; // by then the server has mostly asked what could be asked next
const composer = document.getElementById("ask");
const box = document.getElementById("q");
const log = document.getElementById("log");
const problem = document.getElementById("problem");
const welcome = document.getElementById("welcome");
const filters = composer.querySelector(".filters summary");
let stop = null; // takes back the question that is being answered
let shown = location.pathname + location.search;

class Refused extends Error {
  constructor({ status, detail }) {
    super(detail);
    this.status = status;
  }
}

function exchange(template, question) {
  const article = document.getElementById(template).content.cloneNode(true).firstElementChild;
  article.querySelector(".question").textContent = question;
  return article;
}

function showWelcome() {
  if (welcome) welcome.hidden = log.childElementCount > 0 || problem.childElementCount > 0;
}

function giveBack(question) {
  if (!box.value) box.value = question;
}

// Where an answer stands that couldn't be kept: at the address that asks what was understood.
function alone({ standalone, filters }) {
  const { from, to, publisher } = filters;
  const asked = { q: standalone, from, to, publisher, as_asked: "1", unkept: "1" };
  const told = Object.entries(asked).filter(([, value]) => value);
  return new URL(`?${new URLSearchParams(told)}`, new URL(".", composer.action));
}

async function turnOf(fields, signal, onStep) {
  const headers = { Accept: "text/event-stream" };
  const body = new URLSearchParams(fields);
  const reply = await fetch(composer.action, { method: "POST", body, headers, signal });
  if (!reply.ok) throw new Refused(await reply.json());
  let answer;
  for await (const [name, told] of eventsOf(reply)) {
    if (name === "status") onStep(told.message);
    if (name === "error") throw new Refused(told);
    if (name === "answer") answer = told;
    if (name === "done") return told.conversation ?? { unkept: alone(answer.question) };
  }
  throw new TypeError("the stream ended early");
}

function showProblem(error, question) {
  const article = exchange("failed", question);
  const heading = article.querySelector(".answer-none");
  if (!(error instanceof Refused)) heading.textContent = heading.dataset.unreachable;
  else article.querySelector(".detail").textContent = error.message;
  if (error.status === 422) heading.textContent = heading.dataset.refused;
  if (error.status === 404) composer.elements.conversation.value = ""; // it was deleted meanwhile
  problem.replaceChildren(article);
  giveBack(question);
  article.scrollIntoView();
}

function adopt(page, turn) {
  const article = document.adoptNode(page.querySelector("article.exchange"));
  const tools = document.adoptNode(page.getElementById("tools"));
  document.getElementById("tools").replaceWith(tools);
  log.append(article);
  article.scrollIntoView();
  composer.elements.conversation.value = turn.id;
  const address = new URL(`c/${turn.id}`, composer.action).pathname;
  if (address !== location.pathname) history.pushState(null, "", address);
  shown = address;
  remember(turn.id, tools.dataset.question);
  document.title = page.title;
}

async function ask(fields) {
  stop?.();
  const question = fields.get("q").trim();
  const asking = new AbortController();
  const waiting = exchange("waiting", question);
  const step = waiting.querySelector(".waiting");
  const timers = [
    setTimeout(() => (step.hidden = false), STEPS_AFTER_MS),
    setTimeout(() => say("Reading the stories…"), SAID_AFTER_MS),
  ];
  const settle = () => {
    timers.forEach(clearTimeout);
    waiting.remove();
    showWelcome();
    say("");
    log.removeAttribute("aria-busy");
    stop = null;
  };
  stop = () => {
    asking.abort();
    settle();
    giveBack(question);
  };
  problem.replaceChildren();
  log.setAttribute("aria-busy", "true");
  log.append(waiting);
  showWelcome();
  waiting.scrollIntoView();
  try {
    const turn = await turnOf(fields, asking.signal, (message) => (step.textContent = message));
    if (turn.unkept) return location.assign(turn.unkept);
    const page = await fetchPage(new URL(`c/${turn.id}/${turn.turn}`, composer.action), asking.signal);
    if (asking.signal.aborted) return;
    waiting.remove();
    adopt(page, turn);
    settle();
    setTimeout(suggestNext, SUGGESTED_AFTER_MS, turn);
  } catch (error) {
    if (asking.signal.aborted) return;
    settle();
    showProblem(error, question);
    showWelcome();
  }
}

async function suggest(place) {
  const page = await fetchPage(place.dataset.from);
  const examples = page?.getElementById("examples");
  if (examples) place.replaceWith(document.adoptNode(examples));
}

// Shows what could be asked next where it wasn't known yet when the answer came.
async function suggestNext(turn) {
  const article = document.getElementById(`turn-${turn.turn}`);
  const last = () => article === log.lastElementChild;
  if (!last() || article.querySelector(".next, .answer-none")) return;
  const page = await fetchPage(new URL(`c/${turn.id}/${turn.turn}`, composer.action));
  const next = page?.querySelector(".next");
  if (next && last()) article.querySelector(".receipt").before(document.adoptNode(next));
}

// Not where focus would call up an on-screen keyboard.
if (welcome && matchMedia("(hover: hover)").matches) box.focus({ preventScroll: true });
const unsuggested = document.querySelector("#examples[data-from]");
if (unsuggested) suggest(unsuggested);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const fields = new FormData(form);
  if (form === composer) {
    // An answer that stands alone belongs to no conversation that could go on here.
    if (log.childElementCount && !fields.get("conversation") && !stop) return;
    event.preventDefault();
    if (!box.value.trim()) return;
    box.value = "";
    ask(fields);
  } else if (form.matches("[data-ask][method=post]")) {
    event.preventDefault();
    ask(fields);
  }
});

composer.addEventListener("change", () => {
  const { from, to, publisher } = composer.elements;
  const told = [publisher.value, from.value && `from ${from.value}`, to.value && `until ${to.value}`];
  filters.textContent = ["Filters", told.filter(Boolean).join(" ")].filter(Boolean).join(": ");
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !stop) box.value = "";
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stop?.();
});

document.addEventListener("click", (event) => {
  const example = event.target.closest(".examples a");
  if (example && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    ask(new URLSearchParams({ q: example.textContent }));
    box.focus();
  }
});

addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});
