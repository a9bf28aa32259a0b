/* Bytes as text and back, for what leaves a phone as a file. */

const STEP = 32_768;

export function toBase64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let from = 0; from < bytes.length; from += STEP) text += String.fromCharCode(...bytes.subarray(from, from + STEP));
  return btoa(text);
}

export const fromBase64 = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0)).buffer;
