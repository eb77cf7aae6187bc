// Copies an answer with its sources, or its address.
import { say } from "./page.js";

document.addEventListener("click", async (event) => {
  const { copy, copyLink } = event.target.closest("[data-copy], [data-copy-link]")?.dataset ?? {};
  const text = copyLink ? new URL(copyLink, location.href).href : copy;
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
    say(copyLink ? "The link is copied." : "Copied.");
  } catch {
    say("The browser doesn’t allow copying.");
  }
});
