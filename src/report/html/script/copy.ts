/** Buttons that copy what people must type or read elsewhere, and links to single findings. */
export const COPY = String.raw`
const copied = async (text, from) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(from);
    return document.execCommand('copy');
  }
};
const told = (one, text) => {
  const before = one.dataset.name || one.textContent;
  one.dataset.name = before;
  one.textContent = text;
  say(text);
  setTimeout(() => { one.textContent = before; }, 2500);
};
for (const one of every('[data-copy]')) {
  one.after(button(words.copy, async (press) => {
    const good = await copied(one.textContent, one);
    if (good) told(press, words.copied);
    else say(words.notCopied);
  }, { class: 'copy', 'aria-label': fill(words.copyOf, { what: one.dataset.copy }) }));
}
for (const finding of findings) {
  const shown = make('span', { class: 'address' });
  const press = button(words.copyLink, async () => {
    const link = location.href.split('#')[0] + '#' + finding.id;
    shown.textContent = link;
    shown.hidden = false;
    const good = await copied(link, shown);
    shown.hidden = good;
    if (good) told(press, words.copied);
    else say(words.notCopied);
  });
  shown.hidden = true;
  const body = finding.querySelector('.finding-body');
  if (body) body.prepend(make('div', { class: 'bar' }, press, shown));
}
`;
