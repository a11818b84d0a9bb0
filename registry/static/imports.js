// Enhancement only: a run under way tells how far it is by itself; without scripts a link does.
"use strict";

const progress = document.querySelector("[data-poll]");
async function ask() {
  let answer;
  try {
    answer = await fetch(progress.dataset.poll, { redirect: "manual" });
  } catch {
    setTimeout(ask, 5000); // the server is away for a moment; the work goes on
    return;
  }
  const words = answer.status === 200 ? await answer.text() : "";
  if (!words) { // done, stopped, or the screen is locked
    location.reload();
    return;
  }
  if (words !== ask.before) progress.innerHTML = ask.before = words;
  setTimeout(ask, 1500);
}
if (progress) setTimeout(ask, 1000);
