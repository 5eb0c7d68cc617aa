/* Drag a booking to another day. The server says in the move dialog what that costs; the entry only
   lies on its new day while the dialog is open, and goes back unless the move is confirmed there.
   Without a pointer the move page does the same. Also: the print button. */
(function () {
  "use strict";
  let dragged = null;
  let home = null;

  const dayOf = (element) => element && element.closest("td[data-day]");
  const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

  function mark(cell) {
    document.querySelectorAll("td.is-drop").forEach((other) => { if (other !== cell) other.classList.remove("is-drop"); });
    if (cell) cell.classList.add("is-drop");
  }

  function goBack() {
    if (!home) return;
    home.entry.classList.remove("is-tentative");
    home.cell.insertBefore(home.entry, home.next);
    home = null;
  }

  document.addEventListener("dragstart", (event) => {
    const entry = event.target.closest && event.target.closest("[data-move]");
    if (!entry) return;
    dragged = entry;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", entry.textContent.trim());
  });
  document.addEventListener("dragover", (event) => {
    const cell = dragged && dayOf(event.target);
    if (cell) event.preventDefault();
    mark(cell);
  });
  document.addEventListener("dragend", () => { dragged = null; mark(null); });
  document.addEventListener("drop", (event) => {
    const cell = dragged && dayOf(event.target);
    if (!cell) return;
    event.preventDefault();
    const entry = dragged;
    const from = dayOf(entry);
    const shift = daysBetween(from.dataset.day, cell.dataset.day);
    dragged = null;
    mark(null);
    if (!shift) return;
    goBack();
    home = { entry: entry, cell: from, next: entry.nextSibling };
    entry.classList.add("is-tentative");
    cell.append(entry);
    window.htmx.ajax("GET", entry.dataset.move + "?shift=" + shift, { target: "#p-dialog", swap: "innerHTML" });
  });
  /* Heard on the way down, as it doesn't bubble: after Back the dialog is another element. */
  document.addEventListener("close", (event) => { if (event.target.id === "p-dialog") goBack(); }, true);
  document.body.addEventListener("htmx:responseError", goBack);
  document.body.addEventListener("htmx:sendError", goBack);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
