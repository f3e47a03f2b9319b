/** What only the management can decide: stop, pay, consult. Each with its findings, who decides as far as is known, and a day. */
import { showable } from '../../lib/hostile-text.ts';
import type { FindingAnswer } from '../../model/answers.ts';
import type { Finding, Priority } from '../../model/finding.ts';
import { cutColumns } from '../columns.ts';
import type { DecisionView } from '../view-model-pages.ts';
import { findingId, type Context } from './context.ts';
import { dueDays, idList } from './sheet-head.ts';

const IDS = 3;
const WHO = 26;

/** What asks for work: a fault that was found, more than to know about. */
export function isWork({ priority, verdict }: Finding): boolean {
  return priority !== 'P4' && verdict === 'found';
}

type Write = (count: number, ids: string) => string;

export function buildDecisions(context: Context): DecisionView[] {
  const work = context.findings.filter(isWork);
  const { open, agreed } = stopDecisions(context, work);
  return [...consultDecisions(context, work), ...open, ...payDecisions(context, work), ...agreed];
}

function answerOf({ answers }: Context, finding: Finding): FindingAnswer | undefined {
  const { findings = {} } = answers;
  const id = findingId(finding);
  return Object.hasOwn(findings, id) ? findings[id] : undefined;
}

/** One row: nothing when no finding asks for it. The most urgent finding sets the day. */
function decision(
  context: Context,
  { kind, due, sub = '' }: { readonly kind: string; readonly due: 'begin' | 'finish'; readonly sub?: string },
  findings: readonly Finding[],
  write: Write,
): DecisionView[] {
  const [first] = findings;
  if (first === undefined) return [];
  const by = dueDays(context, first.priority)[due] ?? context.m.today.noDate;
  return [{ kind, text: write(findings.length, idList(context, findings, IDS)), sub, by }];
}

/** Signs of misuse, and doors where traces are likely. */
function consultDecisions(context: Context, work: readonly Finding[]): DecisionView[] {
  const say = context.m.pages.director;
  const concerned = work.filter(({ inputs, trace }) => inputs.misuse || trace === 'T2');
  const mayTell = context.answers.management?.['may-tell'] === 'yes';
  return decision(
    context,
    { kind: say.kinds.consult, due: 'begin' },
    concerned,
    mayTell ? say.consultTold : say.consult,
  );
}

/** Doors to act on at once, apart by what the owner has answered. A door with signs of misuse is not simply stopped. */
function stopDecisions(
  context: Context,
  work: readonly Finding[],
): { readonly open: DecisionView[]; readonly agreed: DecisionView[] } {
  const say = context.m.pages.director;
  const doors = work.filter(
    ({ inputs, priority }) => priority === 'P1' && !inputs.misuse && inputs.role !== 'other',
  );
  const answered = (wanted: readonly (string | undefined)[]): Finding[] =>
    doors.filter((finding) => wanted.includes(answerOf(context, finding)?.['may-close']));
  const open = answered([undefined, 'unknown']);
  const row = (findings: readonly Finding[], write: Write, sub: string): DecisionView[] =>
    decision(context, { kind: say.kinds.stop, due: 'begin', sub }, findings, write);
  const refused = answered(['no']);
  return {
    open: [
      ...row(open, say.stop, whoDecides(context, open)),
      ...row(refused, say.stopRefused, open.length > 0 ? '' : whoDecides(context, refused)),
    ],
    // Decided already: what is left is to have it done.
    agreed: row(answered(['yes']), say.stopAgreed, ''),
  };
}

function whoDecides(context: Context, findings: readonly Finding[]): string {
  const { m, answers } = context;
  const say = m.pages.director;
  const named = findings.flatMap((finding) => answerOf(context, finding)?.['closing-decided-by'] ?? []);
  const who = [
    ...new Set([
      ...named,
      ...(answers.management?.decides === undefined ? [] : [answers.management.decides]),
    ]),
  ];
  const mayStop = answers.management?.['may-stop'];
  const cut = (text: string): string => cutColumns(showable(text, 120), WHO);
  return m.lines([
    `${who.length === 0 ? say.decidesUnknown : say.decides(cut(who.join(m.listSeparator)))}${m.stop}`,
    ...(mayStop === undefined ? [] : [`${say.mayStop(cut(mayStop))}${m.stop}`]),
  ]);
}

function payDecisions(context: Context, work: readonly Finding[]): DecisionView[] {
  const say = context.m.pages.director;
  const replace = work.filter(({ inputs }) => inputs.support === 'ended');
  const mend = work.filter(
    ({ inputs }) =>
      inputs.support !== 'ended' &&
      (inputs.knownUse === 'confirmed' || inputs.knownUse === 'product-matches'),
  );
  const factor = work.filter(
    ({ inputs, priority }) =>
      inputs.authentication === 'password' &&
      inputs.role !== 'other' &&
      !isSoonStopped(inputs.declared, priority),
  );
  const row = (findings: readonly Finding[], write: Write): DecisionView[] =>
    decision(context, { kind: say.kinds.pay, due: 'finish' }, findings, write);
  return [...row(replace, say.replace), ...row(mend, say.mend), ...row(factor, say.factor)];
}

/** Nobody pays for a better lock on a door that nobody declared and that is to be shut today. */
function isSoonStopped(declared: boolean, priority: Priority): boolean {
  return priority === 'P1' && !declared;
}
