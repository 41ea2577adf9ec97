// Keeps a page current without loading it again: <div data-live="/stall/events" data-event="screen">…</div>.
// What the server sends replaces what stands in it. Everything else works without this script.
"use strict";

const FORM_WORD = "csrf";
const ONE_SECOND_MS = 1000;
const AGAIN_MS = 5 * ONE_SECOND_MS;
const PATIENCE_MS = 10 * ONE_SECOND_MS;
const REFUSED = [401, 403];

// The parts that are sent are the same for every browser; the word of this browser's forms stands once in the page.
function giveFormsTheirWord(part) {
  const known = document.querySelector(`input[name="${FORM_WORD}"]`);
  if (!known) return;
  for (const form of part.querySelectorAll('form[method="post"]')) {
    let field = form.querySelector(`input[name="${FORM_WORD}"]`);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = FORM_WORD;
      form.prepend(field);
    }
    field.value = known.value;
  }
}

// A person may be about to press a button there: the one she stands on is found again, and nothing is replaced while she types.
function replace(part, html) {
  const focused = document.activeElement;
  if (part.contains(focused) && focused.matches("input:not([type=hidden]), textarea, select")) return;
  const id = part.contains(focused) ? focused.id : "";
  part.innerHTML = html;
  giveFormsTheirWord(part);
  if (id) document.getElementById(id)?.focus();
  part.dispatchEvent(new CustomEvent("live", { bubbles: true }));
}

// Keeps one part current. A source that has given up, or says nothing although its server always says something within
// data-patience seconds (a box without power, a phone out of reach), is followed by another.
function follow(part) {
  const source = new EventSource(part.dataset.live);
  const patienceMs = Number(part.dataset.patience || Infinity) * ONE_SECOND_MS;
  let heardMs = Date.now();
  const heard = () => {
    heardMs = Date.now();
    part.removeAttribute("data-lost");
  };
  const watching = setInterval(() => { if (Date.now() - heardMs > patienceMs) giveUp(); }, ONE_SECOND_MS);
  const giveUp = () => {
    clearInterval(watching);
    source.close();
    part.setAttribute("data-lost", "");
    setTimeout(() => again(part), AGAIN_MS);
  };
  source.addEventListener(part.dataset.event || "message", (message) => {
    heard();
    replace(part, message.data);
  });
  source.addEventListener("still", heard);
  source.addEventListener("open", heard);
  source.addEventListener("error", () => {
    part.setAttribute("data-lost", "");
    if (source.readyState === EventSource.CLOSED) giveUp();
  });
}

// Who may not see the page any more (signed out elsewhere, retired) is not left with what it showed.
async function again(part) {
  const asking = new AbortController();
  setTimeout(() => asking.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(part.dataset.live, { signal: asking.signal });
    asking.abort();
    if (REFUSED.includes(answer.status)) {
      location.reload();
      return;
    }
  } catch { /* nobody answers: the next source tries again by itself */ }
  follow(part);
}

for (const part of document.querySelectorAll("[data-live]")) {
  giveFormsTheirWord(part);
  follow(part);
}
