/** Everything open or closed at once, and the place that a link leads to opened and shown. */
export const FOLD = String.raw`
const folds = (within, selector) => {
  const all = every(selector, within);
  if (all.length < 2) return;
  const turn = (open) => () => all.forEach((one) => {
    if (!one.closest('.sifted')) one.open = open;
  });
  const bar = make('div', { class: 'bar' }, button(words.openAll, turn(true)), button(words.closeAll, turn(false)));
  const first = within.querySelector('.bar');
  if (first) first.append(...bar.children);
  else within.prepend(bar);
};
every('.findings').forEach((one) => folds(one, 'article.finding > details'));
every('.appendix').forEach((one) => folds(one, 'details'));
const showTarget = () => {
  const id = location.hash.slice(1);
  const target = id === '' ? null : document.getElementById(id);
  if (!target) return;
  const hidden = target.closest('.sifted');
  if (hidden) sifts.filter((one) => one.items.includes(hidden)).forEach((one) => one.reset());
  for (let one = target; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
  const own = target.querySelector(':scope > details');
  if (own) own.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', showTarget);
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  // The same link once more: the address does not change, so nobody says so.
  if (link && link.hash === location.hash) setTimeout(showTarget);
});
showTarget();
let opened = [];
addEventListener('beforeprint', () => {
  opened = every('details:not([open])').filter((one) => !one.matches('.rescuer .part, .rescuer :is(#s14, #sA, #sG, #sM) > details, .figure > details'));
  opened.forEach((one) => { one.open = true; });
});
addEventListener('afterprint', () => {
  opened.forEach((one) => { one.open = false; });
});
`;
