/** The numbers of section 2 as plain parts. */
import type { Node } from './document-node.ts';
import type { CardView } from './view-model-card.ts';
import type { SheetCell } from './view-model-sections.ts';

export function cardNodes({ title, lead, tables }: CardView, write: (cell: SheetCell) => string): Node[] {
  return [
    { kind: 'heading', level: 3, text: title },
    { kind: 'text', text: lead },
    ...tables.flatMap((table): Node[] => [
      { kind: 'heading', level: 4, text: table.title },
      ...(table.rows.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              head: table.head,
              rows: table.rows.map((row) => row.map(write)),
            },
          ]),
      ...table.notes.map((text): Node => ({ kind: 'text', text })),
    ]),
  ];
}
