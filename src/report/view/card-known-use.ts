/** Weaknesses known to be used in attacks: how many findings they touch, since when these are open, and what ransomware used. */
import type { Finding } from '../../model/finding.ts';
import type { CardTable } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { idsCell, PRIORITIES, priorityCell } from './card-cells.ts';
import type { Context } from './context.ts';
import { openSinceNotice } from './numbers.ts';

type Weakness = { readonly cve: string; readonly ransomware: boolean };
const GRADES = ['confirmed', 'product-matches', 'passive-only', 'to-confirm'] as const;

export function knownUseTable(context: Context): CardTable {
  const { m, findings } = context;
  const say = m.card.knownUse;
  const touched = findings.filter(({ exploited }) => exploited.length > 0);
  const listed = findings.filter(({ listed: named }) => named !== undefined && named.length > 0);
  const rows = PRIORITIES.flatMap((priority) => {
    const of = touched.filter((one) => one.priority === priority);
    const all = findings.filter((one) => one.priority === priority).length;
    if (of.length === 0) return [];
    const weaknesses = of.flatMap(({ exploited }) => exploited);
    return [
      row(context, priorityCell(context, priority), { of, all, weaknesses, days: longest(context, of) }),
    ];
  });
  const named =
    listed.length === 0
      ? []
      : [
          row(
            context,
            { text: say.listed },
            {
              of: listed,
              all: findings.length,
              weaknesses: listed.flatMap((one) => one.listed ?? []),
              days: undefined,
            },
          ),
        ];
  return {
    id: 'card-known-use',
    title: say.title,
    head: [say.what, say.findings, say.cves, say.ransomware, say.longest, m.card.ids],
    rows: [...rows, ...named],
    notes: [m.lines(notes(context, touched, rows.length + named.length === 0))],
  };
}

function row(
  context: Context,
  name: SheetCell,
  counted: {
    readonly of: readonly Finding[];
    readonly all: number;
    readonly weaknesses: readonly Weakness[];
    readonly days: number | undefined;
  },
): SheetCell[] {
  const { m } = context;
  const { of, all, weaknesses, days } = counted;
  const distinct = (some: readonly Weakness[]): number => new Set(some.map(({ cve }) => cve)).size;
  return [
    name,
    { text: m.card.of(of.length, all) },
    { text: m.number(distinct(weaknesses)) },
    { text: m.number(distinct(weaknesses.filter(({ ransomware }) => ransomware))) },
    { text: days === undefined ? m.unknown : m.card.days(days) },
    idsCell(context, of),
  ];
}

function longest(context: Context, of: readonly Finding[]): number | undefined {
  const { dates, snapshot } = context;
  const days = of.flatMap((finding) => {
    const service = context.service(finding.subject);
    const since = service === undefined ? undefined : openSinceNotice(context, finding, service);
    return since === undefined ? [] : (dates.daysBetween(since, snapshot.endedAt) ?? []);
  });
  return days.length === 0 ? undefined : days.reduce((most, n) => Math.max(most, n));
}

function notes({ m, findings }: Context, touched: readonly Finding[], none: boolean): string[] {
  const say = m.card.knownUse;
  const versionless = findings.filter(({ missing }) => missing.includes('version')).length;
  if (none) return [say.none(findings.length), ...(versionless === 0 ? [] : [say.versionless(versionless)])];
  const grades = GRADES.flatMap((grade) => {
    const count = touched.filter(({ exploited }) => bestGrade(exploited) === grade).length;
    return count === 0 ? [] : [say.grade(say.grades[grade], count)];
  });
  return [...(grades.length === 0 ? [] : [say.certainty(grades.join(m.listSeparator))]), say.ransomwareNote];
}

function bestGrade(exploited: Finding['exploited']): (typeof GRADES)[number] | undefined {
  return GRADES.find((grade) => exploited.some((one) => one.grade === grade));
}
