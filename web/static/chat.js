// Asks without leaving the page: fetches the page that the form would have opened and keeps the
// article with its answer. The browser parses the reply (responseType "document"), so that no
// string ever becomes markup here and the trusted-types policy can be 'none'.
"use strict";

const form = document.getElementById("ask");
const box = document.getElementById("q");
const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const status = document.getElementById("status");
let stop = null; // takes back the question that is being answered

function exchange(template, question) {
  const article = document.getElementById(template).content.cloneNode(true).firstElementChild;
  article.querySelector(".question").textContent = question;
  return article;
}

function fetchPage(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url);
  request.responseType = "document";
  const page = new Promise((resolve) => {
    request.onload = () => resolve(request.response);
    request.onerror = () => resolve(null);
  });
  request.send();
  return { page, abort: () => request.abort() };
}

function showWelcome() {
  if (welcome) welcome.hidden = log.childElementCount > 0;
}

function giveBack(question) {
  if (!box.value) box.value = question;
}

async function ask(url, question) {
  if (stop) stop();
  const waiting = exchange("waiting", question);
  const late = setTimeout(() => (status.textContent = "Reading the stories…"), 400);
  log.setAttribute("aria-busy", "true");
  log.append(waiting);
  showWelcome();
  waiting.scrollIntoView();
  box.value = "";
  const reply = fetchPage(url);
  const settle = () => {
    clearTimeout(late);
    status.textContent = "";
    log.removeAttribute("aria-busy");
    stop = null;
  };
  stop = () => {
    reply.abort();
    waiting.remove();
    showWelcome();
    settle();
  };
  const page = await reply.page;
  const article = page?.querySelector("article.exchange");
  if (!article?.dataset.answer) giveBack(question);
  waiting.replaceWith(article ? document.adoptNode(article) : exchange("unreachable", question));
  log.lastElementChild.scrollIntoView();
  settle();
  if (page) {
    document.title = page.title;
    history.replaceState(null, "", url);
  }
}

// Not where focus would call up an on-screen keyboard.
if (welcome && matchMedia("(hover: hover)").matches) box.focus({ preventScroll: true });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  const fields = [...new FormData(form)].filter(([, value]) => value.trim());
  if (question) ask(`${form.action}?${new URLSearchParams(fields)}`, question);
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (event.key === "Escape") {
    if (stop) {
      const question = log.lastElementChild.querySelector(".question").textContent;
      stop();
      giveBack(question);
    } else {
      box.value = "";
    }
  }
});

document.addEventListener("click", async (event) => {
  const example = event.target.closest(".examples a");
  if (example && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    ask(example.href, example.textContent);
    box.focus();
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    status.textContent = "Copied.";
  }
});
