/* A signature on glass: a field to write in with finger or pen. */

import { h, sha256 } from "../../web/phone/modules/base.js";

const WIDTH = 2.6;
const MARGIN = 12;

/** Return the field; `.empty()` and `.picture()` (PNG bytes with their hash) tell what was written. */
export function glass(onWritten) {
  const canvas = h("canvas", { class: "glass" });
  let pen = null;
  let written = 0;
  let before = null;
  let box = null; // what was written, in pixels of the page

  function ready() {
    if (pen) return;
    const ratio = Math.max(2, devicePixelRatio || 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.lineWidth = WIDTH;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = pen.fillStyle = "#0b1f3a";
    clear();
  }

  function clear() {
    if (!pen) return;
    pen.save();
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    pen.restore();
    written = 0;
    box = null;
  }

  function reach({ x, y }) {
    box ??= { left: x, right: x, top: y, bottom: y };
    box = { left: Math.min(box.left, x), right: Math.max(box.right, x), top: Math.min(box.top, y), bottom: Math.max(box.bottom, y) };
  }

  /** The written part alone, with a margin: a signature is looked at small. */
  function cut() {
    const ratio = canvas.width / canvas.clientWidth;
    const left = Math.max(0, box.left - MARGIN) * ratio;
    const top = Math.max(0, box.top - MARGIN) * ratio;
    const part = document.createElement("canvas");
    part.width = Math.min(canvas.width - left, (box.right - box.left + 2 * MARGIN) * ratio);
    part.height = Math.min(canvas.height - top, (box.bottom - box.top + 2 * MARGIN) * ratio);
    part.getContext("2d").drawImage(canvas, -left, -top);
    return part;
  }

  function at(event) {
    const place = canvas.getBoundingClientRect();
    return { x: event.clientX - place.left, y: event.clientY - place.top };
  }

  canvas.addEventListener("pointerdown", event => {
    event.preventDefault();
    ready();
    canvas.setPointerCapture(event.pointerId);
    before = at(event);
    reach(before);
    pen.beginPath();
    pen.arc(before.x, before.y, WIDTH / 2, 0, 7);
    pen.fill();
  });
  canvas.addEventListener("pointermove", event => {
    if (!before) return;
    for (const one of event.getCoalescedEvents?.() || [event]) {
      const here = at(one);
      pen.beginPath();
      pen.moveTo(before.x, before.y);
      pen.lineTo(here.x, here.y);
      pen.stroke();
      written += Math.hypot(here.x - before.x, here.y - before.y);
      before = here;
      reach(here);
    }
  });
  const lift = () => {
    if (before) onWritten();
    before = null;
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  return {
    canvas,
    clear,
    empty: () => written < 20, // a dot is no signature
    async picture() {
      const blob = await new Promise(resolve => cut().toBlob(resolve, "image/png"));
      const bytes = await blob.arrayBuffer();
      return { bytes, type: "image/png", hash: await sha256(bytes) };
    },
  };
}
