// Listening, sending a recording, copying a message. Every page works without it, only less comfortably.
"use strict";

// A finding's second leads the player there: the master begins with silence before the first word.
document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-at]");
  const player = document.getElementById("player");
  if (!at || !player) return;
  const there = Number(player.dataset.leadIn) + Number(at.dataset.at) - 1;
  const go = () => { player.currentTime = Math.max(there, 0); };
  if (player.readyState > 0) go();
  else player.addEventListener("loadedmetadata", go, { once: true });
  player.play();
});

// Copying works where the page is not encrypted, too: the market's own network has no certificate.
function offerCopying(part) {
  for (const button of part.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function copy(field) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(field.value);
  field.focus();
  field.select();
  document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await copy(document.getElementById(button.dataset.copy));
  const said = document.querySelector(`[data-said="${button.dataset.copy}"]`);
  if (said) said.textContent = button.dataset.copied;
});
offerCopying(document);

// What becomes of a recording, until there is nothing more to come.
for (const part of document.querySelectorAll("[data-received]")) {
  const source = new EventSource(part.dataset.received);
  source.addEventListener("received", (message) => {
    part.innerHTML = message.data;
    offerCopying(part);
    if (part.querySelector("[data-over]")) source.close();
  });
}

// A recording is sent with a bar that moves, and one that is too large is not sent at all.
function tell(form, said, bad) {
  const place = form.querySelector("[data-upload-said]");
  place.textContent = said;
  place.hidden = false;
  place.classList.toggle("bad", bad);
}

function send(form) {
  const request = new XMLHttpRequest();
  const bar = form.querySelector("progress");
  const button = form.querySelector("button");
  request.upload.addEventListener("progress", (event) => {
    const share = event.loaded / event.total;
    bar.hidden = false;
    bar.value = share;
    tell(form, form.dataset.sending.replace("{share}", Math.floor(share * 100)), false);
  });
  request.addEventListener("load", () => {
    if (request.status < 300) {
      location.assign(request.responseURL);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const why = answer.querySelector("main .notice") || answer.body;
    tell(form, why.textContent.trim(), true);
    bar.hidden = true;
    button.disabled = false;
  });
  request.addEventListener("error", () => {
    tell(form, form.dataset.broken, true);
    bar.hidden = true;
    button.disabled = false;
  });
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRF-Token", form.querySelector('input[name="csrf"]').value);
  request.send(new FormData(form));
  button.disabled = true;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...form.querySelectorAll('input[type="file"]')].flatMap((field) => [...field.files]);
    if (files.some((file) => file.size > Number(form.dataset.most))) tell(form, form.dataset.tooLarge, true);
    else send(form);
  });
}
