// A form with data-passkey="get" or "create" asks the server at data-options
// what to sign, has the browser do it, and is then sent with the answer.
// Web Authentication works by scripts only (W3C, Web Authentication Level 3).
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const readable = (options) => {
  const o = options.publicKey;
  o.challenge = bytes(o.challenge);
  if (o.user) o.user.id = bytes(o.user.id);
  for (const list of [o.allowCredentials, o.excludeCredentials]) {
    for (const c of list || []) c.id = bytes(c.id);
  }
  return { publicKey: o };
};

const sendable = (c) => {
  const answer = { id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment, response: {} };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (c.response[name]) answer.response[name] = text(c.response[name]);
  }
  if (c.response.getTransports) answer.response.transports = c.response.getTransports();
  answer.clientExtensionResults = c.getClientExtensionResults();
  return JSON.stringify(answer);
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      const asked = await fetch(form.dataset.options, { method: "POST" });
      if (!asked.ok) throw new Error(asked.statusText);
      const options = readable(await asked.json());
      form.elements.answer.value = sendable(await navigator.credentials[form.dataset.passkey](options));
      form.submit();
    } catch {
      form.elements.answer.value = "";
      failed.hidden = false;
      failed.focus();
    }
  });
  form.querySelector("button").disabled = !window.PublicKeyCredential;
}
