// The form of a case: rows, sketch, what applies, the draft, and the spine. Enhancement only.
"use strict";

const form = document.querySelector("form.case");
const words = form.dataset;
const each = (selector, within = form) => [...within.querySelectorAll(selector)];

// What applies to the type of examination.
const upper = words.upper?.split(" ") ?? [], lower = words.lower?.split(" ") ?? [];
form.addEventListener("change", (event) => {
  if (event.target.name !== "examination-type") return;
  const type = event.target.checked ? event.target.value : "";
  form.classList.remove("is-open", "is-upper", "is-lower", "is-any");
  form.classList.add(!type ? "is-open" : upper.includes(type) ? "is-upper" : lower.includes(type) ? "is-lower" : "is-any");
  const heading = document.querySelector("h1");
  if (type) heading.textContent = event.target.nextElementSibling.lastChild.textContent;
  form.querySelector(".choose-kind")?.remove();
  offerSites();
});

// Only sites of the tract that is examined are offered; what is chosen already stays.
function offerSites() {
  const tract = form.classList.contains("is-upper") ? /^C1[567]/ : form.classList.contains("is-lower") ? /^C(18|19|2)/ : /./;
  for (const list of each("select[name$='-site']"))
    for (const option of list.options) option.hidden = Boolean(option.value) && !option.selected && !tract.test(option.value);
}

// All eleven sites with one key.
const sites = form.querySelector(".seen-sites");
function seeAll() {
  each("select", sites).forEach((list) => { list.value = "photographed"; });
  sites.dispatchEvent(new Event("change", { bubbles: true }));
  registry.moveOn(each("select", sites).at(-1));
}
sites?.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "a" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  seeAll();
});
sites?.querySelector(".all-seen").addEventListener("click", (event) => { event.preventDefault(); seeAll(); });
sites?.addEventListener("change", () => {
  const seen = each("select", sites).filter((list) => list.value === "photographed").length;
  sites.querySelector(".seen-count").textContent = `${seen}/11`;
});

// Rows: lesions, specimens, adverse events.
const rows = (name) => each(`.entry[data-row="${name}"]`);
function nextIndex(name) {
  const used = rows(name).map((row) => Number(row.querySelector("[name]").name.split("-")[1]));
  return Math.max(-1, ...used) + 1;
}
function add(name) {
  const template = form.querySelector(`template[data-for="${name}"]`);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll(`${name}-900`, `${name}-${nextIndex(name)}`);
  const row = holder.firstElementChild;
  const label = name === "lesions" ? String(Math.max(0, ...rows(name).map((one) => Number(one.dataset.number))) + 1)
    : "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rows(name).map((one) => one.dataset.letter?.charCodeAt(0) - 64).reduce((a, b) => Math.max(a, b), 0)];
  if (name === "lesions") row.dataset.number = row.querySelector("[name$='-number']").value = label;
  if (name === "specimens") row.dataset.letter = row.querySelector("[name$='-letter']").value = label;
  const nth = row.querySelector(".nth");
  if (nth) nth.textContent = label;
  form.querySelector(`.rows[data-rows="${name}"]`).append(row);
  if (name === "lesions") active = row;
  lesionsChanged();
  if (name === "specimens" && rows("lesions").length === 1) row.querySelector(".from input").checked = true;
  const first = row.querySelector("[data-essential]") ?? row.querySelector("input:not([type=hidden]), select");
  first.focus();
  first.scrollIntoView({ block: "nearest" });
  tell();
  return row;
}
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  const [what, name] = button.value.split("-");
  if (what === "add") {
    event.preventDefault();
    add(name);
  } else if (what === "drop") {
    event.preventDefault();
    const row = button.closest(".entry"), home = row.parentElement;
    row.remove();
    if (active === row) active = rows("lesions").at(-1);
    lesionsChanged();
    registry.changed?.();
    tell();
    home.parentElement.querySelector(".add").focus();
  }
});

// Which lesions a specimen takes in follows the lesions there are.
function lesionsChanged() {
  offerSites();
  form.querySelector(".lesions")?.classList.toggle("empty", !rows("lesions").length);
  for (const set of each(".from .set")) {
    const chosen = each("input:checked", set).map((input) => input.value);
    const name = set.dataset.name;
    set.replaceChildren(...rows("lesions").map((row) => {
      const number = row.dataset.number, label = document.createElement("label"), input = document.createElement("input");
      label.className = "code";
      Object.assign(input, { type: "checkbox", name, value: number, id: `${name}-${number}`, checked: chosen.includes(number) });
      input.dataset.key = number;
      const shown = document.createElement("span"), key = document.createElement("kbd");
      key.textContent = number;
      key.setAttribute("aria-hidden", "true");
      shown.append(key, row.querySelector("h3").textContent.trim().replace(/\s+/g, " "));
      label.append(input, shown);
      return label;
    }));
  }
  draw();
}

// Paris: the part pressed first comes first.
form.addEventListener("change", (event) => {
  const set = event.target.closest(".shape .set");
  if (!set) return;
  const pressed = each("input", set);
  event.target.dataset.pressed = event.target.checked ? String(1 + Math.max(0, ...pressed.map((one) => Number(one.dataset.pressed) || 0))) : "";
});
form.addEventListener("formdata", (event) => {
  for (const set of each(".shape .set")) {
    const pressed = each("input:checked", set).sort((a, b) => (a.dataset.pressed || 0) - (b.dataset.pressed || 0));
    if (!pressed.length) continue;
    event.formData.delete(pressed[0].name);
    pressed.forEach((one) => event.formData.append(one.name, one.value));
  }
});

// The sketch and the list of sites say the same; one tab stop, arrow keys move.
let active = rows("lesions")[0];
form.addEventListener("focusin", (event) => {
  const row = event.target.closest(".entry[data-row=lesions]");
  if (row && row !== active) { active = row; draw(); }
});
const siteOf = (row) => row?.querySelector("select[name$='-site']");
for (const organ of each(".organ")) {
  organ.setAttribute("role", "radiogroup");
  const regions = each(".site", organ);
  for (const region of regions) {
    region.setAttribute("role", "radio");
    region.setAttribute("aria-label", region.querySelector("title").textContent);
  }
  const choose = (region) => {
    if (!active) { add("lesions"); }
    siteOf(active).value = region.dataset.code;
    siteOf(active).dispatchEvent(new Event("change", { bubbles: true }));
  };
  organ.addEventListener("click", (event) => {
    const region = event.target.closest(".site");
    if (region) choose(region);
  });
  organ.addEventListener("keydown", (event) => {
    const here = regions.indexOf(event.target.closest(".site"));
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (here < 0 || !(step || event.key === " " || event.key === "Enter")) return;
    event.preventDefault();
    const next = regions[(here + (step ?? 0) + regions.length) % regions.length];
    choose(next);
    next.focus();
  });
}
function draw() {
  const spots = rows("lesions").map((row) => ({ row, code: siteOf(row).value, number: row.dataset.number }));
  for (const organ of each(".organ")) {
    const regions = each(".site", organ), counts = {};
    organ.setAttribute("aria-label", organ.closest(".sketch").dataset.lesion.replace("%n", active?.dataset.number ?? "1"));
    const chosen = siteOf(active)?.value;
    const stop = regions.find((region) => region.dataset.code === chosen) ?? regions[0];
    for (const region of regions) {
      region.setAttribute("aria-checked", String(region.dataset.code === chosen));
      region.setAttribute("tabindex", region === stop ? "0" : "-1");
    }
    const holder = organ.querySelector(".spots");
    holder.replaceChildren();
    for (const { row, code, number } of spots) {
      const region = regions.find((one) => one.dataset.code === code);
      if (!region) continue;
      const nth = counts[code] = (counts[code] ?? -1) + 1;
      const x = Number(region.dataset.x) + nth * 18, y = Number(region.dataset.y) + nth * 9;
      const spot = document.createElementNS("http://www.w3.org/2000/svg", "g");
      spot.setAttribute("class", row === active ? "spot" : "spot other");
      spot.innerHTML = `<circle cx="${x}" cy="${y}" r="11"/><text x="${x}" y="${y + 4.5}" text-anchor="middle"></text>`;
      spot.lastElementChild.textContent = number;
      holder.append(spot);
    }
  }
  const key = form.querySelector(".sketch .key");
  key?.replaceChildren(...spots.map(({ row, number }) => {
    const item = document.createElement("li"), sign = document.createElement("b"), told = document.createElement("span");
    item.className = row === active ? "on" : "";
    sign.textContent = number;
    sign.setAttribute("aria-hidden", "true");
    const said = [siteOf(row).selectedOptions[0]?.value && siteOf(row).selectedOptions[0].textContent,
      each(".shape input:checked", row).map((one) => one.value).join("+").replace(/\+0-/g, "+"),
      row.querySelector("[name$='-size_mm']").value && `${row.querySelector("[name$='-size_mm']").value} mm`];
    told.textContent = [...said, row.querySelector("summary .state")?.textContent].filter(Boolean).join(" · ");
    row.querySelector("summary .line").textContent = said.filter(Boolean).join(" · ");
    item.append(sign, told);
    return item;
  }));
}

// The spine tells what is complete, open and wrong.
function tell() {
  for (const item of each(".spine [data-step]")) {
    const part = document.getElementById(item.dataset.step);
    if (!part || item.dataset.step === "person") continue;
    const groups = new Map(each("[data-essential=complete]", part).filter(registry.visible).map((one) => [one.name, one]));
    const asked = [...groups.values()], open = asked.filter(registry.empty).length;
    const wrong = each(".told.wrong[id$='-error']", part).length;
    const count = each(".entry", part).length;
    const filled = asked.length > open || each("input:not([type=hidden]), select", part).some((one) => (/radio|checkbox/.test(one.type) ? one.checked : one.value));
    const state = wrong ? "wrong" : open && filled ? "open" : filled || count ? "done" : "later";
    item.className = state;
    item.querySelector("i").textContent = { wrong: "✕", open: "◐", done: "✓", later: "–" }[state];
    const rowsTold = count ? words.rows.replace("%n", count) : "";
    const told = state === "wrong" ? words.wrong.replace("%n", wrong) : state === "open" ? words.left.replace("%n", open)
      : state === "done" ? words.complete : (item.dataset.step === "lesions" || item.dataset.step === "specimens" ? words.none : words.empty);
    item.querySelector("small").textContent = [rowsTold, told].filter(Boolean).join(" · ");
  }
}

form.addEventListener("input", tell);
form.addEventListener("change", (event) => { tell(); if (event.target.closest(".lesions")) draw(); });

if (active) draw();
else each(".organ").forEach((organ) => organ.querySelector(".site").setAttribute("tabindex", "0"));
lesionsChanged();
tell();
// What the day's list says stands already: work begins at the first thing that it does not say.
if ("begin" in words) registry.moveOn(form.querySelector("[name=examination-type]:checked") ?? form.querySelector("[name=examination-type]"));
