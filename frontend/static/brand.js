// The Brand's form: a colour's text and picker follow one another, a colour that
// is offered goes into its field, and what is looked at needs no button.
"use strict";

const full = (text) => {
  const hex = text.trim().replace(/^#?/, "#").toLowerCase();
  if (/^#[0-9a-f]{3}$/.test(hex)) return hex.replace(/[0-9a-f]/g, "$&$&");
  return /^#[0-9a-f]{6}$/.test(hex) ? hex : "";
};
const field = (name) => document.getElementById(name);

for (const pick of document.querySelectorAll("input[type=color][data-text]")) {
  const text = field(pick.dataset.text);
  pick.addEventListener("input", () => { text.value = pick.value; });
  text.addEventListener("input", () => { if (full(text.value)) pick.value = full(text.value); });
}

for (const button of document.querySelectorAll("[data-live]")) button.hidden = true;

const form = document.getElementById("brand");
const tell = () => form.dispatchEvent(new Event("input", { bubbles: true }));
for (const outside of document.querySelectorAll(".controls [form=brand]")) outside.addEventListener("input", tell);

const stage = document.querySelector(".stage");
const width = field("width");
const widen = () => stage.classList.toggle("desktop", width.value === "desktop");
width.addEventListener("input", widen);
widen();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=take]");
  if (!button) return;
  event.preventDefault();
  const [name, color] = button.value.split("=");
  const text = field(name);
  const dark = text.closest("details");
  if (dark) dark.open = true;
  text.value = color;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
