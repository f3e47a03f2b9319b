import { DAY_MS } from '../../../lib/time.ts';

export const ZONE_UNKNOWN = 'The file tells the hour of the scan without its time zone; it is taken as UTC';

/** "# Nmap 7.93 scan initiated Fri Nov 20 19:08:25 2026 as: …", the same of masscan: the hour of the scanning machine. */
const INITIATED =
  /^# (?:Nmap|Masscan) \S{1,20} scan initiated \w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\b/;
/** "Starting Nmap 7.93 ( https://nmap.org ) at 2026-11-20 19:08 JST" */
const STARTING = /^Starting Nmap .{1,60} at (\d{4}-\d\d-\d\d) (\d\d:\d\d) (\S{1,40})/;
const ZONES: Readonly<Record<string, string>> = { UTC: 'Z', GMT: 'Z', JST: '+09:00' };

/** When the scan began, ISO-8601 UTC, never after the reading; undefined for any other line and for a date to come. */
export function scanStart(
  line: string,
  collectedAt: string,
): { readonly at: string; readonly hasZone: boolean } | undefined {
  const initiated = INITIATED.exec(line);
  const starting = initiated === null ? STARTING.exec(line) : null;
  if (initiated === null && starting === null) return undefined;
  const zone = Object.hasOwn(ZONES, starting?.[3] ?? '') ? ZONES[starting?.[3] ?? ''] : undefined;
  const ms =
    initiated === null
      ? Date.parse(`${starting?.[1] ?? ''}T${starting?.[2] ?? ''}:00${zone ?? 'Z'}`)
      : Date.parse(`${initiated[2]} ${initiated[1]} ${initiated[4]} ${initiated[3]} UTC`);
  const latest = Date.parse(collectedAt);
  if (Number.isNaN(ms) || ms > latest + DAY_MS) return undefined;
  return { at: new Date(Math.min(ms, latest)).toISOString(), hasZone: zone !== undefined };
}
