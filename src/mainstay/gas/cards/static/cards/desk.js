// The card desk: the reader's agent on this machine, and our server, which alone knows what was paid.

const desk = document.getElementById("card-desk");
const field = (id) => document.getElementById(id);
const words = field("cd-words").dataset;
const waiting = JSON.parse(field("cd-waiting").textContent);
let card = null;
let order = waiting[0] ?? null;
let busy = false;

function tell(text, hue = "") {
  field("cd-told").className = `cd-told ${hue ? `cd-${hue}` : ""}`;
  field("cd-told").textContent = text;
}

async function agent(path, body) {
  const answer = await fetch(desk.dataset.agent + path, body ? { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {});
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

class Refused extends Error {}

async function server(url, facts) {
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(facts),
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, Accept: "application/json" },
  });
  const told = await answer.json();
  if (!answer.ok || !told.urls) throw new Refused(told.error?.message ?? told.message ?? words.unknown);
  return told;
}

const seen = () => ({ card_no: card.card_no, purchases: card.purchases, last_order: card.last_order });

function show() {
  field("cd-no").textContent = card?.card_no ?? "—";
  field("cd-count").textContent = card?.purchases ?? "—";
  field("cd-price").disabled = !card || Boolean(order && !["drafted", "confirmed", "void"].includes(order.state));
  if (field("cd-advance")) {
    field("cd-advance").hidden = Boolean(order && ["paid", "written", "confirmed"].includes(order.state));
    field("cd-from-advance").disabled = !card;
  }
  field("cd-order").hidden = !order;
  if (!order) return;
  field("cd-sum").textContent = `${order.amount} · ${order.m3} m³`;
  field("cd-number").textContent = order.number;
  field("cd-state").textContent = order.state_words;
  field("cd-lines").replaceChildren(...order.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  field("cd-pay-row").hidden = order.state !== "drafted";
  field("cd-write").hidden = order.state !== "paid" || !card;
  field("cd-void-row").hidden = order.state !== "drafted" && (order.state !== "paid" || !card);
  field("cd-print").hidden = !order.receipt;
  if (order.receipt) field("cd-print").href = order.receipt;
}

// Cash that was handed over, less what is to be paid; nothing for other ways of paying.
function change() {
  const handed = /^(\d{1,10})(?:\.(\d{0,2}))?$/.exec(field("cd-received").value.normalize("NFKC").trim());
  const due = order ? Math.round(Number(order.amount.replaceAll(",", "")) * 100) : 0;
  const fen = handed ? Number(handed[1]) * 100 + Number((handed[2] ?? "").padEnd(2, "0")) - due : 0;
  const label = fen < 0 ? words.missing : words.change;
  field("cd-change").textContent = fen && field("cd-tender").value === "1" ? `${label} ${(Math.abs(fen) / 100).toFixed(2)}` : "";
  field("cd-change").classList.toggle("cd-short", fen < 0);
}

// The list below tells what the desk tells; nobody waits for it.
async function list() {
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("cd-orders");
    if (answer.ok && fresh) field("cd-orders").replaceWith(fresh);
  } catch {
    // the desk itself is right; the list is as it was
  }
}

// One thing at a time; whatever goes wrong is said, and the page shows what is known.
async function step(work) {
  if (busy) return;
  busy = true;
  tell(words.busy);
  try {
    await work();
  } catch (error) {
    if (error instanceof Refused) tell(error.message, "red");
    else tell(words.unknown, "amber");
  } finally {
    busy = false;
    show();
    if (order?.state === "paid" && card) field("cd-write").focus();
    else if (card && !order && document.activeElement === document.body) field("cd-volume").focus();
  }
}

async function read() {
  card = null;
  try {
    card = await agent("/v1/read", {});
  } catch (error) {
    tell(error.message === "no_card" ? words.noCard : words.noAgent, "red");
    return false;
  }
  tell("");
  return true;
}

// A paid order: the card itself tells what became of it.
async function resume() {
  order = await server(order.urls.read, seen());
  if (order.state !== "confirmed") return tell(words.waiting, "amber");
  tell(words.done, "green");
  list();
}

async function write() {
  try {
    card = await agent("/v1/write", { order: order.number, card_no: order.card_no, purchases: order.purchases, volume_l: order.volume_l });
  } catch (error) {
    tell(error.message === "other_card" ? words.other : words.notWritten, "amber");
    return;
  }
  order = await server(order.urls.written, seen());
  if (await read()) {
    order = await server(order.urls.read, seen());
    tell(words.done, "green");
  }
  list();
}

field("cd-read").addEventListener("click", () => step(async () => {
  if ((await read()) && order && order.state !== "drafted" && order.state !== "confirmed") await resume();
}));
field("cd-price").addEventListener("click", () => step(async () => {
  order = await server(desk.dataset.draft, { ...seen(), volume: field("cd-volume").value.trim() });
  tell("");
  show();
  field("cd-received").value = "";
  change();
  field("cd-received").focus();
}));
field("cd-pay").addEventListener("click", () => step(async () => {
  order = await server(order.urls.pay, { tender: field("cd-tender").value, received: field("cd-received").value.trim() });
  show();
  await write();
}));
// The volume offered, or less of it where another was typed in.
field("cd-from-advance")?.addEventListener("click", () => step(async () => {
  const volume = field("cd-volume").value.trim() || field("cd-from-advance").dataset.volume;
  order = await server(desk.dataset.advance, { ...seen(), volume });
  show();
  await write();
}));
// A paid order is paid back only when its card, read just now, does not carry it: the server looks.
field("cd-void").addEventListener("click", () => step(async () => {
  if (order.state === "paid" && !(await read())) return;
  order = await server(order.urls.void, { reason: field("cd-reason").value.trim(), ...(order.state === "paid" ? seen() : {}) });
  tell(order.state_words);
  list();
}));
for (const id of ["cd-received", "cd-tender"]) field(id).addEventListener("input", change);
field("cd-write").addEventListener("click", () => step(write));
field("cd-form").addEventListener("submit", (event) => {
  event.preventDefault();
  field("cd-price").click();
});
field("cd-volume").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  field("cd-price").click();
});

show();
field("cd-read").click();
