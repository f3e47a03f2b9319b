/** Dates around a door that stand in the data: notices, reports, what the owner has told. Nothing is guessed. */
import { showable } from '../../../lib/hostile-text.ts';
import type { Finding } from '../../../model/finding.ts';
import { answerOf } from '../answered.ts';
import type { Context } from '../context.ts';
import { momentMs } from './axis.ts';

/** In the order of their weight: the first stand when there is no room for all. */
export const LETTERS = ['opened', 'kev', 'jpcert', 'vendor', 'report', 'ended'] as const;
export type Letter = (typeof LETTERS)[number];

export interface Notice {
  readonly what: Letter;
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** The date as it is known: a day or a month. */
  readonly day: string;
  /** CVE or publisher; may be empty. */
  readonly about: string;
}

/** Oldest first, each once. */
export function noticesOf(context: Context, finding: Finding | undefined): Notice[] {
  if (finding === undefined) return [];
  const product = context.product(finding.productId);
  const found = [
    ...finding.exploited.flatMap(({ cve, kevAdded, usedBy = [] }) => [
      ...(kevAdded === undefined ? [] : [told('kev', kevAdded, cve)]),
      ...usedBy.map(({ date, source }) => told('report', date, `${cve} ${source}`)),
    ]),
    ...(finding.guides ?? []).flatMap(({ publisher, date }) => {
      if (date === undefined) return [];
      if (/JPCERT/i.test(publisher)) return [told('jpcert', date, '')];
      return isVendor(publisher, product?.vendor) ? [told('vendor', date, publisher)] : [];
    }),
    ...(finding.inputs.support === 'ended'
      ? (product?.['end-of-support'] ?? [])
          .filter(({ all }) => all === true)
          .map(({ date }) => told('ended', date, ''))
      : []),
    ...opened(context, finding),
  ];
  const dated = found.flatMap((one) => {
    const ms = momentMs(one.day, context.snapshot.timezone);
    return ms === undefined ? [] : [{ ...one, ms }];
  });
  const distinct = new Map(dated.map((one) => [`${one.what} ${one.day} ${one.about}`, one]));
  return [...distinct.values()].toSorted(
    (a, b) => a.ms - b.ms || LETTERS.indexOf(a.what) - LETTERS.indexOf(b.what),
  );
}

function told(what: Letter, day: string, about: string): Omit<Notice, 'ms'> {
  return { what, day: showable(day, 10), about: showable(about, 60) };
}

function isVendor(publisher: string, vendor: string | undefined): boolean {
  return vendor !== undefined && vendor !== '' && publisher.toLowerCase().startsWith(vendor.toLowerCase());
}

function opened(context: Context, finding: Finding): Omit<Notice, 'ms'>[] {
  const day = answerOf(context, finding)['opened-on'];
  return day === undefined ? [] : [told('opened', day, '')];
}

/** "listed as used in attacks (KEV) 2026-11-18 (CVE-2026-99999)" */
export function noticeText({ m }: Context, { what, day, about }: Notice): string {
  const text = m.plots.lifelines.tick(m.plots.lifelines.letters[what].text, day);
  return about === '' ? text : m.withNote(text, about);
}
