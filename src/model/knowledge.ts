/** The shape of what lies under `config/`: strict, because it is our own. Loaded by `knowledge/`, given to the rooms as an argument. */
import { z } from 'zod';
import type { Contact } from './contacts.ts';
import { Priority, TraceMark } from './finding.ts';
import type { Product } from './product.ts';
import { Role, ServiceClass } from './service-class.ts';
import { Texts } from './texts.ts';
import type { Volatility } from './volatility.ts';
import type { IndicatorPath } from './web.ts';

export const ClassInfo = z.strictObject({
  name: Texts,
  /** A few letters for the map and the lists. */
  short: Texts,
  role: Role,
  /** Column of the site × class table. */
  group: z.enum(['vpn', 'remote', 'admin', 'mail', 'web', 'data', 'device', 'other']),
  /** Control of a device or desk: without authentication it is an open door (decision table row 2). */
  control: z.boolean().default(false),
});
export type ClassInfo = z.infer<typeof ClassInfo>;

const OneOrMany = z.union([z.string(), z.boolean(), z.array(z.string())]);

/** First row whose every condition holds decides. */
export const DecisionRow = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Row number in the published table, for people. */
  number: z.number().int(),
  when: z.strictObject({
    class: OneOrMany.optional(),
    role: OneOrMany.optional(),
    reach: OneOrMany.optional(),
    authentication: OneOrMany.optional(),
    'known-use': OneOrMany.optional(),
    'notice-age-days': z
      .strictObject({ 'at-least': z.number().optional(), 'at-most': z.number().optional() })
      .optional(),
    'code-execution': z.boolean().optional(),
    support: OneOrMany.optional(),
    declared: z.boolean().optional(),
    misuse: z.boolean().optional(),
    control: z.boolean().optional(),
    artefact: z.boolean().optional(),
  }),
  priority: Priority,
  trace: TraceMark,
  /** No modifier may lower it. */
  fixed: z.boolean().default(false),
  /** Ids of the modifiers that may move it. Absent: all. */
  modifiers: z.array(z.string()).optional(),
});
export type DecisionRow = z.infer<typeof DecisionRow>;

export const DecisionTable = z.strictObject({
  version: z.string(),
  rows: z.array(DecisionRow).min(1),
  /**
   * Modifiers: each moves the priority by one step; together at most one step. Several may share an id: they say the same.
   * One about `declared` does not touch a row that asks for `declared` itself.
   */
  modifiers: z.array(
    z.strictObject({
      id: z.string(),
      step: z.union([z.literal(1), z.literal(-1)]),
      /** Does not raise above this. */
      'not-above': Priority.optional(),
      when: z.strictObject({
        declared: z.boolean().optional(),
        baseline: z.boolean().optional(),
        reopened: z.boolean().optional(),
        'overseas-or-affiliate': z.boolean().optional(),
        owned: z.boolean().optional(),
        role: OneOrMany.optional(),
        reach: OneOrMany.optional(),
      }),
    }),
  ),
  /** Days after the run to begin and to finish, per priority. */
  deadlines: z.record(
    Priority,
    z.strictObject({ start: z.number().optional(), finish: z.number().optional() }),
  ),
});
export type DecisionTable = z.infer<typeof DecisionTable>;

/** `log-ja`: the log's name for the Japanese report, where `log` is not the name that the system itself shows. */
const LogCheck = z.strictObject({
  log: z.string(),
  'log-ja': z.string().optional(),
  ja: z.string(),
  en: z.string(),
});
/** `step`: number of the row of `record-order` that it belongs to, from 1. */
const Keep = Texts.extend({ step: z.number().int().min(1) });
/**
 * What every device gives up, most volatile first: row R-1 and so on. `how`: how it is taken. `record-first`: only where something is
 * suspected, not where logs are looked through.
 */
const RecordStep = Texts.extend({
  when: z.enum(['now', 'today', 'week']),
  'record-first': z.boolean().default(false),
  how: Texts,
});

export const Advice = z.strictObject({
  name: Texts,
  why: Texts,
  'first-action': z.array(Texts).min(1),
  preserve: z.array(Keep).min(1),
  'log-checks': z.array(LogCheck).min(1),
  'long-term': z.array(Texts).min(1),
  'auth-questions': z.array(Texts).min(1),
});
export type Advice = z.infer<typeof Advice>;

export const CommonAdvice = z.strictObject({
  order: z.array(Texts),
  'record-order': z.array(RecordStep),
  'restart-rule': Texts,
  'visible-incident': Texts,
  'who-to-call': Texts,
  'windows-baseline': z.array(LogCheck),
});
export type CommonAdvice = z.infer<typeof CommonAdvice>;

/** An entry of CISA's list of known-exploited vulnerabilities. */
export interface ListedCve {
  readonly cve: string;
  /** ISO date. */
  readonly added: string;
  /** Known to be used in ransomware campaigns. */
  readonly ransomware: boolean;
  /** As the list writes them. */
  readonly vendor: string;
  readonly product: string;
}

export interface Knowledge {
  /** Digest over all files: "2026.11.3-1a2b3c4d". */
  readonly version: string;
  /** Date of the newest advisory data in the files, or of the newer list that was merged into them; ISO. */
  readonly advisoryData: string;
  /** The newer list; absent while the files stand as they were shipped. */
  readonly advisoryList?: {
    readonly catalogVersion: string;
    /** ISO-8601 UTC */
    readonly released: string;
    readonly sha256: string;
    readonly entries: number;
  };
  /** By CVE: what the newer list has and no product file knows, so nothing is known of affected releases. */
  readonly listedElsewhere?: ReadonlyMap<string, ListedCve>;
  readonly products: ReadonlyMap<string, Product>;
  readonly classes: Readonly<Record<ServiceClass, ClassInfo>>;
  readonly decisions: DecisionTable;
  readonly advice: ReadonlyMap<ServiceClass, Advice>;
  readonly commonAdvice: CommonAdvice;
  /** Paths of known campaigns, for the opt-in look. Absent: none known. */
  readonly indicatorPaths?: readonly IndicatorPath[];
  /** Desks to consult, in the order of the file. Absent: none known. */
  readonly contacts?: readonly Contact[];
  /** How fast traces vanish. Absent: not known. */
  readonly volatility?: Volatility;
  /** Port profile name → TCP ports. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
  /** Id → a product that has no file yet because nobody has published what it answers; `sekisho learn` knows it by name. */
  readonly wanted: Readonly<
    Record<string, { readonly vendor: string; readonly name: string; readonly class: ServiceClass }>
  >;
}
