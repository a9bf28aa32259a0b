/* What the inspector's phone asks of the server; see web/phone/modules/net.js for how an answer ends. */

import { setting } from "../../web/phone/modules/base.js";
import { Fault, call, loginAddress, recovery, session } from "../../web/phone/modules/net.js";

export { Fault, loginAddress, recovery, session };

export const packet = device => call(`${setting.addresses.packet}?device=${encodeURIComponent(device)}`);

export const record = (body, csrf) => call(setting.addresses.records, {
  method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
});

export const standing = id => call(`${setting.addresses.records}${id}/`);

export const numbers = (device, count, csrf) => call(setting.addresses.numbers, {
  method: "POST", body: JSON.stringify({ device, count }),
  headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
});

export function photo(id, hash, bytes, type, csrf) {
  const form = new FormData();
  form.append("file", new Blob([bytes], { type }), `${hash.slice(0, 12)}.${type === "image/png" ? "png" : "jpg"}`);
  return call(`${setting.addresses.records}${id}/photos/${hash}/`, {
    method: "POST", body: form, headers: { "X-CSRFToken": csrf },
  });
}
