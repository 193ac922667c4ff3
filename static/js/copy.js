// Adds a button to each box of text that copies all of it. Without this file the text is there to be marked and copied.
(() => {
  "use strict";
  if (!navigator.clipboard) return; // not over plain http
  for (const box of document.querySelectorAll("[data-copy]")) {
    const text = box.querySelector("textarea");
    const button = document.createElement("button");
    const told = document.createElement("span");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = box.dataset.copy;
    button.setAttribute("aria-describedby", text.id);
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        told.textContent = box.dataset.copied;
      } catch {
        text.select(); // the browser said no: one key is left for the reader
      }
    });
    const row = document.createElement("p");
    row.className = "cluster";
    row.append(button, told);
    box.append(row);
  }
})();
