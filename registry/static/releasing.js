// What is being made ready is looked for again, by opening the page anew.
if (document.querySelector("[data-look-again]")) setTimeout(() => location.reload(), 2000);
