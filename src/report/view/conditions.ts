/** Conditions of the decision table in words, read from the table itself: what is printed is what decides. */
import type { Inputs } from '../../model/finding.ts';
import type { DecisionTable } from '../../model/knowledge.ts';
import { ServiceClass } from '../../model/service-class.ts';
import { textOf } from '../messages/index.ts';
import { shortName, type Context } from './context.ts';

type When = DecisionTable['rows'][number]['when'] & DecisionTable['modifiers'][number]['when'];
type Listed = boolean | string | readonly string[] | undefined;

/** Reaches of a place that somebody got to, or that nobody has looked at since it was recorded. */
const SEEN: readonly Inputs['reach'][] = ['everyone', 'some', 'unknown'];

/** Yes-or-no inputs, in the order in which they are printed. */
const FLAGS = [
  'misuse',
  'control',
  'artefact',
  'declared',
  'baseline',
  'code-execution',
  'reopened',
  'overseas-or-affiliate',
  'owned',
] as const;

/** One line for each condition; all of them must hold. */
export function conditionLines(context: Context, when: When): string[] {
  const { m } = context;
  const { ids } = m;
  const say = m.method.conditions;
  const named = (label: string, given: Listed, name: (id: string) => string): string[] => {
    const list = listOf(given);
    return list.length === 0 ? [] : [m.label(label, list.map(name).join(m.listSeparator))];
  };
  const age = when['notice-age-days'];
  const lines = [
    ...FLAGS.flatMap((flag) => {
      const value = when[flag];
      return value === undefined ? [] : [value ? say.yes[flag] : say.no[flag]];
    }),
    ...named(say.class, when.class, (id) => className(context, id)),
    ...named(say.role, when.role, (id) => textOf(ids.role, id)),
    ...named(say.authentication, when.authentication, (id) => textOf(ids.authentication, id)),
    ...named(say.knownUse, when['known-use'], (id) => textOf(say.knownUseNames, id)),
    ...(age?.['at-most'] === undefined ? [] : [say.noticeWithin(age['at-most'])]),
    ...(age?.['at-least'] === undefined ? [] : [say.noticeSince(age['at-least'])]),
    ...named(say.support, when.support, (id) => textOf(ids.support, id)),
    ...(isSeen(when.reach)
      ? [m.label(say.reach, say.reachSeen)]
      : named(say.reach, when.reach, (id) => textOf(say.reachNames, id))),
  ];
  return lines.length === 0 ? [say.none] : lines;
}

function listOf(given: Listed): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'object' ? given : [`${given}`];
}

function isSeen(reach: Listed): boolean {
  const list = listOf(reach);
  return list.length === SEEN.length && SEEN.every((one) => list.includes(one));
}

function className(context: Context, id: string): string {
  const known = ServiceClass.safeParse(id);
  return known.success ? shortName(context, known.data) : id;
}
