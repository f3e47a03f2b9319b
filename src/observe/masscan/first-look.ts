import type { Gap } from '../../model/snapshot.ts';
import type { Guard } from '../../scope/guard.ts';
import type { DiscoveryOptions } from '../probe/discovery.ts';
import type { SweepPlan } from '../probe/sweep-plan.ts';
import type { SourceContext } from '../source.ts';

export interface FirstLook {
  readonly isDark: DiscoveryOptions['isDark'];
  /** Packets, at most. */
  readonly sent: number;
  /** That masscan was wanted and did not look, with a count of 0: the own discovery looked in its place. */
  readonly gaps: readonly Gap[];
}

interface Input {
  readonly context: SourceContext;
  readonly guard: Guard;
  readonly plan: SweepPlan;
  readonly ports: readonly number[];
  /** The run is about the whole scope. */
  readonly isWanted: boolean;
}

/** Very large ranges: masscan finds the open places, the own discovery confirms them. */
export async function firstLook({ context, guard, plan, ports, isWanted }: Input): Promise<FirstLook> {
  if (!context.scope.masscan.use || !isWanted) return { isDark: undefined, sent: 0, gaps: [] };
  const { findOpenPlaces } = await import('./find-open.ts');
  const targets = plan.targets.map(({ address }) => address);
  const look = await findOpenPlaces({ context, guard, targets, ports });
  if ('isDark' in look) return { ...look, gaps: [] };
  const { reason } = look;
  const gaps: Gap[] = reason === undefined ? [] : [{ what: 'masscan', reason, count: 0 }];
  return { isDark: undefined, sent: 0, gaps };
}
