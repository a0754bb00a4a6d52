// Sends dropped packages to the API, each with its own progress. Without it the form sends one file at a time.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const form = byId("upload");
  if (!form) return;
  const AT_ONCE = 2;
  const LONGEST_DSC = 1 << 20; // bytes
  const list = byId("uploads");
  const input = byId("files");
  input.multiple = true;
  input.required = false;
  let running = 0;
  const queue = [];

  // --- where each kind goes ------------------------------------------------------------------------------------
  for (const select of [byId("for-deb"), byId("for-rpm")]) {
    const key = "cambium-" + select.id;
    try {
      const kept = localStorage.getItem(key);
      if (kept && !select.querySelector("optgroup[label='Used in this repository']")) select.value = kept;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    } catch (refused) { /* the first place stands */ }
    select.addEventListener("change", () => {
      try { localStorage.setItem(key, select.value); } catch (refused) { /* holds for this page only */ }
    });
  }
  function place(name) {
    const select = /\.(deb|udeb|ddeb|dsc)$/i.test(name) ? byId("for-deb") : /\.rpm$/i.test(name) ? byId("for-rpm") : null;
    if (!select) return { id: list.dataset.any, label: "any file" };
    return { id: select.value, label: select.selectedOptions[0].textContent.split(" · ")[0] };
  }

  // --- rows ----------------------------------------------------------------------------------------------------
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  function size(bytes) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (bytes >= 999.95 && unit < units.length - 1) { bytes /= 1000; unit++; }
    return (unit === 0 ? bytes : bytes.toFixed(1)) + " " + units[unit];
  }
  function row(job) {
    const item = element("li", "upload-row");
    const head = element("p", "upload-head");
    job.title = element("span", "upload-name", job.file.name);
    head.append(job.title, element("span", "note", size(job.bytes) + " → " + job.place.label));
    job.bar = element("progress");
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute("aria-label", "Progress of " + job.file.name);
    job.said = element("p", "upload-said", "waiting");
    job.again = element("button", "button small", "Try again");
    job.again.type = "button";
    job.again.hidden = true;
    job.again.addEventListener("click", () => { start(job); });
    item.append(head, job.bar, job.said, job.again);
    job.item = item;
    list.append(item);
  }
  function say(job, tone, text) {
    job.item.dataset.tone = tone;
    job.said.textContent = text;
  }

  // --- sending -------------------------------------------------------------------------------------------------
  function start(job) {
    job.again.hidden = true;
    job.bar.value = 0;
    say(job, "quiet", "waiting");
    queue.push(job);
    next();
  }
  function next() {
    while (running < AT_ONCE && queue.length > 0) send(queue.shift());
    if (running === 0 && queue.length === 0 && list.children.length > 0) {
      const all = [...list.children].map((item) => item.dataset.tone);
      const bad = all.filter((tone) => tone === "bad").length;
      byId("announce").textContent = (all.length - bad) + " of " + all.length + " files stored"
        + (bad > 0 ? ", " + bad + " refused" : "");
    }
  }
  function send(job) {
    running++;
    const body = new FormData();
    body.append("package[distro_version_id]", job.place.id);
    for (const part of job.parts) body.append("package[source_files][]", part, part.name);
    body.append("package[package_file]", job.file, job.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      job.bar.value = 100 * event.loaded / event.total;
      say(job, "moving", event.loaded < event.total ? size(event.loaded) + " sent" : "being checked");
    });
    request.addEventListener("loadend", () => {
      running--;
      finish(job, request);
      next();
    });
    say(job, "moving", "sending");
    request.send(body);
  }
  function finish(job, request) {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch (unreadable) { /* the general sentence stands */ }
    if (request.status === 201 || request.status === 200) {
      job.bar.value = 100;
      job.stored = answer.package_url;
      say(job, "good", request.status === 201 ? "stored; being indexed" : "was there already, with the same bytes");
      settle(job);
      if (/^\/[^/]/.test(answer.package_html_url || "")) {
        const link = element("a", "", job.file.name);
        link.href = answer.package_html_url;
        job.title.replaceChildren(link);
      }
      return;
    }
    job.bar.value = 0;
    job.again.hidden = false;
    say(job, "bad", reason(request, answer));
  }
  /// Looks whether the index has it. Asked again at every event of the repository, and now and then.
  async function settle(job) {
    if (!/^\/[^/]/.test(job.stored || "")) return;
    const answer = await fetch(job.stored, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.indexed) say(job, "good", "stored and indexed");
    else if (now.failure) say(job, "bad", "stored, but not indexed: " + now.failure);
    if (now.indexed || now.failure) stored.delete(job);
    else stored.add(job);
  }
  const stored = new Set();
  document.body.addEventListener("cambium:changed", () => stored.forEach(settle));
  setInterval(() => stored.forEach(settle), 5000);
  function reason(request, answer) {
    if (request.status === 0) return "The connection broke off; nothing was stored.";
    if (request.status === 401) {
      return "You are not signed in any more. Sign in in another tab, then try again; the file is still here.";
    }
    const why = request.getResponseHeader("X-Cambium-Reason");
    for (const [field, messages] of Object.entries(answer)) {
      if (Array.isArray(messages) && messages.length > 0 && field !== "field") {
        const name = { package_file: "", filename: "The file name ", distro_version_id: "The distribution " }[field];
        return (name === undefined ? field + " " : name) + messages[0] + (why ? ": " + why : "");
      }
    }
    return answer.message || "The server refused it (" + request.status + ").";
  }

  // --- choosing and dropping -----------------------------------------------------------------------------------
  /// A .dsc takes along those of the other files that it names.
  async function jobs(files) {
    let left = files;
    const made = [];
    for (const dsc of files.filter((file) => /\.dsc$/i.test(file.name) && file.size <= LONGEST_DSC)) {
      const text = await dsc.text();
      const named = new Set([...text.matchAll(/^ [0-9a-f]{32} +\d+ +(\S+)\s*$/gm)].map((found) => found[1]));
      const parts = left.filter((file) => named.has(file.name));
      left = left.filter((file) => file !== dsc && !parts.includes(file));
      made.push({ file: dsc, parts });
    }
    return made.concat(left.map((file) => ({ file, parts: [] })));
  }
  async function take(files) {
    for (const job of await jobs([...files])) {
      job.place = place(job.file.name);
      job.bytes = job.parts.reduce((sum, part) => sum + part.size, job.file.size);
      row(job);
      start(job);
    }
  }
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  form.addEventListener("submit", (event) => event.preventDefault());
  const drop = byId("drop");
  let over = 0;
  const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over++;
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => { over = Math.max(0, over - 1); drop.classList.toggle("over", over > 0); });
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over = 0;
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  window.addEventListener("beforeunload", (event) => { if (running > 0) event.preventDefault(); });
})();
