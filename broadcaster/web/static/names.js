// Offers the names that fit while somebody types: <input list="…" data-names="/office/log/markets">.
// Without this script the name is typed whole.
"use strict";

async function offer(field) {
  const part = field.value.trim();
  field.dataset.part = part;
  const answer = await fetch(`${field.dataset.names}?part=${encodeURIComponent(part)}`);
  const names = answer.ok ? await answer.json() : [];
  if (field.dataset.part === part) field.list.replaceChildren(...names.map((name) => new Option(name)));
}

for (const field of document.querySelectorAll("input[data-names]")) {
  for (const moment of ["focus", "input"]) field.addEventListener(moment, () => offer(field).catch(() => {}));
}
