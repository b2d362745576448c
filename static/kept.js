// A session that ended while somebody was typing: what the form said waits in this tab until its page is back after the
// sign-in, for the same person alone, and then stands in the form again. Any other page forgets it. Passwords and files
// are never kept.
"use strict";

{
  const KEY = "kept";
  const OUT = ["hidden", "password", "file", "submit", "button", "image", "reset"];
  const me = document.body.dataset.me;
  const forms = () => [...document.querySelectorAll("main form[method=post]")];
  const boxes = form => [...form.elements].filter(box => box.name && !OUT.includes(box.type));
  const ticks = box => ["radio", "checkbox"].includes(box.type);
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");

  if (me) {
    sessionStorage.removeItem(KEY);
    if (kept?.ended && kept.me === me && kept.at === location.pathname) restore(kept);
    document.addEventListener("submit", event => {
      const form = event.target, which = forms().indexOf(form);
      if (event.defaultPrevented || which < 0 || !boxes(form).length) return;
      const values = boxes(form).map(box => [box.name, ticks(box) ? box.checked : box.value, ticks(box) ? box.value : ""]);
      sessionStorage.setItem(KEY, JSON.stringify({ me, which, at: new URL(form.action).pathname, values }));
    });
  } else if (kept) {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept, ended: true }));
  }

  function restore({ which, values }) {
    const form = forms()[which];
    if (!form) return;
    const left = [...values];
    for (const box of boxes(form)) {
      const found = left.findIndex(([name, , choice]) => name === box.name && (!ticks(box) || choice === box.value));
      if (found < 0) continue;
      const [[, value]] = left.splice(found, 1);
      const before = ticks(box) ? box.checked : box.value;
      if (ticks(box)) box.checked = value; else box.value = value;
      if (value !== before) box.closest("details")?.setAttribute("open", "");
    }
    const note = document.getElementById("kept");
    note.hidden = false;
    form.prepend(note);
  }
}
