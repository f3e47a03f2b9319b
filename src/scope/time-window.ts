import type { TimeWindow } from '../model/scope.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTES_PER_DAY = 24 * 60;

/** No windows = any time. A window that ends before it begins passes midnight and belongs to the day on which it begins. */
export function isInsideWindow(windows: readonly TimeWindow[], timezone: string, now: Date): boolean {
  if (windows.length === 0) return true;
  const { day, minute } = localMoment(timezone, now);
  return windows.some(
    (window) => covers(window, day, minute) || covers(window, (day + 6) % 7, minute + MINUTES_PER_DAY),
  );
}

function covers(window: TimeWindow, day: number, minute: number): boolean {
  const end = window.to > window.from ? window.to : window.to + MINUTES_PER_DAY;
  return window.days.includes(day) && minute >= window.from && minute < end;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function localMoment(timezone: string, now: Date): { day: number; minute: number } {
  let formatter = formatters.get(timezone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(timezone, formatter);
  }
  const parts = new Map(formatter.formatToParts(now).map(({ type, value }) => [type, value]));
  return {
    day: WEEKDAYS.indexOf(parts.get('weekday') ?? ''),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}
