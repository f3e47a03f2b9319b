import { z } from 'zod';
import { Observation } from './observation.ts';

/**
 * One look at the place of one finding, after its run had ended. It is told beside the run and changes nothing in it: that a door is
 * closed is said only by runs.
 */
export const Recheck = z.object({
  spokenId: z.string(),
  /** Key of the place, as in the snapshot. */
  subject: z.string(),
  at: z.string().describe('ISO-8601 UTC'),
  vantage: z.string(),
  /** open: an own probe got in · closed: refused · no-answer: silence · not-looked: no look came about, `reason` says why. */
  state: z.enum(['open', 'closed', 'no-answer', 'not-looked']),
  /** One of `COVERAGE_REASONS`, or "no-question" for a UDP port at which nothing is known to ask. */
  reason: z.string().optional(),
  /** Facts known both times that differ: product, version, certificate, authentication … */
  details: z.array(z.object({ what: z.string(), from: z.string(), to: z.string() })),
  /** Connections and datagrams that it took. */
  requests: z.number(),
  observations: z.array(Observation),
});
export type Recheck = z.infer<typeof Recheck>;
