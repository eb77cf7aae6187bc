// Puts the remembered theme on the page before it is painted, and lets the button change it.
"use strict";

const root = document.documentElement;
root.classList.add("js");

function remembered() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage is switched off
  }
}

function isDark() {
  const theme = root.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

if (remembered()) root.dataset.theme = remembered();

addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    button.setAttribute("aria-pressed", String(isDark()));
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // the theme lasts as long as the page
    }
  });
});
