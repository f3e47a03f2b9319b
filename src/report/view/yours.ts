import type { YoursView } from '../view-model-rescue.ts';
import { buildLedger } from './assets.ts';
import { buildCandidates } from './candidates.ts';
import type { Context } from './context.ts';

/** undefined: nothing came up, and no list was given. */
export function buildYours(context: Context): YoursView | undefined {
  const candidates = buildCandidates(context);
  const ledger = buildLedger(context);
  if (candidates === undefined && ledger === undefined) return undefined;
  const { yours } = context.m;
  return { lead: candidates === undefined ? yours.leadLedger : yours.lead, candidates, ledger };
}
