/** Tables sorted by a column: buttons in the heads, on a phone, where the heads are gone, a choice. Up, down, as printed. */
export const SORT = String.raw`
const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
const keyOf = (row, column) => {
  const cell = row.cells[column];
  if (!cell) return '';
  return cell.dataset.sort === undefined ? cell.textContent.trim() : cell.dataset.sort;
};
const sortable = (table) => {
  const body = table.tBodies[0];
  const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
  if (!body || body.rows.length < 2) return;
  const printed = [...body.rows];
  const names = heads.map((head) => head.textContent.trim());
  const choice = make('select', {}, make('option', { value: '' }, words.asPrinted));
  const put = (column, way) => {
    heads.forEach((head, at) => {
      if (at === column && way) head.setAttribute('aria-sort', way);
      else head.removeAttribute('aria-sort');
    });
    choice.value = way ? String(column) : '';
    const rows = [...printed];
    if (way) {
      const keys = new Map(rows.map((row) => [row, keyOf(row, column)]));
      const turn = way === 'ascending' ? 1 : -1;
      rows.sort((a, b) => turn * order.compare(keys.get(a), keys.get(b)));
    }
    body.append(...rows);
    say(way
      ? fill(words.sorted, { what: names[column], way: way === 'ascending' ? words.up : words.down })
      : words.unsorted);
  };
  heads.forEach((head, column) => {
    if (names[column] === '') return;
    const press = make('button', { type: 'button', class: 'sorter' }, ...head.childNodes);
    press.addEventListener('click', () => {
      const now = head.getAttribute('aria-sort');
      put(column, now === null ? 'ascending' : now === 'ascending' ? 'descending' : '');
    });
    head.append(press);
    choice.append(make('option', { value: String(column) }, names[column]));
  });
  choice.addEventListener('change', () => {
    if (choice.value === '') put(0, '');
    else put(Number(choice.value), 'ascending');
  });
  table.before(make('div', { class: 'bar sort-bar' }, make('label', {}, words.sortBy + ' ', choice)));
};
every('table.sortable').forEach(sortable);
`;
