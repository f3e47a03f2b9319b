/** One line on a terminal that tells stage, done/total, rate and time left; silent everywhere else. */
export interface Progress {
  readonly update: (stage: string, done: number, total: number) => void;
  /** Wipes the line, so that other text can be printed. */
  readonly clear: () => void;
}

interface Stage {
  done: number;
  total: number;
  readonly startedAt: number;
}

const REDRAW_MS = 120;
const NAMES: Readonly<Record<string, string>> = {
  sweep: 'looking for open ports',
  converse: 'asking',
  udp: 'UDP ports asked',
  shodan: 'Shodan',
  internetdb: 'InternetDB',
  import: 'MB of the file read',
  masscan: 'masscan packets',
};

export function createProgress(
  isInteractive: boolean,
  write: (text: string) => void,
  now: () => number,
): Progress {
  if (!isInteractive) return { update: () => undefined, clear: () => undefined };
  const stages = new Map<string, Stage>();
  let drawnAt = 0;
  return {
    update: (name, done, total) => {
      const stage = stages.get(name) ?? { done: 0, total: 0, startedAt: now() };
      stages.set(name, Object.assign(stage, { done, total }));
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      write(
        `\r\u001b[2K${[...stages].map(([id, state]) => describe(id, state, now())).join(' · ')}`.slice(
          0,
          200,
        ),
      );
    },
    clear: () => write('\r\u001b[2K'),
  };
}

function describe(name: string, { done, total, startedAt }: Stage, now: number): string {
  const label = `${NAMES[name] ?? name} ${done}/${total}`;
  const seconds = (now - startedAt) / 1000;
  if (done === 0 || done >= total || seconds < 1) return label;
  const rate = done / seconds;
  return `${label} (${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s, ${duration((total - done) / rate)} left)`;
}

/** "45 s", "12 min", "3 h 20 min" */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
