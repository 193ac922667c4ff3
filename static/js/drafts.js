// Keeps what is typed in the back office until it is saved, in this browser alone: a login that ends loses nothing.
// A field is given back only where the page holds what it held then. Within [data-no-draft] nothing is kept.
addEventListener("load", () => {
  const $ = (query) => document.querySelector(query);
  const words = $("script[data-restored]").dataset, own = `draft:${$("meta[name=staff]").content}:`, key = own + location.pathname;
  const read = (name) => JSON.parse(localStorage[name] ?? "{}");
  const drop = (test) => Object.keys(localStorage).forEach((name) => name.startsWith("draft:") && test(name) && localStorage.removeItem(name));
  const isSaved = $(".messagelist .success"), isRefused = $(".errornote, .errorlist");
  drop((name) => read(name).at < Date.now() - 6048e5 || (isSaved && name.startsWith(own) && read(name).sent));
  $("#logout-form")?.addEventListener("submit", () => drop((name) => name.startsWith(own)));

  const form = $("#content form[id$=_form], form[data-draft]");
  if (!form) return;
  const fields = () => [...form.elements].filter((field) => field.name && !/__prefix__/.test(field.name) &&
    !/hidden|password|file|submit|button|fieldset/.test(field.type) && !field.closest("[data-no-draft]"));
  const isSwitch = (field) => /checkbox|radio/.test(field.type);
  const id = (field) => field.name + (isSwitch(field) ? "=" + field.value : "");
  const get = (field) => field.options ? [...field.options].map((one) => +one.selected).join("") : isSwitch(field) ? field.checked : field.value;
  const set = (field, value) => {
    if (field.options) [...field.options].forEach((one, at) => (one.selected = +value[at]));
    else field[isSwitch(field) ? "checked" : "value"] = value;
  };

  const old = read(key).fields ?? {}, before = {};
  const start = (field) => (before[id(field)] ??= isRefused && old[id(field)] ? old[id(field)][0] : get(field));
  const keep = (event) => {
    const typed = fields().filter((field) => get(field) !== start(field)).map((field) => [id(field), [start(field), get(field)]]);
    localStorage[key] = JSON.stringify({ at: Date.now(), sent: event.type === "submit", fields: Object.fromEntries(typed) });
  };
  const tell = (text) => {
    const list = $("#content").parentNode.insertBefore(document.createElement("ul"), $("#content"));
    list.className = "messagelist";
    list.appendChild(document.createElement("li")).textContent = text;
  };

  fields().forEach(start);
  if (!isRefused) {
    for (const name in old) { // rows that had been added
      const row = name.match(/^(.+)-\d+-/);
      for (let left = 20; row && left-- && !form.elements[name.split("=")[0]];) $(`#${row[1]}-group .add-row a`)?.click();
    }
    let isBack;
    for (const field of fields()) {
      const [was, typed] = old[id(field)] ?? [];
      if (typed === undefined || get(field) === typed) continue;
      if (start(field) === was) set(field, typed), (isBack = 1);
      else if (!isSwitch(field) && !field.options) tell(`${words.changed} ${typed}`);
    }
    if (isBack) tell(words.restored);
  }
  ["input", "change", "submit"].forEach((type) => form.addEventListener(type, keep));
});
