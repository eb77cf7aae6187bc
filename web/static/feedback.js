// Sends feedback without leaving the page.
import { say } from "./page.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-feedback]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const headers = { Accept: "application/json" };
  const reply = await fetch(form.action, { method: "POST", body, headers }).catch(() => null);
  if (!reply?.ok) {
    say("The feedback could not be sent; try again in a moment.");
    return;
  }
  const thanks = document.createElement("p");
  thanks.className = "thanks";
  thanks.tabIndex = -1;
  thanks.textContent = "Thank you for telling.";
  (form.closest(".feedback") ?? form).replaceWith(thanks);
  // What had the focus is gone; it goes on from here, and the words are read out.
  thanks.focus({ preventScroll: true });
});
