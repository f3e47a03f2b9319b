/**
 * What only the owner can tell: written by hand into `answers.yaml`, beside a run or for all runs of an organisation. Every key may be
 * left out, and what is left out stays "not answered": it is never read as a no.
 */
import { z } from 'zod';

const Text = z.string().trim().min(1).max(2000);
const Day = z.iso.date();
/** `unknown` is an answer as well: somebody was asked and does not know. */
const YesNo = z.enum(['yes', 'no', 'unknown']);
export type YesNo = z.infer<typeof YesNo>;

/** Which log of a device is left: a number of days that it holds, or its oldest entry. */
const Logs = z.strictObject({
  days: z.number().int().min(0).max(36_500).optional(),
  /** Oldest entry, in the organisation's own calendar. */
  oldest: Day.optional(),
  /** Also sent to another machine. */
  'off-box': YesNo.optional(),
  where: Text.optional(),
});
export type AnsweredLogs = z.infer<typeof Logs>;

/** Columns of the control matrix, in their order. */
export const CONTROLS = [
  'update',
  'second-factor',
  'source-limit',
  'off-box-logs',
  'integrity-check',
  'edr',
] as const;
export type Control = (typeof CONTROLS)[number];

export const FindingAnswer = z.strictObject({
  /** What the door is for. */
  purpose: Text.optional(),
  'opened-by': Text.optional(),
  'opened-on': Day.optional(),
  owner: Text.optional(),
  /** Who updates it by contract, and where that is written. */
  'patched-by': Text.optional(),
  /** Exact release, as read on the device. */
  version: Text.optional(),
  'may-close': YesNo.optional(),
  /** Who decides on that. */
  'closing-decided-by': Text.optional(),
  logs: Logs.optional(),
  controls: z.partialRecord(z.enum(CONTROLS), YesNo).optional(),
  /** Who may log in: persons, organisations, source addresses, accounts. */
  persons: Text.optional(),
  organisations: Text.optional(),
  sources: Text.optional(),
  accounts: Text.optional(),
  /** What is behind the door. */
  behind: Text.optional(),
  ticket: Text.optional(),
  note: Text.optional(),
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

export const SiteAnswer = z.strictObject({
  line: Text.optional(),
  provider: Text.optional(),
  'local-contact': Text.optional(),
  behind: Text.optional(),
  /** What normally goes out from here, and what is normal: hours, volumes, destinations. */
  outbound: Text.optional(),
  normal: Text.optional(),
  logs: Logs.optional(),
  note: Text.optional(),
});
export type SiteAnswer = z.infer<typeof SiteAnswer>;

/** "B-07": the numbers that answers can be given for. */
export const SPOKEN_ID = /^[A-Z]-\d{2,}$/;

export const Answers = z.strictObject({
  answered: z.strictObject({ by: Text.optional(), on: Day.optional() }).optional(),
  /** By spoken id: "B-07". */
  findings: z
    .record(
      z.string().regex(SPOKEN_ID, 'write the number of a finding as the report prints it, like "B-07"'),
      FindingAnswer,
    )
    .optional(),
  /** By id of the organisation file. */
  sites: z.record(z.string(), SiteAnswer).optional(),
  /** Desks and firms that have been told. */
  told: z.array(z.strictObject({ who: Text, on: Day.optional(), what: Text.optional() })).optional(),
  /** Who has touched what since. */
  touched: z.array(z.strictObject({ who: Text, on: Text.optional(), what: Text })).optional(),
  /** Management: what may be stopped, who decides, may outsiders be told. */
  management: z
    .strictObject({ 'may-stop': Text.optional(), decides: Text.optional(), 'may-tell': YesNo.optional() })
    .optional(),
});
export type Answers = z.infer<typeof Answers>;

/** Ids in the answers that a run does not have: of an older run, of a finding that is closed, or mistyped. In the order of the file. */
export function unknownIds(
  { findings = {}, sites = {} }: Answers,
  run: {
    readonly findings: readonly { readonly spokenId: string }[];
    readonly sites: readonly { readonly id: string }[];
  },
): { readonly findings: readonly string[]; readonly sites: readonly string[] } {
  const spoken = new Set(run.findings.map(({ spokenId }) => spokenId));
  const places = new Set(run.sites.map(({ id }) => id));
  return {
    findings: Object.keys(findings).filter((id) => !spoken.has(id)),
    sites: Object.keys(sites).filter((id) => !places.has(id)),
  };
}
