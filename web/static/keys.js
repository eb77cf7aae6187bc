// Shortcuts that every page has: to the search box, Enter in it, and the list of shortcuts.
import { keep, read } from "./kept.js";

const list = document.getElementById("keys");
const single = document.getElementById("single-keys");

single.checked = read("single-keys", true);
single.addEventListener("change", () => keep("single-keys", single.checked));

function showList() {
  document.getElementById("settings").hidePopover();
  if (!list.open) list.showModal();
}

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens=keys]")) showList();
});

document.addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.metaKey;
  const box = document.querySelector("[data-search]");
  const alone = !event.shiftKey && !event.isComposing;
  if (event.key === "Enter" && event.target === box && alone) {
    event.preventDefault();
    box.form.requestSubmit();
  } else if (held && event.key === "/") {
    event.preventDefault();
    showList();
  } else if (list.open || !box) {
    return;
  } else if (held && event.key.toLowerCase() === "k") {
    event.preventDefault();
    box.focus();
  } else if (event.key === "/" && !held && !event.altKey && single.checked && !isTyping(event.target)) {
    event.preventDefault();
    box.focus();
  }
});
