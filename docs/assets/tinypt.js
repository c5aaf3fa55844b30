// What scrolls sideways can be scrolled with the keyboard, too.
addEventListener("load", () => {
  for (const e of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) e.tabIndex = 0;
});
