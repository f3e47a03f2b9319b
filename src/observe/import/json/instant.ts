import { DAY_MS } from '../../../lib/time.ts';

const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/;

/**
 * The time that a tool wrote, ISO-8601 UTC with milliseconds. With any offset; without one it is UTC, as the tools that
 * leave it out say. Also seconds since 1970, as number or text.
 *
 * @returns undefined for what is no time, or lies more than a day after `collectedAt`: a date to come is no date.
 */
export function instantOf(value: unknown, collectedAt: string): string | undefined {
  const ms = millisecondsOf(value);
  if (ms === undefined || Number.isNaN(ms) || ms <= 0 || ms > Date.parse(collectedAt) + DAY_MS)
    return undefined;
  return new Date(ms).toISOString();
}

function millisecondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.trunc(value * 1000);
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,11}(?:\.\d{1,9})?$/.test(value)) return Math.trunc(Number(value) * 1000);
  const [, date, time, fraction = '', zone = 'Z'] = INSTANT.exec(value) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return Date.parse(`${date}T${time}${fraction.slice(0, 4)}${offset}`);
}
