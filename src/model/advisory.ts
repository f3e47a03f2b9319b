import { daysBetween, instantMs } from '../lib/time.ts';

/**
 * CISA adds to its list of known-exploited vulnerabilities about weekly, and a weakness is often used within days of its notice:
 * two weeks without the list leave out what matters most today.
 */
const STALE_DAYS = 14;

/** How old the advisory data was when a run was judged by it. */
export interface AdvisoryAge {
  /** ISO date of the data. */
  readonly date: string;
  /** Whole days, never negative; undefined when one of the dates cannot be read. */
  readonly days: number | undefined;
  /** More than 14 days. */
  readonly stale: boolean;
}

/** @param at ISO-8601: the moment of which the age is asked. */
export function advisoryAge(date: string, at: string): AdvisoryAge {
  const readable = instantMs(date) !== undefined && instantMs(at) !== undefined;
  return ageOf(date, readable ? Math.max(0, daysBetween(date, at)) : undefined);
}

/** The age that a snapshot keeps. One from before it was kept is taken as judged when its run ended. */
export function advisoryAgeOf(snapshot: {
  readonly tool: { readonly advisoryData: string; readonly advisoryAgeDays?: number | undefined };
  readonly endedAt: string;
}): AdvisoryAge {
  const { advisoryData, advisoryAgeDays } = snapshot.tool;
  return advisoryAgeDays === undefined
    ? advisoryAge(advisoryData, snapshot.endedAt)
    : ageOf(advisoryData, advisoryAgeDays);
}

function ageOf(date: string, days: number | undefined): AdvisoryAge {
  return { date, days, stale: days !== undefined && days > STALE_DAYS };
}
