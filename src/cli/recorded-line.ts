import { z } from 'zod';
import { Sample } from '../model/product.ts';

/** A header list as pairs, or as an object of name → value or values. */
const Headers = z.union([
  z.array(z.tuple([z.coerce.string(), z.coerce.string()])),
  z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
    .transform((headers) =>
      Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        [value].flat().map((one) => [name, String(one)]),
      ),
    ),
]);

/** "C=US, O=Example", or the parts as an object as some tools write them. */
const DistinguishedName = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((parts) =>
    Object.entries(parts)
      .flatMap(([key, value]) => [value].flat().map((one) => `${key}=${String(one)}`))
      .join(', '),
  ),
]);

/** As in a product file, and forgiving where a recording may be untidy: further keys, numbers for texts and texts for numbers. */
const Recorded = z.object({
  ...Sample.shape,
  id: z.coerce.string().optional(),
  port: z.coerce.number().int().optional(),
  status: z.coerce.number().int().optional(),
  request: z.object({ method: z.string().default('GET'), path: z.string() }).optional(),
  headers: Headers.optional(),
  cert: z
    .object({
      subject: DistinguishedName.default(''),
      issuer: DistinguishedName.default(''),
      serial: z.coerce.string().optional(),
      san: z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional(),
    })
    .optional(),
});

export type RecordedLine =
  | { readonly ok: true; readonly sample: Sample }
  | { readonly ok: false; readonly reason: string };

/** One recorded answer from a line of JSON. Never throws. */
export function readRecordedLine(text: string): RecordedLine {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, reason: `no JSON (${(error as Error).message}); expected one object a line` };
  }
  const { success, data, error } = Recorded.safeParse(withoutNulls(value));
  if (success) return { ok: true, sample: data };
  const [issue] = error.issues;
  const at = issue?.path.join('.') ?? '';
  return { ok: false, reason: `${at === '' ? '' : `${at}: `}${issue?.message ?? 'not a sample'}` };
}

/** Tools write null for what was not there. What a Shodan record holds is left as it is. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, key === 'record' ? inner : withoutNulls(inner)]),
  );
}
