/** The boundary in numbers: each with what it is a part of, none where it is not known, and no score. */
import type { CardView } from '../view-model-card.ts';
import { agesTable } from './card-ages.ts';
import { certificatesTable } from './card-certificates.ts';
import { kindsTable } from './card-kinds.ts';
import { knownUseTable } from './card-known-use.ts';
import { compareTable, movesTable } from './card-moves.ts';
import { sitesTable } from './card-sites.ts';
import type { Context } from './context.ts';
import { ownLook } from './passive.ts';

export function buildCard(context: Context): CardView {
  const { m } = context;
  const passive = ownLook(context) === 'looked' ? [] : [m.card.passive];
  return {
    title: m.card.title,
    lead: m.lines([m.card.lead, ...passive]),
    tables: [
      compareTable(context),
      movesTable(context),
      knownUseTable(context),
      kindsTable(context),
      agesTable(context),
      certificatesTable(context),
      ...sitesTable(context),
    ],
  };
}
