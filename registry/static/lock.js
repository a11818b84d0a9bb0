// After idle minutes the screen asks for the password; the server decides whether it is really locked.
"use strict";
{
  const { minutes, address } = document.currentScript.dataset;
  let timer;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      location.assign(`${address}?back=${encodeURIComponent(location.pathname)}`);
    }, Number(minutes) * 60_000 + 5_000);
  };
  for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, begin, { passive: true });
  begin();
}
