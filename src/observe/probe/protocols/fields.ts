import { showable } from '../../../lib/hostile-text.ts';

const MAX_FIELDS = 32;
const MAX_VALUE = 200;

/** Pairs for `ProtocolFacts.fields`: without those that are absent or empty, bounded, and fit to be shown. */
export function fieldsOf(
  ...pairs: readonly (readonly [name: string, value: string | number | boolean | undefined])[]
): [string, string][] {
  return pairs
    .map(([name, value]): [string, string] => [name, bounded(String(value ?? ''))])
    .filter(([, value]) => value !== '')
    .slice(0, MAX_FIELDS);
}

/** A stranger's text as a product, version or value: at most 200 characters, nothing that steers a terminal. */
export function bounded(text: string): string {
  return showable(text, MAX_VALUE).slice(0, MAX_VALUE);
}

/** UTF-8 text for a field. */
export function boundedBytes(bytes: Uint8Array): string {
  return bounded(Buffer.from(bytes.subarray(0, 1024)).toString('utf8'));
}
