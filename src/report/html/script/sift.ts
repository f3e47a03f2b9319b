/** Boxes to filter rows and findings with. What is hidden is counted aloud, a link to it clears the filter, and paper shows all of it. */
export const SIFT = String.raw`
const MANY = 8;
const MANY_FINDINGS = 3;
const sifts = [];
const plain = (text) => text.normalize('NFKC').toLowerCase();
const sift = (items, what, place, priorities) => {
  const texts = new Map();
  const off = new Set();
  const field = make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const count = make('p', { class: 'count', role: 'status' });
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, plain(item.textContent));
    return texts.get(item);
  };
  const apply = () => {
    const terms = plain(field.value).split(/\s+/).filter((term) => term !== '');
    let hidden = 0;
    for (const item of items) {
      const hide = off.has(item.dataset.p) || !terms.every((term) => textOf(item).includes(term));
      item.classList.toggle('sifted', hide);
      if (hide) hidden += 1;
    }
    count.textContent = hidden === 0
      ? fill(words.whole, { all: items.length })
      : fill(words.shown, { all: items.length, shown: items.length - hidden, hidden }) + ' ' + words.paper;
    clear.disabled = hidden === 0 && field.value === '';
  };
  const reset = () => {
    field.value = '';
    off.clear();
    toggles.forEach((one) => one.setAttribute('aria-pressed', 'true'));
    apply();
  };
  const clear = button(words.clear, () => { reset(); field.focus(); });
  const toggles = priorities.map((name) => button(words.priority[name], (one) => {
    const show = off.delete(name);
    if (!show) off.add(name);
    one.setAttribute('aria-pressed', String(show));
    apply();
  }, { 'aria-pressed': 'true' }));
  const bar = make('div', { class: 'bar', role: 'search', 'aria-label': fill(words.filterOf, { what }) },
    make('label', {}, words.filter + ' ', field), clear);
  if (toggles.length > 1) bar.append(make('div', { class: 'toggles', role: 'group', 'aria-label': words.priorities }, ...toggles));
  bar.append(count);
  let waiting = 0;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    reset();
  });
  place(bar);
  apply();
  sifts.push({ field, items, reset });
};
const heading = (one) => {
  const of = one.closest('.worksheet, section');
  const title = of ? of.querySelector('h2, h3') : null;
  return title ? title.textContent.trim() : '';
};
const findings = every('article.finding');
const listed = every('table.list tbody tr');
const findingItems = [...findings, ...listed];
const found = document.querySelector('.findings');
if (found && (findings.length > MANY_FINDINGS || listed.length > MANY)) {
  const present = ['P1', 'P2', 'P3', 'P4'].filter((name) => findingItems.some((item) => item.dataset.p === name));
  sift(findingItems, heading(found), (bar) => found.prepend(bar), present);
}
for (const table of every('table.sieve')) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length > MANY) sift(rows, heading(table), (bar) => table.before(bar), []);
}
`;
