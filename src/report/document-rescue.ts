/** The parts of the plain forms for who may send nothing, and for what only the owner can tell. */
import type { Node } from './document-node.ts';
import type { Messages } from './messages/index.ts';
import type { CandidateRow, LedgerView, PassiveView, YoursView } from './view-model-rescue.ts';

/** Right under the title. */
export function passiveNodes(passive: PassiveView | undefined): Node[] {
  if (passive === undefined) return [];
  return [
    { kind: 'text', text: passive.title },
    ...passive.lines.map((text): Node => ({ kind: 'text', text })),
    { kind: 'text', text: passive.cannotTitle },
    { kind: 'list', style: 'bullets', items: passive.cannot },
  ];
}

/** Who reads one section reads it there. */
export function withNotes(nodes: readonly Node[], passive: PassiveView | undefined): Node[] {
  if (passive === undefined) return [...nodes];
  const note: Node = { kind: 'text', text: passive.note };
  return nodes.flatMap((node) => (node.kind === 'heading' && node.level === 2 ? [node, note] : [node]));
}

/** Under the heading of section 11. */
export function yoursNodes(yours: YoursView | undefined, m: Messages): Node[] {
  if (yours === undefined) return [];
  const { candidates, ledger } = yours;
  const rows = candidates?.rows ?? [];
  const providers = candidates?.providers;
  return [
    { kind: 'heading', level: 3, text: m.yours.title },
    { kind: 'text', text: yours.lead },
    ...(rows.length === 0 ? [] : [candidateTable(rows, m)]),
    ...(candidates?.notes ?? []).map((text): Node => ({ kind: 'text', text })),
    ...(providers === undefined
      ? []
      : [
          { kind: 'heading' as const, level: 4 as const, text: m.yours.providersTitle },
          { kind: 'text' as const, text: providers.note },
          { kind: 'text' as const, text: providers.names },
        ]),
    ...(ledger === undefined ? [] : ledgerNodes(ledger, m)),
  ];
}

function candidateTable(rows: readonly CandidateRow[], m: Messages): Node {
  const { yours } = m;
  return {
    kind: 'table',
    head: [yours.value, yours.how, yours.date, yours.shows, yours.answer],
    rows: rows.map(({ value, found, date, shows }) => [
      value,
      m.lines(found),
      date,
      shows.length === 0 ? m.dash : shows.join(m.listSeparator),
      `□ ${yours.yes}  □ ${yours.no}  ${yours.ask} __________`,
    ]),
  };
}

function ledgerNodes({ lead, unlisted, unseen }: LedgerView, m: Messages): Node[] {
  return [
    { kind: 'heading', level: 4, text: m.ledger.title },
    { kind: 'text', text: lead },
    ...(unlisted === undefined ? [] : listNodes(unlisted.text, unlisted.items, 'boxes')),
    ...(unseen === undefined ? [] : listNodes(unseen.text, unseen.items, 'bullets')),
  ];
}

function listNodes(text: string, items: readonly string[], style: 'boxes' | 'bullets'): Node[] {
  return [{ kind: 'text', text }, ...(items.length === 0 ? [] : [{ kind: 'list' as const, style, items }])];
}
