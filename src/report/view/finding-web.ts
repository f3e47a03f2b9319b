/** Part 1 for web servers: paths of known campaigns that answer, and what makes a web shell likely. */
import { showable } from '../../lib/hostile-text.ts';
import type { Service } from '../../model/service.ts';
import { WEB_RISKS } from '../../model/web.ts';
import { textOf } from '../messages/index.ts';
import type { Block } from '../view-model.ts';
import type { Context } from './context.ts';

const SHOWN_ANSWERS = 8;
const SHOWN_OF_ONE = 3;

/** Stands before everything else that was seen. Empty: the look was not switched on, or nothing stood out. */
export function indicatorBlocks({ m, lang, dates }: Context, { indicators }: Service): Block[] {
  if (indicators === undefined || indicators.answers.length === 0) return [];
  const items = indicators.answers.slice(0, SHOWN_ANSWERS).map((one) =>
    m.lines([
      m.finding.indicator({
        path: showable(one.path, 120),
        status: one.status,
        neighbour: one.control.status,
        campaign: showable(one.campaign[lang], 120),
      }),
      showable(one.about[lang], 400),
      m.finding.indicatorSource({
        publisher: showable(one.source.publisher, 80),
        date: dates.numeric(one.source.date),
        url: showable(one.source.url, 200),
      }),
    ]),
  );
  const rest = indicators.answers.length - items.length;
  return [
    { kind: 'text', text: m.finding.indicatorLead },
    { kind: 'list', style: 'bullets', items },
    ...(rest > 0 ? [{ kind: 'text', text: m.finding.exploitedMore(rest), small: true } as const] : []),
    { kind: 'text', text: m.finding.indicatorNoProof },
  ];
}

/** What the opt-in look came to where nothing stood out, and the facts that make a web shell likely. */
export function webBlocks({ m }: Context, { indicators, webRisks = [] }: Service): Block[] {
  const blocks: Block[] = [];
  if (indicators !== undefined && indicators.answers.length === 0) {
    const skipped = indicators.skipped.map((why) => textOf(m.ids.indicatorSkipped, why));
    blocks.push({
      kind: 'text',
      text: m.lines([m.finding.indicatorsNone(indicators.asked), ...skipped]),
      small: true,
    });
  }
  const items = WEB_RISKS.flatMap((risk) => {
    const seen = webRisks.filter((one) => one.risk === risk).map((one) => showable(one.seen, 100));
    if (seen.length === 0 || risk === 'indicator-path') return [];
    const rest = seen.length - SHOWN_OF_ONE;
    const list = [...seen.slice(0, SHOWN_OF_ONE), ...(rest > 0 ? [`+${rest}`] : [])];
    return [m.withNote(textOf(m.ids.webRisk, risk), list.join(m.listSeparator))];
  });
  if (items.length > 0) {
    blocks.push({ kind: 'text', text: m.finding.webRisksLead }, { kind: 'list', style: 'bullets', items });
  }
  return blocks;
}
