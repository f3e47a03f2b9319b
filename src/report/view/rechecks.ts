import { showable } from '../../lib/hostile-text.ts';
import type { Recheck } from '../../model/recheck.ts';
import { textOf } from '../messages/index.ts';
import type { Block } from '../view-model.ts';
import { detailText } from './changes.ts';
import type { Context } from './context.ts';

const SHOWN = 5;

/** What rechecks of a place saw, newest first, and what the newest one means. */
export function recheckBlocks(context: Context, subject: string): Block[] {
  const { m } = context;
  const all = context.rechecks.filter((one) => one.subject === subject).toReversed();
  const [newest] = all;
  if (newest === undefined) return [];
  const items = all.slice(0, SHOWN).map((one) => recheckLine(context, one));
  const more = all.length > SHOWN ? [m.files.recheck.older(all.length - SHOWN)] : [];
  return [
    { kind: 'list', style: 'bullets', items: [...items, ...more] },
    { kind: 'text', text: m.lines([recheckMeaning(context, newest), m.files.recheck.kept]) },
  ];
}

type Texts = Pick<Context, 'm' | 'dates' | 'knowledge' | 'lang' | 'product'>;

/** The fact alone: when, from where, what. */
export function recheckLine(texts: Texts, recheck: Recheck): string {
  const { m, dates } = texts;
  const changed = recheck.details.slice(0, 6).map((detail) => detailText(texts, detail));
  const same = recheck.state === 'open' && changed.length === 0 ? [m.files.recheck.same] : [];
  const fact = m.lines([stateText(texts, recheck), ...changed, ...same]);
  return m.files.recheck.line(dates.moment(recheck.at), showable(recheck.vantage, 60), fact);
}

function stateText({ m }: Texts, { state, reason = 'unexpected' }: Recheck): string {
  if (state !== 'not-looked') return m.files.recheck.states[state];
  const why = reason === 'no-question' ? m.files.recheck.noQuestion : textOf(m.ids.coverageReason, reason);
  return m.files.recheck.notLooked(why);
}

/** The reading of it. */
export function recheckMeaning({ m }: Pick<Texts, 'm'>, { state, subject }: Recheck): string {
  const isSilent = state === 'no-answer' && subject.endsWith('/udp');
  return m.files.recheck.meaning[isSilent ? 'silent' : state];
}
