// Dragging a workbook onto the page; the page works without it, by the file input and its button.
"use strict";

const form = document.querySelector("[data-import]");
if (form) {
  const zone = form.querySelector(".dropzone");
  const box = form.querySelector("input[type=file]");
  const label = form.querySelector("[data-chosen-file]");
  const say = () => { label.textContent = box.files.length ? box.files[0].name : label.dataset.none; };
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, event => { event.preventDefault(); zone.classList.add("over"); });
  }
  document.addEventListener("dragleave", event => { if (!event.relatedTarget) zone.classList.remove("over"); });
  document.addEventListener("drop", event => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) {
      box.files = event.dataTransfer.files;
      say();
    }
  });
  box.addEventListener("change", say);
  say();
}
