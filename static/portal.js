// Progressive: every page works without it. Menus, folded filters, rows of inline tables, what to say when htmx fails.
"use strict";

document.documentElement.classList.add("js");

const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

// A menu closes by Escape and by a click beside it; the side menu of a phone also by a second touch of its button.
document.addEventListener("click", event => {
  each("details.drop[open]", menu => { if (!menu.contains(event.target)) menu.open = false; });
  const opener = event.target.closest("a.menu");
  if (opener && location.hash === opener.hash) {
    event.preventDefault();
    location.hash = "main";
  }
});
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  each("details.drop[open]", menu => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

document.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-print]")) window.print();
  if (button.matches("[data-more]")) {
    const open = button.closest("form").classList.toggle("open");
    button.setAttribute("aria-expanded", open);
  }
  if (button.matches("[data-add-row]")) addRow(button);
});

// Django's formsets: a new row is the template with its number put in; the management form counts it.
function addRow(button) {
  const inline = button.closest("[data-inline]");
  const total = inline.querySelector("input[name$='-TOTAL_FORMS']");
  const body = inline.querySelector("tbody");
  const number = Number(total.value);
  const row = inline.querySelector("template").content.cloneNode(true);
  each("[name], [id], [for], [aria-describedby], .rn", element => {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replaceAll("__prefix__", number));
    }
    if (element.matches(".rn")) element.textContent = number + 1;
  }, row);
  body.append(row);
  begin(body.lastElementChild);
  total.value = number + 1;
  body.lastElementChild.querySelector("input:not([type=hidden]), select, textarea").focus();
}

const touched = matchMedia("(pointer: coarse)").matches;

function begin(root) {
  if (touched) each("input[data-date]", box => { box.type = "date"; }, root);
  each("[data-mixed]", box => { box.indeterminate = true; }, root);
  each("[data-add-row], [data-print]", button => { button.hidden = false; }, root);
}
begin(document);
document.querySelector(".errsum")?.focus();

// htmx: new content is begun like the page; a request that failed is said; a session that ended leads to sign-in.
document.addEventListener("htmx:load", event => begin(event.detail.elt));
const failed = document.getElementById("failed");
const say = shown => { if (failed) failed.hidden = !shown; };
document.addEventListener("htmx:responseError", () => say(true));
document.addEventListener("htmx:sendError", () => say(true));
document.addEventListener("htmx:afterOnLoad", () => say(false));
document.addEventListener("htmx:beforeSwap", event => {
  if (!event.detail.xhr.responseText.includes("data-sign-in")) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// Without a network nothing is sent, so that what was typed stays on the page.
const offline = document.getElementById("offline");
const tellNetwork = () => { if (offline) offline.hidden = navigator.onLine; };
tellNetwork();
window.addEventListener("online", tellNetwork);
window.addEventListener("offline", tellNetwork);
document.addEventListener("submit", event => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopPropagation();
  tellNetwork();
  offline?.scrollIntoView({ block: "center" });
}, true);

// Choosing rows of a list: the bar of what may be done to them comes up with the first tick.
const bar = document.querySelector("[data-chosen]");
if (bar) {
  const boxes = [...document.querySelectorAll("input[form='chosen'][name='pk']")];
  const every = document.querySelector("[data-choose-all]");
  const count = () => {
    const ticked = boxes.filter(box => box.checked);
    bar.hidden = !ticked.length;
    bar.querySelector("[data-count]").textContent = ticked.length;
    every.checked = ticked.length === boxes.length;
    every.indeterminate = ticked.length > 0 && !every.checked;
    boxes.forEach(box => box.closest("tr").classList.toggle("sel", box.checked));
  };
  const choose = on => { boxes.forEach(box => { box.checked = on; }); count(); };
  every.hidden = false;
  every.addEventListener("change", () => choose(every.checked));
  boxes.forEach(box => box.addEventListener("change", count));
  bar.querySelector("[data-unchoose]").addEventListener("click", () => choose(false));
  count();
}

// "/" puts the cursor into the search box, wherever one isn't typing.
document.addEventListener("keydown", event => {
  const find = document.querySelector(".find input");
  if (event.key !== "/" || !find || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  find.focus();
});
