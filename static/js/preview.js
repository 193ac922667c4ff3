// Shows what is written in Markdown as residents will see it, as the portal itself makes it. Nothing is saved.
(({ address, show, hide, gone }) => {
  for (const area of document.querySelectorAll("textarea[data-markdown]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button preview-button" });
    const shown = Object.assign(document.createElement("div"), { className: "signed-text", hidden: true });
    const tell = () => {
      button.textContent = shown.hidden ? show : hide;
      button.setAttribute("aria-expanded", !shown.hidden);
    };
    button.addEventListener("click", async () => {
      if (shown.hidden) {
        const body = new FormData();
        body.set("text", area.value);
        body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
        const answer = await fetch(address, { method: "POST", body });
        if (answer.ok && !answer.redirected) shown.innerHTML = await answer.text();
        else shown.textContent = gone;
      }
      shown.hidden = !shown.hidden;
      tell();
    });
    tell();
    area.after(button, shown);
  }
})(document.currentScript.dataset);
