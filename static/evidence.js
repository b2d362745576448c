// Evidence: chosen files are listed with a caption each before they go up. Without this file one caption is for all.
"use strict";

(() => {
  const panelOf = element => element.closest("[data-evidence]");
  const size = bytes => bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
  const kept = new WeakMap(); // panel → the files chosen so far

  // The input that takes several holds all of them, also what the camera took, in the order of their captions.
  function keep(panel, files) {
    const bag = new DataTransfer();
    files.forEach(file => bag.items.add(file));
    panel.querySelector("input[type=file][multiple]").files = bag.files;
    kept.set(panel, files);
    const one = panel.querySelector(".ev-one");
    one.hidden = files.length > 0;
    one.querySelector("input").disabled = files.length > 0;
    panel.querySelector(".ev-chosen").hidden = !files.length;
  }

  function row(panel, file) {
    const item = panel.querySelector("template").content.firstElementChild.cloneNode(true);
    item.querySelector("b").textContent = file.name;
    item.querySelector(".mut").textContent = size(file.size);
    item.querySelector(".fe").hidden = file.size <= Number(panel.dataset.megabytes) * 1024 * 1024;
    item.querySelector("[data-drop]").addEventListener("click", () => {
      item.remove();
      keep(panel, kept.get(panel).filter(other => other !== file));
      panel.querySelector("input[type=file][multiple]").focus();
    });
    return item;
  }

  document.addEventListener("change", event => {
    const panel = event.target.type === "file" && panelOf(event.target);
    if (!panel) return;
    const before = kept.get(panel) || [];
    const fresh = [...event.target.files].filter(file => !before.some(other => same(file, other)));
    if (!event.target.multiple) event.target.value = "";
    fresh.forEach(file => panel.querySelector(".ev-chosen").append(row(panel, file)));
    keep(panel, [...before, ...fresh]);
  });

  // The portal's answer to a mistake is shown like any other: only the list of mistakes is new, the files stay chosen.
  document.addEventListener("htmx:beforeSwap", event => {
    if (event.detail.xhr.status !== 422 || !panelOf(event.target)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.addEventListener("htmx:xhr:progress", event => {
    const bar = event.target.querySelector?.(".ev-send ~ progress");
    if (bar && event.detail.lengthComputable) bar.value = event.detail.loaded * 100 / event.detail.total;
  });
})();
