/** The facts of a service that the diff compares. Few on purpose: each one that moves by itself makes readers stop reading. */
import { showable } from '../lib/hostile-text.ts';
import type { Service } from '../model/service.ts';
import type { Change, RegisterEntry } from '../model/snapshot.ts';

export type Appearance = RegisterEntry['appearance'];
export type Detail = Change['details'][number];

/**
 * What is known about a service, as text. A fact that is not known, or known by hearsay only (`to-confirm`), is absent.
 *
 * The label is compared for class `web` only, as `title`: there it is what a visitor sees, and a page that changes without
 * its owner knowing is a sign of misuse (IPA: defacement). Elsewhere it is a banner that repeats product and version or
 * carries clocks and counters; digits are blanked for the same reason.
 */
export function appearanceOf(service: Service): Appearance {
  const facts: Record<string, string | undefined> = {
    protocol: service.protocol === 'unknown' ? undefined : service.protocol,
    product: service.identity?.certainty === 'to-confirm' ? undefined : service.identity?.productId,
    version: versionOf(service),
    certificate: service.certificate?.sha256.slice(0, 16),
    authentication: service.authentication.kind === 'unknown' ? undefined : service.authentication.kind,
    title: service.class === 'web' ? titleOf(service.label) : undefined,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as const],
    ),
  );
}

function versionOf({ version }: Service): string | undefined {
  return version.state === 'known' && version.certainty !== 'to-confirm' ? version.value : undefined;
}

function titleOf(label: string | undefined): string | undefined {
  return label === undefined ? undefined : showable(label, 120).replaceAll(/\d+/g, '#');
}

/** Facts known both times that differ. One that is newly known, or not known now, says nothing about the thing itself. */
export function differences(before: Appearance, now: Appearance): Detail[] {
  return Object.entries(now).flatMap(([what, to]) => {
    const from = before[what];
    return from === undefined || from === to ? [] : [{ what, from, to }];
  });
}

/**
 * What to compare with next time: what is known now over what was known before. Facts that belonged to another product
 * are dropped with it.
 */
export function merged(before: Appearance, now: Appearance): Appearance {
  const replaced = differences(before, now).some(({ what }) => what === 'product');
  const kept = replaced ? {} : before;
  const all = { ...kept, ...now };
  return Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
