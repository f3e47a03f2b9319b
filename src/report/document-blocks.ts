/** The blocks that findings and sections are made of, as plain parts. */
import type { Node } from './document-node.ts';
import { symbolOf } from './mark-symbol.ts';
import type { Messages } from './messages/index.ts';
import type { Block, EvidenceView } from './view-model.ts';
import type { SheetCell, SheetView } from './view-model-sections.ts';

export function blockNodes(block: Block, m: Messages): Node[] {
  switch (block.kind) {
    case 'text':
    case 'rule':
      return [{ kind: 'text', text: block.text }];
    case 'phone':
      return [{ kind: 'text', text: m.label(block.label, block.text) }];
    case 'list':
    case 'pairs':
    case 'command':
      return [block];
    case 'table':
      return [{ kind: 'table', head: block.head, rows: block.rows }];
    case 'timeline':
      // A text before it says the same.
      return [];
    case 'heading':
      return [{ kind: 'heading', level: 3, text: block.text }];
    case 'box':
      return [
        { kind: 'heading', level: 4, text: block.title },
        { kind: 'list', style: 'bullets', items: block.items },
      ];
    case 'sheet':
      return sheetNodes(block, m);
    case 'plot':
      return [
        { kind: 'heading', level: 3, text: block.plot.title },
        ...[block.plot.note, block.plot.more].flatMap((text): Node[] =>
          text === undefined ? [] : [{ kind: 'text', text }],
        ),
        { kind: 'table', head: block.plot.text.head, rows: block.plot.text.rows },
      ];
    case 'evidence':
      return block.items.flatMap((item) => evidenceNodes(item, m));
  }
}

function sheetNodes(sheet: SheetView, m: Messages): Node[] {
  return [
    { kind: 'heading', level: 3, text: sheet.title },
    ...(sheet.note === undefined ? [] : [{ kind: 'text' as const, text: sheet.note }]),
    {
      kind: 'table',
      head: sheet.columns.map(({ text }) => text),
      rows: sheet.rows.map((row) => row.map((cell) => sheetCellText(cell, m))),
    },
    ...(sheet.more === undefined ? [] : [{ kind: 'text' as const, text: sheet.more }]),
  ];
}

/** "■ B-02", "□ yes □ no", "____" where something is to be written. */
export function sheetCellText(
  { text, sub = [], mark, ticks = [], blanks = 0 }: SheetCell,
  m: Messages,
): string {
  const head = mark === undefined ? text : `${symbolOf(mark)} ${text}`;
  const words = [head, ...sub]
    .filter((part) => part !== '')
    .reduce((line, part) => joinedTo(line, part, m), '');
  const parts = [words, ...ticks.map((tick) => `□ ${tick}`), ...(blanks > 0 ? ['__________'] : [])];
  return parts.filter((part) => part !== '').join('  ');
}

/** A question ends by itself; names and facts are parted by the language's comma. */
function joinedTo(line: string, part: string, m: Messages): string {
  if (line === '') return part;
  return /[。.?]$/.test(line) ? m.lines([line, part]) : `${line}${m.listSeparator}${part}`;
}

export function evidenceNodes(item: EvidenceView, m: Messages): Node[] {
  const nodes: Node[] = [{ kind: 'text', text: `${item.reference}  ${item.label}  ${item.about}` }];
  for (const bytes of [item.sent, item.received]) {
    if (bytes.dump === undefined) {
      nodes.push({ kind: 'text', text: bytes.none });
      continue;
    }
    const hash = bytes.sha256 === undefined ? [] : [`${m.evidence.hash} ${bytes.sha256}`];
    if (bytes.part !== undefined) hash.push(bytes.part);
    const more = bytes.more === undefined ? [] : [bytes.more];
    nodes.push({ kind: 'bytes', text: [bytes.label, bytes.dump, ...more, ...hash].join('\n') });
  }
  return nodes;
}
