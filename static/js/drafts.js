// Keeps what is typed in the back office, in this browser alone, until it is saved, though the login ends.
// Given back only where the page holds what it held then. Within [data-no-draft] nothing is kept.
// After the admin's scripts, which draw rows.
addEventListener("load", () => setTimeout(() => {
  const box = localStorage, $ = (query) => document.querySelector(query);
  const words = $("[data-restored]").dataset, own = `draft:${$("meta[name=staff]").content}:`, key = own + location.pathname;
  const read = (name) => JSON.parse(box[name] ?? "{}");
  const drop = (test) => Object.keys(box).forEach((name) => /^draft:/.test(name) && test(name) && box.removeItem(name));
  const isOwn = (name) => name.startsWith(own), isSaved = $(".success"), isRefused = $(".errornote, .errorlist");
  drop((name) => read(name).at < Date.now() - 6048e5 || (isSaved && isOwn(name) && read(name).sent));
  $("#logout-form")?.addEventListener("submit", () => drop(isOwn));

  const form = $("#content form[id$=_form], form[data-draft]");
  if (!form) return;
  const fields = () => [...form.elements].filter((el) => el.name && !/__prefix__/.test(el.name) &&
    !/hidden|password|file|submit|button|fieldset/.test(el.type) && !el.closest("[data-no-draft]"));
  const isSwitch = (el) => /checkbox|radio/.test(el.type);
  const id = (el) => el.name + (isSwitch(el) ? "=" + el.value : "");
  const bits = (el, name) => [...el.options].map((one) => +one[name]).join("");
  const get = (el) => el.options ? bits(el, "selected") : isSwitch(el) ? el.checked : el.value;
  const set = (el, value) => {
    if (el.options) [...el.options].forEach((one, at) => (one.selected = +value[at]));
    else el[isSwitch(el) ? "checked" : "value"] = value;
  };

  const old = read(key).fields ?? {};
  const start = (el) => isRefused && old[id(el)] ? old[id(el)][0] : isSwitch(el) ? el.defaultChecked :
    el.options ? bits(el, "defaultSelected").replace(/^0(?!.*1)/, el.multiple ? 0 : 1) : el.defaultValue;
  const keep = (event) => {
    const typed = fields().filter((el) => get(el) !== start(el)).map((el) => [id(el), [start(el), get(el)]]);
    box[key] = JSON.stringify({ at: Date.now(), sent: event.type === "submit", fields: Object.fromEntries(typed) });
  };
  const tell = (text) => $("#content").prepend(Object.assign(document.createElement("p"), { className: "draft-note", role: "status", textContent: text }));

  if (!isRefused) {
    for (const name in old) { // added rows
      const row = name.match(/^(.+)-\d+-/);
      for (let left = 20; row && left-- && !form.elements[name.split("=")[0]];) $(`#${row[1]}-group .add-row a`)?.click();
    }
    let isBack;
    for (const el of fields()) {
      const [was, typed] = old[id(el)] ?? [];
      if (typed === undefined || get(el) === typed) continue;
      if (start(el) === was) set(el, typed), (isBack = 1);
      else if (!isSwitch(el) && !el.options) tell(`${words.changed} ${typed}`);
    }
    if (isBack) tell(words.restored);
  }
  ["input", "change", "submit"].forEach((type) => form.addEventListener(type, keep));
}));
