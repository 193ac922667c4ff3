// Enter goes to the next field, and from the last one to the button. Nothing typed here is kept in the browser.
(() => {
  "use strict";
  const form = document.querySelector("[data-entry]");
  if (!form) return;
  const stops = [...form.querySelectorAll("input:not([type=hidden]), textarea, .submit-row button")];
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    const next = stops[stops.indexOf(event.target) + 1];
    next.focus();
    next.select?.();
  });
  const wrong = form.querySelector(".errorlist ~ input, .errorlist ~ textarea");
  (wrong ?? stops[0]).focus();
})();
