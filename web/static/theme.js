// Puts the remembered theme on the page before it is painted, and lets the settings change it.
"use strict";

const root = document.documentElement;
root.classList.add("js");

function remembered() {
  try {
    return localStorage.getItem("theme") ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

function use(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme; // as the system has it
}

use(remembered());

addEventListener("DOMContentLoaded", () => {
  for (const choice of document.querySelectorAll("[name=theme]")) {
    choice.checked = choice.value === (root.dataset.theme ?? "");
    choice.addEventListener("change", () => {
      use(choice.value);
      try {
        localStorage.setItem("theme", choice.value);
      } catch {
        // the theme lasts as long as the page
      }
    });
  }
});
