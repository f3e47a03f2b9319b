import { sha256Hex } from '../lib/hash.ts';
import { earliest, latest } from '../lib/time.ts';
import type { Finding, Inputs, MissingInput } from '../model/finding.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Scope } from '../model/scope.ts';
import type { Service } from '../model/service.ts';
import type { Elsewhere, RegisterEntry, SourceCoverage } from '../model/snapshot.ts';
import { certaintyOf } from './certainty.ts';
import { guidesOf, listedOf } from './known.ts';
import { type InputContext, inputsOf } from './inputs.ts';
import { decisiveFacts, unknownFacts } from './missing.ts';
import { createReach } from './reach.ts';
import { decide, type Decision } from './table.ts';

/** The one rule there is so far: a service that can be reached is judged. */
export const EXPOSED_SERVICE = 'exposed-service';

export interface AssessInput {
  readonly services: readonly Service[];
  readonly scope: Scope;
  readonly knowledge: Pick<Knowledge, 'products' | 'classes' | 'decisions' | 'listedElsewhere'>;
  /** ISO-8601 UTC: the moment as of which is judged (notices age, declarations run out). */
  readonly now: string;
  /** What earlier runs have seen, to know what is open again. */
  readonly register: readonly RegisterEntry[];
  readonly coverage: readonly SourceCoverage[];
  /** What other vantage points reached on the same day. */
  readonly elsewhere?: readonly Elsewhere[];
}

/** Services → findings, one each, in the order of the services. A pure function. */
export function assess({
  services,
  scope,
  knowledge,
  now,
  register,
  coverage,
  elsewhere,
}: AssessInput): Finding[] {
  const entries = new Map(register.map((entry) => [entry.key, entry]));
  const context: InputContext = { scope, knowledge, reachOf: createReach(coverage, elsewhere), now };
  return services.map((service) => {
    const key = findingKey(service.key);
    return toFinding(service, { key, entry: entries.get(key), knowledge, context });
  });
}

/** Stable name of the finding about a service: 16 hex digits. Carries nothing that may change from run to run. */
export function findingKey(serviceKey: string): string {
  return sha256Hex(`exposure\n${serviceKey}`).slice(0, 16);
}

interface Judging {
  readonly key: string;
  readonly entry: RegisterEntry | undefined;
  readonly knowledge: AssessInput['knowledge'];
  readonly context: InputContext;
}

function toFinding(service: Service, { key, entry, knowledge, context }: Judging): Finding {
  const { inputs, knownUse, product } = inputsOf(service, entry, context);
  const judge = (one: Inputs): Decision =>
    decide(one, knowledge.classes[one.class].control, knowledge.decisions);
  const decision = judge(inputs);
  return {
    key,
    spokenId: '',
    rule: EXPOSED_SERVICE,
    subject: service.key,
    ...(service.siteId === undefined ? {} : { siteId: service.siteId }),
    row: decision.row.id,
    modifiers: [...decision.modifiers],
    priority: decision.priority,
    trace: decision.trace,
    certainty: certaintyOf(service, inputs, decision, product),
    ...verdictOf(unknownFacts(service, inputs, product), inputs, decision, judge),
    inputs,
    exploited: [...knownUse.exploited],
    ...listedOf(service, knowledge.listedElsewhere),
    ...guidesOf(service, product),
    ...(service.identity === undefined ? {} : { productId: service.identity.productId }),
    firstSeen: earliest(reachedTimes(service, 'first')) ?? context.now,
    lastSeen: latest(reachedTimes(service, 'last')) ?? context.now,
  };
}

/** See `missing.ts`: a rule that lacks facts yields "unknown", never "clear". */
function verdictOf(
  unknown: readonly MissingInput[],
  inputs: Inputs,
  { row, priority }: Decision,
  judge: (inputs: Inputs) => Decision,
): Pick<Finding, 'verdict' | 'missing'> {
  if (row.priority !== 'P4') {
    return { verdict: 'found', missing: decisiveFacts(unknown, inputs, (one) => judge(one).priority) };
  }
  if (unknown.length > 0) return { verdict: 'unknown', missing: [...unknown] };
  return { verdict: priority === 'P4' ? 'clear' : 'found', missing: [] };
}

/** Looks that did not get in say nothing about since when it has been open. */
function reachedTimes({ sightings }: Service, end: 'first' | 'last'): string[] {
  return sightings
    .filter(({ status }) => status === 'open' || status === 'protocol-error')
    .map((sighting) => sighting[end]);
}
