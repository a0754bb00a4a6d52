// Makes pages live. Everything works without it: links lead to plain forms, and the page reloads itself.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const live = () => document.querySelector("[data-live]");

  // --- colour scheme -------------------------------------------------------------------------------------------
  const schemes = ["auto", "light", "dark"];
  const names = { auto: "automatic", light: "light", dark: "dark" };
  const themeButton = byId("theme");
  const scheme = () => document.documentElement.getAttribute("data-theme") || "auto";
  function showScheme() {
    themeButton.querySelector("use").setAttribute("href", "#theme-" + scheme());
    byId("theme-name").textContent = names[scheme()];
  }
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    const next = schemes[(schemes.indexOf(scheme()) + 1) % schemes.length];
    if (next === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", next);
    try { localStorage.setItem("cambium-theme", next); } catch (refused) { /* holds for this page only */ }
    showScheme();
  });
  showScheme();

  // --- one click, one effect -----------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    else if (!form.closest("dialog")) form.dataset.sent = "yes";
  }, true);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  });

  // --- times that count ----------------------------------------------------------------------------------------
  let ahead = 0; // how far this browser's clock is ahead of the server's, in ms
  const two = (n) => String(n).padStart(2, "0");
  function length(seconds) {
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min " + two(seconds % 60) + " s";
    if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + two(Math.floor(seconds / 60) % 60) + " min";
    return Math.floor(seconds / 86400) + " d " + (Math.floor(seconds / 3600) % 24) + " h";
  }
  function tick() {
    const now = Date.now() - ahead;
    for (const time of document.querySelectorAll("time[data-until]")) {
      const left = Math.ceil((Date.parse(time.dataset.until) - now) / 1000);
      time.textContent = left > 0 ? length(left) + " left" : "now";
    }
    for (const time of document.querySelectorAll("time[data-since]")) {
      const age = Math.floor((now - Date.parse(time.dataset.since)) / 1000);
      time.textContent = age < 1 ? "just now" : length(age) + " ago";
    }
  }
  function readClock() {
    const at = (live() || document.body).dataset.at;
    if (at) ahead = Date.now() - Date.parse(at);
    tick();
  }
  readClock();
  setInterval(tick, 1000);

  // --- dialogs for forms ---------------------------------------------------------------------------------------
  const dialog = byId("dialog");
  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      opener = link.getAttribute("href");
      window.htmx.ajax("GET", opener, { target: "#dialog-body", swap: "innerHTML", select: "#form" });
    } else if (event.target.closest("[data-close]") && dialog.open) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => {
    byId("dialog-body").replaceChildren();
    const back = opener && document.querySelector('a[data-dialog][href="' + CSS.escape(opener) + '"]');
    (back || byId("content")).focus();
  });

  // --- live parts ----------------------------------------------------------------------------------------------
  let kept = null;
  function spoken(root) {
    const said = new Map();
    for (const part of root.querySelectorAll("[data-say], .card .cell[id]")) {
      said.set(part.id, part.dataset.say || part.getAttribute("aria-label"));
    }
    return said;
  }
  function keep() {
    const part = live();
    if (!part) return;
    const active = document.activeElement;
    kept = {
      said: spoken(part),
      focus: part.contains(active) 
        ? { id: active.id, href: active.getAttribute("href"), fold: active.matches("summary") && active.parentNode.id }
        : null,
      folds: [...part.querySelectorAll("details[id]")].map((each) => [each.id, each.open]),
      scrolled: [...part.querySelectorAll("[data-keep-scroll][id]")].map((each) => [each.id, each.scrollTop,
        each.scrollTop + each.clientHeight >= each.scrollHeight - 4]),
      at: window.scrollY,
    };
  }
  function restore() {
    const part = live();
    if (!part || !kept) return;
    for (const [id, open] of kept.folds) if (byId(id)) byId(id).open = open;
    for (const [id, top, atEnd] of kept.scrolled) {
      if (byId(id)) byId(id).scrollTop = atEnd ? byId(id).scrollHeight : top;
    }
    if (kept.focus && !part.contains(document.activeElement)) {
      const again = (kept.focus.id && byId(kept.focus.id))
        || (kept.focus.fold && byId(kept.focus.fold) && byId(kept.focus.fold).querySelector("summary"))
        || (kept.focus.href && part.querySelector('a[href="' + CSS.escape(kept.focus.href) + '"]'));
      (again || byId("content")).focus({ preventScroll: true });
    }
    if (Math.abs(window.scrollY - kept.at) > 1) window.scrollTo(0, kept.at);
    announce(kept.said, spoken(part));
    kept = null;
    readClock();
  }
  const bare = (words) => words.replace(/, (\d+ \w+ ?)+left$/, "").replace(/, now$/, "");
  function announce(before, after) {
    const news = [];
    for (const [id, words] of after) {
      if (before.has(id) && bare(before.get(id)) !== bare(words)) news.push(bare(words));
    }
    if (news.length === 0) return;
    const more = news.length > 3 ? "; and " + (news.length - 3) + " more changes" : "";
    byId("announce").textContent = news.slice(0, 3).join("; ") + more;
  }
  function refuse(xhr) {
    let message = "The server did not answer as it should (" + xhr.status + ").";
    try { message = JSON.parse(xhr.responseText).message; } catch (unreadable) { /* keeps the general sentence */ }
    const form = dialog.querySelector("form");
    let refusal = byId("refusal");
    if (!refusal) {
      refusal = document.createElement("p");
      refusal.id = "refusal";
      refusal.className = "refused";
      refusal.setAttribute("role", "alert");
      form.querySelector("h1").after(refusal);
    }
    refusal.textContent = xhr.status === 401
      ? "You are no longer signed in. Sign in in another tab, then send this again." : message;
  }
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "dialog-body"
        && !(event.detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/html")) {
      event.detail.shouldSwap = false;
      if (dialog.open) refuse(event.detail.xhr);
      else if (event.detail.xhr.status >= 400) location.assign(opener);
    } else if (event.detail.target.id === "live") {
      if (event.detail.xhr.status !== 200) event.detail.shouldSwap = false;
      else keep();
    }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "live" || event.detail.elt.id === "live") restore();
    if (event.detail.target.id === "dialog-body") {
      if (!dialog.open) dialog.showModal();
      const first = dialog.querySelector("[aria-invalid=true]")
        || dialog.querySelector("textarea") || dialog.querySelector("select, button");
      if (first) first.focus();
    }
  });
  document.body.addEventListener("done", () => { if (dialog.open) dialog.close(); refresh(); });

  const PAUSE = 400; // ms between two fetches of the live part, at least
  let last = 0;
  let planned = null;
  function refresh() {
    if (!live() || planned) return;
    planned = setTimeout(() => {
      planned = null;
      last = Date.now();
      window.htmx.ajax("GET", location.pathname + location.search,
        { source: live(), target: "#live", select: "#live", swap: "outerHTML show:none focus-scroll:false" });
    }, Math.max(0, last + PAUSE - Date.now()));
  }

  // --- the stream ----------------------------------------------------------------------------------------------
  const pulse = byId("pulse");
  let lostSince = null;
  function pulsing(state) {
    pulse.hidden = false;
    pulse.dataset.state = state;
    byId("pulse-text").textContent = state === "live" ? "live"
      : "reconnecting since " + lostSince.toTimeString().slice(0, 8);
  }
  let source = null;
  let wait = 1000; // ms until the next try where the browser itself gives up
  function listen() {
    source = new EventSource(pulse.dataset.stream);
    source.addEventListener("open", () => {
      wait = 1000;
      if (lostSince) refresh();
      lostSince = null;
      pulsing("live");
    });
    source.addEventListener("fleet", refresh);
    source.addEventListener("repository", () => {
      refresh();
      document.body.dispatchEvent(new CustomEvent("cambium:changed"));
    });
    source.addEventListener("error", () => {
      lostSince = lostSince || new Date();
      pulsing("lost");
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(listen, wait);
        wait = Math.min(wait * 2, 15000);
      }
    });
  }
  if (pulse) {
    listen();
    setInterval(refresh, 30000);
    window.addEventListener("pagehide", () => source.close());
    window.addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refresh(); } });
  }

  // --- copying -------------------------------------------------------------------------------------------------
  for (const block of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent);
      button.textContent = "Copied";
      byId("announce").textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.append(button);
  }
})();
