/** Places at which traces are to be kept, and how fast they vanish there. */
import type { Finding } from '../../model/finding.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Holder, TraceStore } from '../../model/volatility.ts';
import { showable } from '../../lib/hostile-text.ts';
import { judged, type Judged } from './answered.ts';
import type { Context } from './context.ts';
import { waysIn, weightOf } from './door-reasons.ts';

/** One address with all that was found there: what is taken from one device is taken at once. */
export interface TracedDevice {
  readonly address: string;
  readonly siteId: string | undefined;
  /** The one that weighs most. */
  readonly finding: Finding;
  readonly all: readonly Judged[];
  readonly recordFirst: boolean;
  /** Its most volatile kind of service. */
  readonly kind: ServiceClass;
  /** 0: vanishes first. */
  readonly rank: number;
}

type Sourced = Pick<Context, 'knowledge'>;

/** Where records of such a service lie. Undefined: not known. */
export function storeOf({ knowledge }: Sourced, kind: ServiceClass): TraceStore | undefined {
  return knowledge.volatility?.stores.find(({ classes }) => classes.includes(kind));
}

/** 0: vanishes first. What nobody knows comes last. */
export function rankOf({ knowledge }: Sourced, kind: ServiceClass): number {
  const { stores = [] } = knowledge.volatility ?? {};
  const rank = stores.findIndex(({ classes }) => classes.includes(kind));
  return rank < 0 ? stores.length : rank;
}

/** A way in that is known from a record alone asks for no traces by itself; one of this weight is looked at all the same. */
const LIKELY = 3;

/** Findings that ask for traces: those to record first, those to look through, and likely ways in that only a record knows. */
export function traced(context: Context): Judged[] {
  const asked = judged(context).filter(({ finding }) => finding.trace !== 'T0');
  const likely = waysIn(context).filter(
    ({ finding, reasons }) => finding.trace === 'T0' && weightOf(reasons) <= LIKELY,
  );
  return [...asked.filter(isRecordFirst), ...asked.filter((one) => !isRecordFirst(one)), ...likely];
}

function isRecordFirst({ finding }: Judged): boolean {
  return finding.trace === 'T2';
}

/** Those to record first come first, then in the order of the findings. */
export function tracedDevices(context: Context): TracedDevice[] {
  const byAddress = new Map<string, Judged[]>();
  for (const one of traced(context)) {
    const same = byAddress.get(one.service.address);
    if (same === undefined) byAddress.set(one.service.address, [one]);
    else same.push(one);
  }
  return [...byAddress].flatMap(([address, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const kinds = all.map(({ service }) => service.class);
    const [kind = first.service.class] = kinds.toSorted((a, b) => rankOf(context, a) - rankOf(context, b));
    const { finding, service } = first;
    return [
      {
        address,
        siteId: finding.siteId ?? service.siteId,
        finding,
        all,
        recordFirst: isRecordFirst(first),
        kind,
        rank: rankOf(context, kind),
      },
    ];
  });
}

export function siteOf({ snapshot }: Context, id: string | undefined): Snapshot['sites'][number] | undefined {
  return snapshot.sites.find((site) => site.id === id);
}

/** "Maintenance firm (Example Services)" */
export function holderText({ m, snapshot }: Context, holder: Holder): string {
  const name = m.rescuer.holders[holder];
  return holder === 'maintainer' && snapshot.maintainer !== undefined
    ? m.withNote(name, showable(snapshot.maintainer.name, 60))
    : name;
}

/** Who holds the records of such a service at this site. */
export function holderOf(context: Context, kind: ServiceClass, siteId: string | undefined): Holder {
  if (siteOf(context, siteId)?.kind === 'cloud') return 'cloud';
  return storeOf(context, kind)?.holder ?? 'admin';
}
