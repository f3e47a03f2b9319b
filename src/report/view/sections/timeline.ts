import type { SectionView } from '../../view-model-sections.ts';
import type { Block } from '../../view-model.ts';
import { joined, type Context } from '../context.ts';
import { buildDaysOpen } from '../plots/days-open.ts';
import { buildLifelines, unansweredLogs } from '../plots/lifelines.ts';
import { buildReach } from '../plots/reach.ts';
import { hypothesisBlocks } from './hypotheses.ts';

const IDS_SAID = 12;

/** Section 6. Undefined: nothing to say. */
export function buildTimeline(context: Context): SectionView | undefined {
  const { timeline: say } = context.m;
  const blocks: Block[] = [
    ...hypothesisBlocks(context),
    ...lifelineBlocks(context),
    ...[buildDaysOpen(context), buildReach(context)].flatMap((plot): Block[] =>
      plot === undefined ? [] : [{ kind: 'plot', plot }],
    ),
  ];
  return blocks.length === 0 ? undefined : { number: '6', title: say.title, lead: say.lead, blocks };
}

function lifelineBlocks(context: Context): Block[] {
  const { timeline: say } = context.m;
  const plot = buildLifelines(context);
  if (plot === undefined) return [];
  return [
    { kind: 'plot', plot },
    { kind: 'heading', text: say.readTitle },
    { kind: 'list', style: 'bullets', items: say.read },
    ...fillBlocks(context),
  ];
}

/** How to bring the logs into the picture: they cannot be seen from outside. */
function fillBlocks(context: Context): Block[] {
  const { timeline: say } = context.m;
  const ids = unansweredLogs(context);
  const [first] = ids;
  if (first === undefined) return [];
  return [
    { kind: 'heading', text: say.fillTitle },
    { kind: 'text', text: say.fill(joined(context, ids, IDS_SAID)) },
    { kind: 'command', text: say.example(first) },
    { kind: 'text', text: say.fillNow },
  ];
}
