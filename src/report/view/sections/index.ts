import type { SectionView } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';
import { buildAsk } from './ask.ts';
import { buildAuthentication } from './authentication.ts';
import { buildDesk } from './desk.ts';
import { buildGlossary } from './glossary.ts';
import { buildMethod } from './method.ts';
import { buildNormal } from './normal.ts';
import { buildPreserve } from './preserve.ts';
import { buildShare } from './share.ts';
import { buildSigns } from './signs.ts';
import { buildSites } from './sites.ts';
import { buildTimeline } from './timeline.ts';

/** In the order of their numbers. A section gives nothing when this run has nothing for it. */
const SECTIONS = [
  buildTimeline,
  buildPreserve,
  buildAsk,
  buildAuthentication,
  buildNormal,
  buildSites,
  buildSigns,
  buildDesk,
  buildShare,
  buildGlossary,
  buildMethod,
] as const;

export function buildSections(context: Context): SectionView[] {
  return SECTIONS.flatMap((build) => build(context) ?? []);
}
