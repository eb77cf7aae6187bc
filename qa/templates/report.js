"use strict";
const filter = document.querySelector(".filter");
if (filter) {
  const words = document.getElementById("words");
  const cause = document.getElementById("cause");
  const shown = document.getElementById("shown");
  const rows = Array.from(document.querySelectorAll(".misses tbody tr"));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const wanted = words.value.toLowerCase().trim();
    rows.forEach((row, i) => {
      row.hidden = !texts[i].includes(wanted) || (cause.value !== "" && row.dataset.cause !== cause.value);
    });
    for (const kind of document.querySelectorAll(".kind")) {
      kind.hidden = kind.querySelector("tbody tr:not([hidden])") === null;
    }
    shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
  };
  words.addEventListener("input", show);
  cause.addEventListener("input", show);
  filter.hidden = false;
  show();
}
