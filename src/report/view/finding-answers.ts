/** What the owner has told about one finding, under the part of it that asks for it. */
import type { Finding } from '../../model/finding.ts';
import type { Block } from '../view-model.ts';
import { answerOf, answerText, toldMark, yesNoText } from './answered.ts';
import type { Context } from './context.ts';

/** @param part 9 whom to ask · 10 since when · 11 how to verify and undo. Other parts have none. */
export function answerBlocks(context: Context, finding: Finding, part: number | undefined): Block[] {
  const { m, dates } = context;
  const say = m.owner.answer;
  const told = answerOf(context, finding);
  const pair = (term: string, text: string | undefined): { term: string; text: string }[] =>
    text === undefined ? [] : [{ term, text: answerText(text) }];
  const parts: Readonly<Record<number, () => { term: string; text: string }[]>> = {
    9: () => [
      ...pair(say.owner, told.owner),
      ...pair(say.patchedBy, told['patched-by']),
      ...pair(say.version, told.version),
      ...pair(say.note, told.note),
    ],
    10: () => [
      ...pair(say.openedOn, told['opened-on'] === undefined ? undefined : dates.full(told['opened-on'])),
      ...pair(say.openedBy, told['opened-by']),
      ...pair(say.purpose, told.purpose),
      ...pair(say.ticket, told.ticket),
    ],
    11: () => [
      ...pair(
        say.mayClose,
        told['may-close'] === undefined ? undefined : yesNoText(context, told['may-close']),
      ),
      ...pair(say.decides, told['closing-decided-by']),
    ],
  };
  const items = part === undefined ? [] : (parts[part]?.() ?? []);
  return items.length === 0
    ? []
    : [
        { kind: 'text', text: say.lead(toldMark(context)) },
        { kind: 'pairs', items },
      ];
}
