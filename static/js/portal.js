/* What HTMX leaves open: dialogs, focus after a swap, one polite announcement. */
(function () {
  "use strict";
  /* Looked up each time: after Back, HTMX fills the body anew. */
  const dialogNow = () => document.getElementById("p-dialog");
  const liveNow = () => document.getElementById("p-live");

  /* After a refused form the focus is on what was refused, or on the first field that is wrong. */
  function focusWhatIsWrong(place) {
    const refused = place.querySelector("form[method=post] .p-note.is-late[role=alert], form[method=post] .p-refusal[role=alert]:not(.is-warning)");
    const wrong = refused || place.querySelector("form[method=post] .is-wrong :is(input, select, textarea):not([type=hidden])");
    if (!wrong) return false;
    if (refused) refused.tabIndex = -1;
    wrong.focus();
    return true;
  }
  focusWhatIsWrong(document.getElementById("main"));

  /* A fragment swapped into #p-dialog opens it; the heading takes the focus. */
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const dialog = dialogNow();
    if (event.detail.target !== dialog) return;
    if (!dialog.firstElementChild) { if (dialog.open) dialog.close(); return; }
    if (!dialog.open) dialog.showModal();
    const heading = dialog.querySelector("h1, h2");
    if (focusWhatIsWrong(dialog)) return;
    if (heading) { heading.id = heading.id || "p-dialog-title"; heading.tabIndex = -1; heading.focus(); }
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const dialog = dialogNow();
    if (closer && dialog.open) { event.preventDefault(); dialog.close(); }
  });

  /* Keep the focus on the control that was pressed, when it still exists after the swap. */
  let pressed = "";
  document.body.addEventListener("htmx:beforeRequest", (event) => { pressed = event.detail.elt.id || ""; });
  document.body.addEventListener("htmx:afterSettle", () => {
    const again = pressed && document.getElementById(pressed);
    if (again && document.activeElement === document.body) again.focus();
    pressed = "";
  });

  /* Fragments carry what happened in data-say; network trouble is said too. */
  document.body.addEventListener("htmx:afterSwap", (event) => {
    /* Swapped as a whole, the target of the event is the element that is gone. */
    const target = event.detail.target;
    if (!target) return; /* a page brought back by Back */
    const shown = (target.id && document.getElementById(target.id)) || target;
    const said = shown.querySelector && shown.querySelector("[data-say]");
    if (said) liveNow().textContent = said.dataset.say;
  });
  /* A file holds what the page shows: its link follows the filters, without the names it lists. */
  document.body.addEventListener("htmx:pushedIntoHistory", () => {
    document.querySelectorAll("a[data-as-shown]").forEach((link) => {
      const asked = new URLSearchParams(window.location.search);
      link.dataset.asShown.split(" ").forEach((name) => asked.delete(name));
      link.search = asked.toString();
    });
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 403 || event.detail.xhr.status === 401) window.location.reload();
  });

  /* An open menu closes on Escape and on a click elsewhere. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.p-menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.p-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* Selects and dates marked data-submit send their form at once. */
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit]") && event.target.form) event.target.form.requestSubmit();
  });
})();
