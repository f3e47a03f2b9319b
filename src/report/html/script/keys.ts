/** Single keys, for those who read many findings. They can be switched off, and never act while somebody types. */
export const KEYS = String.raw`
const visible = () => findings.filter((one) => !one.classList.contains('sifted'));
const summaryOf = (one) => one.querySelector('summary');
const current = () => (document.activeElement ? document.activeElement.closest('article.finding') : null);
let last = null;
const go = (step) => {
  const all = visible();
  const from = current() || last;
  const at = all.indexOf(from);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  if (!all[next]) return;
  last = all[next];
  summaryOf(last).focus({ preventScroll: true });
  last.scrollIntoView({ block: 'start' });
};
const turn = () => {
  const one = current() || last;
  const fold = one ? one.querySelector('details') : null;
  if (fold) fold.open = !fold.open;
};
const distance = ({ field }) => {
  const box = field.getBoundingClientRect();
  return Math.abs(box.top - innerHeight / 3);
};
const toFilter = () => {
  const near = sifts.filter(({ field }) => !field.closest('details:not([open])')).sort((a, b) => distance(a) - distance(b))[0];
  if (near) near.field.focus();
};
const usable = [
  ...(sifts.length > 0 ? [['/', words.keyFilter]] : []),
  ...(findings.length > 0 ? [['j', words.keyNext], ['k', words.keyPrevious], ['o', words.keyOpen]] : []),
];
if (usable.length > 0) {
  const enabled = make('input', { type: 'checkbox' });
  enabled.checked = true;
  const list = make('dl', {});
  for (const [key, text] of [...usable, ['?', words.keyHelp], ['Esc', words.keyEscape]]) {
    list.append(make('dt', {}, make('kbd', {}, key)), make('dd', {}, text));
  }
  const help = make('dialog', { 'aria-labelledby': 'keys-title' },
    make('h2', { id: 'keys-title' }, words.keysTitle), list,
    make('p', {}, make('label', {}, enabled, ' ' + words.keysOn)),
    button(words.close, () => help.close()));
  tools.append(button(words.keys, () => help.showModal()));
  // After the first heading of the page.
  document.body.append(help);
  const act = { '/': toFilter, j: () => go(1), k: () => go(-1), o: turn, '?': () => help.showModal() };
  document.addEventListener('keydown', (event) => {
    if (!enabled.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    if (target instanceof Element && target.closest('input, select, textarea, dialog')) return;
    if (!Object.hasOwn(act, event.key)) return;
    event.preventDefault();
    act[event.key]();
  });
}
`;
