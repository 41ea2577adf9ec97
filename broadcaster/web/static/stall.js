// Counts the seconds on the stall's screen. Without it the screen shows minutes, and everything can be touched all the same.
"use strict";

const SECOND_MS = 1000;

function two(number) {
  return String(number).padStart(2, "0");
}

// As the page wrote it, for what is farther than an hour; seconds only matter when it is near.
function said(leftMs) {
  const seconds = Math.max(0, Math.ceil(leftMs / SECOND_MS));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

function tick() {
  const part = document.getElementById("stall");
  const clock = part?.querySelector("[data-now]");
  if (!clock) return;
  if (clock.apartMs === undefined) clock.apartMs = Date.parse(clock.dataset.now) - Date.now();
  const now = Date.now() + clock.apartMs;
  for (const figure of part.querySelectorAll("[data-until]")) {
    const left = Date.parse(figure.dataset.until) - now;
    if (left < 3600 * SECOND_MS) figure.textContent = said(left);
  }
  for (const bar of part.querySelectorAll("progress[data-begin]")) {
    bar.value = Math.min(bar.max, Math.max(0, (now - Date.parse(bar.dataset.begin)) / SECOND_MS));
  }
}

// A second touch of the same button in a hurry is no second order; what silences may be touched as often as one likes.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || /\/(stop|pause|safety)$/.test(event.target.action)) return;
  setTimeout(() => { button.disabled = true; });
  setTimeout(() => { button.disabled = false; }, 5 * SECOND_MS);
});

// What was said of the last touch is no longer so by and by, and this page may stay open for days.
setTimeout(() => document.querySelector(".notice[role=status]")?.remove(), 60 * SECOND_MS);

document.addEventListener("live", tick);
setInterval(tick, SECOND_MS);
tick();
