/**
 * The findings as SARIF 2.1.0, for ticket systems and code hosts that show them. A rule is a row of the decision table; a result is a
 * finding, told apart across runs by its key. Rules are explained in both languages, results in that of the report.
 */
import { parseAddress } from '../lib/address.ts';
import { escapeUnseen, showable } from '../lib/hostile-text.ts';
import type { Finding, Priority } from '../model/finding.ts';
import type { Service } from '../model/service.ts';
import type { Change, ExpectedState, Snapshot } from '../model/snapshot.ts';
import { messagesFor, textOf, type Messages } from './messages/index.ts';
import type { ListRow, ListView } from './view-model-list.ts';
import type { ReportView } from './view-model.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Readonly<Record<Priority, string>> = { P1: 'error', P2: 'warning', P3: 'note', P4: 'note' };
/** Only a fault has a level; what lacks facts is open, and what is in order is told for information. */
const KINDS: Readonly<Record<Finding['verdict'], string>> = {
  found: 'fail',
  unknown: 'open',
  clear: 'informational',
};
/** As code hosts sort: 9 and more is critical, 7 high, 4 medium. */
const SEVERITY: Readonly<Record<Priority, string>> = { P1: '9.5', P2: '7.5', P3: '5.0', P4: '1.0' };

/** One run as a SARIF log; ends with a line feed. */
export function renderSarif(view: ReportView): string {
  const { snapshot, list } = view;
  const changed = new Map<string, Change[]>();
  for (const change of snapshot.changes)
    changed.set(change.key, [...(changed.get(change.key) ?? []), change]);
  const declared = new Map(snapshot.expected.map((one) => [one.key, one]));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driver(list, snapshot) },
        language: view.lang,
        automationDetails: {
          id: ['sekisho', snapshot.organisation.id, snapshot.vantage, snapshot.runId]
            .map((part) => showable(part, 80).replaceAll('/', ' '))
            .join('/'),
        },
        invocations: [invocation(view)],
        columnKind: 'utf16CodeUnits',
        results: [
          ...list.rows.flatMap((row) =>
            row.finding === undefined ? [] : [result(row, row.finding, { view, changed, declared })],
          ),
          ...snapshot.changes.filter(({ kind }) => kind === 'closed').map((one) => absent(one, view)),
        ],
      },
    ],
  };
  return `${escapeUnseen(JSON.stringify(log, undefined, 2))}\n`;
}

function driver({ rules }: ListView, { tool }: Snapshot): object {
  const [en, ja] = [messagesFor('en'), messagesFor('ja')];
  return {
    name: 'sekisho',
    version: showable(tool.version, 40),
    language: 'en',
    properties: {
      knowledge: showable(tool.knowledge, 60),
      advisoryData: showable(tool.advisoryData, 40),
    },
    rules: rules.map(({ id, number, priority, trace }) => ({
      id,
      shortDescription: { text: textOf(en.ids.row, id) },
      fullDescription: { text: ruleText(en, { id, number, priority }) },
      help: {
        text: [
          ruleText(en, { id, number, priority }),
          ...notes(en),
          ruleText(ja, { id, number, priority }),
        ].join('\n'),
      },
      messageStrings: {
        en: { text: textOf(en.ids.row, id) },
        ja: { text: textOf(ja.ids.row, id) },
      },
      defaultConfiguration: { level: LEVELS[priority] },
      properties: {
        tags: ['security', 'boundary'],
        'security-severity': SEVERITY[priority],
        priority,
        trace,
        row: number,
      },
    })),
  };
}

function ruleText(
  m: Messages,
  { id, number, priority }: { id: string; number: number; priority: Priority },
): string {
  return `${m.finding.row(number, textOf(m.ids.row, id))}${m.clauseSeparator}${m.ids.priority[priority]}${m.stop}`;
}

function notes(m: Messages): string[] {
  return [m.today.notClean, m.limits.lead];
}

/** What was not looked at is told: an empty list of results must not read as "nothing there". */
function invocation({ snapshot, limits, lang }: ReportView): object {
  const gaps = limits.sources.filter(({ notLooked }) => notLooked.length > 0);
  return {
    executionSuccessful: snapshot.complete,
    startTimeUtc: snapshot.startedAt,
    endTimeUtc: snapshot.endedAt,
    toolExecutionNotifications: [
      ...(limits.zero === undefined ? [] : [{ level: 'warning', message: { text: limits.zero } }]),
      ...gaps.map(({ name, state, notLooked }) => ({
        level: 'warning',
        message: { text: [name, state, ...notLooked].join(' / ') },
      })),
      { level: 'note', message: { text: messagesFor(lang).limits.lead } },
    ],
  };
}

interface Known {
  readonly view: ReportView;
  readonly changed: ReadonlyMap<string, readonly Change[]>;
  readonly declared: ReadonlyMap<string, ExpectedState>;
}

function result(row: ListRow, finding: Finding, { view, changed, declared }: Known): object {
  const { snapshot, list } = view;
  const m = messagesFor(view.lang);
  const kind = KINDS[finding.verdict];
  const index = list.rules.findIndex(({ id }) => id === finding.row);
  return {
    ruleId: showable(finding.row, 80),
    ...(index < 0 ? {} : { ruleIndex: index }),
    kind,
    level: kind === 'fail' ? LEVELS[finding.priority] : 'none',
    message: { text: m.lines([`${row.id} ${row.headline}${m.stop}`, `${row.ground}${m.stop}`]) },
    locations: [location(row.service)],
    partialFingerprints: { 'findingKey/v1': finding.key },
    ...(snapshot.previousRun === undefined ? {} : baselineState(changed.get(finding.key) ?? [])),
    ...suppressions(declared.get(finding.subject), finding.priority),
    properties: {
      id: row.id,
      priority: finding.priority,
      trace: finding.trace,
      certainty: finding.certainty,
      verdict: finding.verdict,
      reach: finding.inputs.reach,
      knownUse: finding.inputs.knownUse,
      'security-severity': SEVERITY[finding.priority],
      site: row.site,
      class: finding.inputs.class,
      ...(finding.productId === undefined ? {} : { product: showable(finding.productId, 80) }),
      cves: row.cves,
      missing: finding.missing,
      firstSeen: finding.firstSeen,
      lastSeen: finding.lastSeen,
      beginBy: row.begin,
      finishBy: row.finish,
    },
  };
}

function location(service: Pick<Service, 'address' | 'port' | 'transport' | 'key'>): object {
  const logicalLocations = [
    { name: showable(service.key, 80), fullyQualifiedName: showable(service.key, 80), kind: 'resource' },
  ];
  if (parseAddress(service.address) === undefined) return { logicalLocations };
  const host = service.address.includes(':') ? `[${service.address}]` : service.address;
  const scheme = service.transport === 'unknown' ? 'ip' : service.transport;
  return {
    physicalLocation: { artifactLocation: { uri: `${scheme}://${host}:${service.port}` } },
    logicalLocations,
  };
}

const IS_NEW: readonly Change['kind'][] = ['new', 're-opened'];
const IS_UPDATED: readonly Change['kind'][] = ['changed', 'raised', 'lowered', 'content-changed'];

/** All results of a run have one, or none has: without an earlier run there is nothing to compare with. */
function baselineState(changes: readonly Change[]): object {
  if (changes.some(({ kind }) => IS_NEW.includes(kind))) return { baselineState: 'new' };
  return { baselineState: changes.some(({ kind }) => IS_UPDATED.includes(kind)) ? 'updated' : 'unchanged' };
}

/** Closed, confirmed, since the run before: the only thing that may be called gone. */
function absent(change: Change, view: ReportView): object {
  const m = messagesFor(view.lang);
  const entry = view.snapshot.register.find(({ key }) => key === change.key);
  return {
    ruleId: 'closed',
    kind: 'informational',
    level: 'none',
    message: {
      text: m.lines([
        `${showable(change.spokenId, 20)} ${showable(change.subject, 80)}${m.stop}`,
        m.changes.closed,
      ]),
    },
    locations: [
      { logicalLocations: [{ fullyQualifiedName: showable(change.subject, 80), kind: 'resource' }] },
    ],
    partialFingerprints: { 'findingKey/v1': change.key },
    baselineState: 'absent',
    properties: {
      priority: change.priority,
      firstSeen: change.firstSeen,
      ...(entry?.closedAt === undefined ? {} : { closedAt: entry.closedAt }),
    },
  };
}

/** A declaration takes a finding out of sight only where nothing is urgent. */
function suppressions(declared: ExpectedState | undefined, priority: Priority): object {
  if (declared === undefined) return {};
  return {
    suppressions: [
      {
        kind: 'external',
        status: statusOf(declared, priority),
        justification: showable(`${declared.reason} (${declared.owner}, ${declared.until})`, 300),
      },
    ],
  };
}

function statusOf({ state }: ExpectedState, priority: Priority): string {
  if (state === 'expired') return 'rejected';
  const isUrgent = priority === 'P1' || priority === 'P2';
  return state === 'as-declared' && !isUrgent ? 'accepted' : 'underReview';
}
