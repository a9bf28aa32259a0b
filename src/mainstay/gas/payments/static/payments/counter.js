// The counter: find, enter, take, next. Says truthfully whether money was booked.

const counter = document.getElementById("counter");
if (counter) start();

function start() {
  const words = document.getElementById("pc-words").dataset;
  const panel = document.getElementById("pc-panel");
  const state = document.getElementById("pc-state");
  const query = document.getElementById("pc-q");
  const empty = panel.querySelector(".pc-empty") ? panel.innerHTML : "";
  let sending = false; // a payment is on its way
  let unknown = false; // a payment was sent and no answer came
  let looked = 0; // the latest look-up: older answers are dropped
  let looking = false; // its answer is not here yet: what is shown may be another customer

  const form = () => document.getElementById("pc-form");
  const field = (id) => document.getElementById(id);

  // Money in whole fen; null for what is no amount.
  function fenOf(text) {
    const clean = text.normalize("NFKC").replace(/[,¥元\s]/g, "");
    const match = /^(\d{1,12})(?:\.(\d{0,2}))?$/.exec(clean);
    return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
  }

  function yuan(fen) {
    const text = String(Math.abs(fen)).padStart(3, "0");
    const whole = text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${fen < 0 ? "-" : ""}${whole}.${text.slice(-2)}`;
  }

  const plain = (fen) => yuan(fen).replaceAll(",", "");
  const isCash = () => form().elements.tender.value === "1";

  function tickedFen() {
    return [...form().querySelectorAll("[name=bill]:checked")].reduce((sum, box) => sum + Number(box.dataset.fen), 0);
  }

  function figures() {
    const amount = fenOf(field("pc-amount").value);
    const typed = field("pc-received").value.trim();
    return { amount, typed, received: typed ? fenOf(typed) : amount };
  }

  function refresh() {
    if (!form()) return;
    const { amount, received } = figures();
    for (const one of form().querySelectorAll(".pc-cash")) one.hidden = !isCash();
    for (const one of form().querySelectorAll(".pc-cheque")) one.hidden = form().elements.tender.value !== one.dataset.tender;
    const change = amount === null || received === null ? 0 : received - amount;
    field("pc-change").value = yuan(Math.abs(change));
    field("pc-change").classList.toggle("pc-short", change < 0);
    field("pc-change-label").textContent = change < 0 ? words.missing : words.change;
    for (const one of form().querySelectorAll(".pc-digits")) one.classList.toggle("pc-long", one.value.length > 10);
    field("pc-take-sum").textContent = amount ? yuan(amount) : "";
    field("pc-received").placeholder = amount ? plain(amount) : "";
  }

  function opened() {
    const shown = form();
    if (!shown) {
      panel.querySelector("[data-account]")?.focus();
      return;
    }
    unknown = false;
    refresh();
    const first = field(Number(shown.dataset.due) > 0 ? "pc-received" : "pc-amount");
    first.focus();
    first.select();
  }

  async function find(parameters) {
    const mine = ++looked;
    looking = true;
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${counter.dataset.find}?${new URLSearchParams(parameters)}`, { headers: { "HX-Request": "true" } });
      const html = await answer.text();
      if (mine !== looked) return;
      if (answer.redirected || !answer.ok) {
        tell(answer.redirected ? words.login : words.findFailed, "red");
        return;
      }
      panel.innerHTML = html;
      state.querySelector(".pc-told")?.remove();
      opened();
    } catch {
      if (mine === looked) tell(words.findFailed, "red");
    } finally {
      if (mine === looked) forget();
    }
  }

  // No answer of a look-up is waited for any more; one that comes late is dropped.
  function forget() {
    looked += 1;
    looking = false;
    panel.removeAttribute("aria-busy");
  }

  function tell(text, hue) {
    const line = document.createElement("p");
    line.className = `pc-told pc-told-${hue}`;
    line.textContent = text;
    state.replaceChildren(line);
  }

  function wrong(text, at) {
    const line = field("pc-error");
    line.textContent = text;
    line.hidden = !text;
    for (const one of form().querySelectorAll(".pc-digits")) one.removeAttribute("aria-invalid");
    if (at) {
      at.setAttribute("aria-invalid", "true");
      at.focus();
      at.select();
    }
  }

  function close() {
    if (sending || unknown) return;
    forget();
    panel.innerHTML = empty || panel.innerHTML;
    if (!empty) panel.replaceChildren();
    query.value = "";
    query.focus();
  }

  // While it is not known whether a payment was booked, nothing of it may change: it is asked about as it was sent.
  function freeze(on) {
    for (const one of form().elements) {
      if (one.id !== "pc-take") one.toggleAttribute("inert", on);
    }
    query.toggleAttribute("disabled", on);
  }

  function pending() {
    unknown = true;
    freeze(true);
    tell(words.unknown, "amber");
    field("pc-take-label").textContent = words.ask;
    field("pc-take").focus();
  }

  function body() {
    const data = new FormData(form());
    const { typed } = figures();
    if (!isCash()) data.delete("received");
    else if (!typed) data.set("received", field("pc-amount").value);
    return data;
  }

  async function take() {
    if (sending || !form()) return;
    if (looking) return tell(words.looking, "blue");
    const { amount, received } = figures();
    if (!amount) return wrong(words.amount, field("pc-amount"));
    if (isCash() && (received === null || received < amount)) return wrong(words.little, field("pc-received"));
    wrong("");
    if (!navigator.onLine && !unknown) return tell(words.offline, "red");
    sending = true;
    field("pc-take").setAttribute("aria-busy", "true");
    tell(words.sending, "blue");
    try {
      await send();
    } finally {
      sending = false;
      field("pc-take")?.removeAttribute("aria-busy");
    }
  }

  async function send() {
    let answer;
    let text;
    try {
      answer = await fetch(counter.dataset.pay, {
        method: "POST",
        body: body(),
        headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, Accept: "application/json, text/html" },
        signal: AbortSignal.timeout(15000),
      });
      text = await answer.text();
    } catch {
      return pending();
    }
    if (answer.redirected) return tell(words.login, "red");
    if (answer.status >= 500) return pending();
    if (!answer.ok) return refused(text);
    unknown = false;
    freeze(false);
    panel.innerHTML = empty;
    state.innerHTML = text;
    query.value = "";
    query.focus();
  }

  function refused(text) {
    unknown = false;
    freeze(false);
    field("pc-take-label").textContent = field("pc-take-label").dataset.words ?? field("pc-take-label").textContent;
    let error = { message: words.login };
    try {
      error = JSON.parse(text).error;
    } catch {
      // an answer that is not ours: the page has to be loaded again
    }
    state.replaceChildren();
    wrong(error.message, error.field ? field(`pc-${error.field}`) : null);
  }

  document.getElementById("pc-find").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (query.value.trim() && !sending && !unknown) find({ q: query.value.trim() });
  });

  panel.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-account]");
    if (hit) find({ account: hit.dataset.account });
    else if (event.target.closest("#pc-take")) take();
    else if (event.target.closest("[data-close]")) close();
    else if (event.target.matches(".pc-tender")) form().querySelector("[name=tender]:checked").focus();
  });
  panel.addEventListener("input", (event) => {
    if (event.target.name === "bill") {
      const fen = tickedFen();
      field("pc-amount").value = fen ? plain(fen) : "";
    }
    if (form() && !sending && !unknown) wrong(""); // what was wrong is being put right
    refresh();
  });
  panel.addEventListener("submit", (event) => event.preventDefault());

  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const target = event.target;
    if (target.name === "tender" && /^[1-5]$/.test(event.key)) {
      const radio = form().querySelectorAll("[name=tender]")[Number(event.key) - 1]; // by place: its key, not its number
      radio.checked = true;
      radio.focus();
      refresh();
    } else if (event.key === "Enter" && target.matches("input")) {
      event.preventDefault();
      forward(target, event.shiftKey ? -1 : 1);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && target.matches("[name=bill], [data-account]")) {
      event.preventDefault();
      const all = [...panel.querySelectorAll("[name=bill], [data-account]")];
      all[all.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  });

  // Enter walks: bills → way of paying → amount → received → the button; Shift+Enter walks back.
  function forward(from, step) {
    const cheque = [...form().querySelectorAll(".pc-cheque:not([hidden]) input")];
    const stops = [form().querySelector("[name=bill]"), form().querySelector("[name=tender]:checked"), field("pc-amount"), isCash() ? field("pc-received") : null, ...cheque, field("pc-take")].filter(Boolean);
    const here = stops.findIndex((stop) => stop === from || (stop.name && stop.name === from.name));
    const next = stops[here + step];
    if (next) {
      next.focus();
      next.select?.();
    }
  }

  // Before the shell's keys: Esc closes the customer, or empties the search.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    if (form() || looking || panel.querySelector("[data-account]")) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.target === query) {
      event.preventDefault();
      query.value = "";
    }
  }, true);

  // What is typed or scanned while nothing has the focus (a click beside, a slow start) goes into the search.
  document.addEventListener("keydown", (event) => {
    const typed = /^[^/?]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (typed && document.activeElement === document.body && !form() && !sending) query.focus();
  }, true);

  // The browser sets the focus by itself only some time after the page is there.
  if (form()) opened();
  else if (document.activeElement === document.body) query.focus();
  if (!form() && query.value.trim()) find({ q: query.value.trim() });
}
