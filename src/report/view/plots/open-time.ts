/** When a place was found open, and by whom. */
import { instantMs } from '../../../lib/time.ts';
import { reachedSightings } from '../../../model/corroboration.ts';
import { exposureOf, shutAfter, shutBefore } from '../../../model/exposure.ts';
import type { Exposure, Service } from '../../../model/service.ts';

export interface OpenTime {
  /** Oldest first; milliseconds since 1970. */
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly seen: 'own' | 'others' | 'both';
  }[];
  /** Between two spans, where nobody looked. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly shut: readonly number[];
}

/** A snapshot from before exposures were kept has at least the dates of its looks. Undefined: nobody dated one. */
function datedExposure(service: Service): Exposure | undefined {
  if (service.exposure !== undefined) return service.exposure;
  const dated = reachedSightings(service).filter(
    ({ source, undated }) => undated !== true && source !== 'internetdb',
  );
  const open = dated.flatMap(({ source, first, last }) => [
    { at: first, source },
    { at: last, source },
  ]);
  return exposureOf({ open, shut: [] });
}

/** Undefined when no date can be read. */
export function openTime(service: Service): OpenTime | undefined {
  const exposure = datedExposure(service);
  if (exposure === undefined) return undefined;
  const { spans } = exposure;
  const drawn = spans.flatMap(({ from, to, sources }) => {
    const [start, end] = [instantMs(from), instantMs(to)];
    if (start === undefined || end === undefined) return [];
    const isOwn = sources.includes('probe');
    const seen = isOwn ? (sources.length === 1 ? ('own' as const) : ('both' as const)) : ('others' as const);
    return [{ from: start, to: end, seen }];
  });
  if (drawn.length === 0 || drawn.length !== spans.length) return undefined;
  const closings = [...spans.map((_, index) => shutBefore(exposure, index)), shutAfter(exposure)];
  return {
    spans: drawn,
    gaps: drawn.slice(1).flatMap(({ from }, index) => {
      const before = drawn[index];
      const isShut = shutBefore(exposure, index + 1) !== undefined;
      return before === undefined || isShut ? [] : [{ from: before.to, to: from }];
    }),
    shut: closings.flatMap((look) => (look === undefined ? [] : (instantMs(look.at) ?? []))),
  };
}
