import type { Facts } from '../../model/facts.ts';
import type { Evidence } from '../../model/observation.ts';
import type { ProbeResult } from './probe.ts';

/**
 * What one conversation may leave behind, in bytes of JSON, and all of those with one host together. A page of control
 * characters grows sixfold in JSON: without a bound a server could make its own record too long to be written, and so
 * vanish from the report; a host that answers on every port could fill memory and disk.
 */
export const MOST_BYTES = 2 * 1024 * 1024;
export const MOST_BYTES_OF_HOST = 24 * 1024 * 1024;
const LEAST_BYTES = 128 * 1024;

/** Longest text in the facts, longest list, and longest evidence (base64), tried one after the other. */
const STEPS = [
  { text: Infinity, list: Infinity, evidence: 16 * 1024 },
  { text: 32 * 1024, list: Infinity, evidence: 16 * 1024 },
  { text: 8 * 1024, list: 256, evidence: 8 * 1024 },
  { text: 2 * 1024, list: 100, evidence: 2 * 1024 },
  { text: 256, list: 50, evidence: 512 },
  { text: 64, list: 8, evidence: 128 },
];

/** Bytes left for the next result of a host that has left `used` so far; a little is always left, or it would go unseen. */
export function roomFor(used: number): number {
  return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, MOST_BYTES_OF_HOST - used));
}

/** The result as it is when it fits in `most` bytes; else with evidence and then facts cut, gently first. */
export function fitted(
  result: ProbeResult,
  most: number,
): { readonly result: ProbeResult; readonly bytes: number } {
  let fits = { result, bytes: sizeOf(result) };
  for (const step of STEPS) {
    if (fits.bytes <= most) break;
    const cut = {
      ...result,
      facts: cutFacts(result.facts, step.text, step.list),
      evidence: result.evidence.slice(0, step.list).map((one) => cutEvidence(one, step.evidence)),
    };
    fits = { result: cut, bytes: sizeOf(cut) };
  }
  return fits;
}

function sizeOf({ facts, evidence }: ProbeResult): number {
  return Buffer.byteLength(JSON.stringify(facts)) + Buffer.byteLength(JSON.stringify(evidence));
}

/** Size and SHA-256 still tell of the whole. */
function cutEvidence(evidence: Evidence, most: number): Evidence {
  const { sent, received } = evidence;
  if (sent.length <= most && received.length <= most) return evidence;
  // Four characters of base64 are three bytes: `most` is a multiple of four.
  return { ...evidence, sent: sent.slice(0, most), received: received.slice(0, most), truncated: true };
}

function cutFacts(facts: Facts, text: number, list: number): Facts {
  const cut = cutValue(facts, text, list) as Facts;
  const before = facts.http?.answers ?? [];
  if (cut.http === undefined) return cut;
  const answers = cut.http.answers.map((answer, at) => ({
    ...answer,
    truncated: answer.truncated || answer.body.length < (before[at]?.body.length ?? 0),
  }));
  return { ...cut, http: { ...cut.http, answers } };
}

function cutValue(value: unknown, text: number, list: number): unknown {
  if (typeof value === 'string') return value.length > text ? value.slice(0, text).toWellFormed() : value;
  if (Array.isArray(value)) return value.slice(0, list).map((one) => cutValue(one, text, list));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cutValue(one, text, list)]));
}
