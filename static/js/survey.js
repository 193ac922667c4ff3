// Makes a survey a question at a time. Without this file everything works on one page, with the conditions in words.
(() => {
  "use strict";
  const form = document.querySelector("[data-survey]");
  if (!form) return;

  // The letter's QR code carries the code after "#", which no server ever sees. Move it, and leave no trace in the address.
  const code = form.elements.kod;
  const move = () => {
    const fragment = decodeURIComponent(location.hash.slice(1));
    if (!code || !/^[0-9a-z][0-9a-z -]{8,18}$/i.test(fragment)) return;
    code.value = fragment;
    history.replaceState(null, "", location.pathname + location.search);
  };
  try { move(); } catch { /* a fragment that is no text is no code */ }
  addEventListener("hashchange", move);

  const steps = [...form.querySelectorAll(".survey__step")];
  const send = form.querySelector(".survey__send");
  const values = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);

  // A question waits for answers to an earlier one, and is not asked where that one is not. A code knows its place.
  const isAsked = (step) => {
    if (code?.value && step.querySelector('[name="plats"]')) return false;
    if (!step.dataset.if) return true;
    const earlier = steps.find((other) => other.querySelector(`[name="${step.dataset.if}"]`));
    const wanted = step.dataset.is.split(" ");
    return (!earlier || isAsked(earlier)) && values(step.dataset.if).some((value) => wanted.includes(value));
  };

  const button = (text, look) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button ${look}`;
    made.textContent = text;
    return made;
  };
  // What came back to be corrected can be sent from where it is corrected: nobody walks through it all again.
  const faults = document.querySelector(".error-summary");
  const next = button(form.dataset.next, faults ? "button--quiet" : "button--wide");
  const back = button(form.dataset.back, "button--quiet");
  const nav = document.createElement("p");
  nav.className = "survey__nav cluster";
  nav.append(back, next);
  form.insertBefore(nav, send);
  form.querySelectorAll(".question__condition").forEach((words) => { words.hidden = true; });

  let current = 0;
  const asked = () => steps.filter(isAsked);
  const show = (step, moveFocus) => {
    const list = asked();
    current = Math.max(0, list.indexOf(step));
    const questions = list.filter((each) => "question" in each.dataset);
    steps.forEach((each) => {
      each.hidden = each !== list[current];
      const number = each.querySelector(".question__number");
      if (number && questions.includes(each)) {
        number.textContent = form.dataset.step
          .replace("{number}", questions.indexOf(each) + 1).replace("{total}", questions.length);
      }
    });
    back.hidden = current === 0;
    next.hidden = current === list.length - 1;
    const lacksPlace = list.some((each) => each.querySelector('[name="plats"]')) && !values("plats").length;
    send.hidden = !next.hidden && (!faults || lacksPlace);
    if (!moveFocus) return;
    const heading = list[current].querySelector("legend, label");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    list[current].scrollIntoView({ block: "start" });
  };

  next.addEventListener("click", () => show(asked()[current + 1], true));
  back.addEventListener("click", () => show(asked()[current - 1], true));
  // An answer may call forth or take away later questions, and with them the last step and the total.
  form.addEventListener("change", () => show(asked()[current], false));
  // Enter in a field goes on to the next question; only the last one sends.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || next.hidden || event.target.matches("textarea, button")) return;
    event.preventDefault();
    next.click();
  });
  // A line in the error summary leads to a question that may be hidden.
  faults?.addEventListener("click", (event) => {
    const target = document.getElementById(event.target.hash?.slice(1) ?? "");
    const step = target?.closest(".survey__step");
    if (!step) return;
    event.preventDefault();
    show(step, false);
    target.focus();
  });

  const wrong = form.querySelector(".question--wrong, .field--wrong");
  show(wrong ? wrong.closest(".survey__step") : steps[0], false);
  faults?.focus();
})();
