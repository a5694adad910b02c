// Comforts only: every page works without this file.
"use strict";

const text = document.body.dataset;

// What was wrong is read first.
document.querySelector("[data-error-summary]")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A form that may be sent again from the same page, because a file comes back, says data-again.
  if (form.method !== "post" || "again" in form.dataset) return;
  // One click, one act. A page that comes back from the browser's memory may send again.
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// How many characters are left, once it matters.
for (const field of document.querySelectorAll("[data-limit]")) {
  const limit = Number(field.dataset.limit);
  const line = document.createElement("p");
  line.className = "at-left";
  line.setAttribute("role", "status");
  field.after(line);
  field.addEventListener("input", () => {
    const left = limit - Array.from(field.value).length;
    const words = left < 0 ? `${text.textOver} ${-left}` : `${text.textLeft} ${left}`;
    line.textContent = left < limit / 4 ? words : "";
  });
}

// What looks odd about a name, and how a passport writes it, while it is typed; the server says the same when it is sent.
for (const place of document.querySelectorAll("[data-name-help]")) {
  const form = place.closest("form");
  const [given, surname] = [place.dataset.given, place.dataset.surname].map((name) => form.elements[name]);
  surname.closest(".at-field")?.append(place);
  let wait;
  const ask = async () => {
    const said = new URLSearchParams({ given: given.value, surname: surname.value });
    said.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(place.dataset.nameHelp, { method: "POST", body: said }).catch(() => null);
    if (answer?.ok) place.innerHTML = await answer.text();
  };
  for (const field of [given, surname]) {
    field.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 400); });
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.innerHTML;
    button.textContent = text.textCopied;
    setTimeout(() => { button.innerHTML = words; }, 2000);
  });
}

// The desk by keyboard. Single keys can be switched off (WCAG 2.1.4), and never act while somebody types.
const keys = document.getElementById("keys");
if (keys) {
  const on = document.getElementById("keys-on");
  const opener = document.querySelector("[data-keys]");
  opener.hidden = false;
  opener.querySelector("button").addEventListener("click", () => keys.showModal());
  on.checked = localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));

  const step = (by) => {
    const lines = [...document.querySelectorAll("[data-rows] tbody a")];
    const place = lines.indexOf(document.activeElement) + (document.activeElement.closest("tbody") || by > 0 ? by : 0);
    lines[Math.min(Math.max(place, 0), lines.length - 1)]?.focus();
  };
  const choose = (number) => {
    const first = document.querySelector("main form input[type=radio]");
    const options = first ? [...first.form.querySelectorAll("input[type=radio]")] : [];
    const option = options[number - 1];
    if (!option) return;
    option.checked = true;
    option.focus();
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (typing || keys.open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "?") { keys.showModal(); return; }
    if (!on.checked) return;
    if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
    if (/^[1-9]$/.test(event.key) && !document.querySelector(`[data-key="${event.key}"]`)) { choose(Number(event.key)); return; }
    const opens = document.querySelector(`[data-key-open="${CSS.escape(event.key)}"]`)?.closest("details");
    if (opens) { opens.open = true; opens.querySelector("input:not([type=hidden]), select, button").focus(); event.preventDefault(); return; }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus(); else target.click();
  });
}
