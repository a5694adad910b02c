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
