// Makes lists follow what is typed above them. Without it the forms are sent by their buttons.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  document.documentElement.classList.add("scripted");

  // --- search as you type --------------------------------------------------------------------------------------
  const PAUSE = 180; // ms without a keystroke before the list is fetched
  let planned = null;
  let latest = null;
  function address(form) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.append(name, value.trim());
    const text = query.toString();
    return (form.getAttribute("action") || location.pathname) + (text ? "?" + text : "");
  }
  function search(form) {
    clearTimeout(planned);
    const url = address(form);
    if (url === latest) return;
    latest = url;
    window.htmx.ajax("GET", url, { source: form, target: form.dataset.filter, select: form.dataset.filter,
      swap: "outerHTML" });
  }
  for (const form of document.querySelectorAll("form[data-filter]")) {
    form.setAttribute("hx-sync", "this:replace");
    latest = address(form);
    form.addEventListener("input", (event) => {
      clearTimeout(planned);
      planned = setTimeout(() => search(form), event.target.matches("select") ? 0 : PAUSE);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); search(form); });
  }
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "list") return;
    if (event.detail.xhr.status !== 200) event.detail.shouldSwap = false;
    else history.replaceState(null, "", latest);
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    const list = byId("list");
    if (list && list.dataset.say && byId("announce").textContent !== list.dataset.say) {
      byId("announce").textContent = list.dataset.say;
    }
  });
})();
