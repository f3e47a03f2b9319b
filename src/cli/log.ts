import { pino, type Logger } from 'pino';
import { escapeUnseen } from '../lib/hostile-text.ts';

export interface LogOptions {
  readonly file: string | undefined;
  readonly verbose: boolean;
}

/** JSON lines to stderr, or to a file that only its owner can read. Warnings only, unless more is asked for. */
export function createLog({ file, verbose }: LogOptions): Logger {
  const destination =
    file === undefined
      ? pino.destination({ dest: 2, sync: true })
      : pino.destination({ dest: file, append: true, mode: 0o600, sync: true, mkdir: false });
  return pino(
    {
      level: verbose || file !== undefined ? 'info' : 'warn',
      base: null,
      hooks: { streamWrite: escapeUnseen },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'apiKey',
          '*.apiKey',
          'key',
          '*.key',
          'password',
          '*.password',
          'authorization',
          '*.authorization',
          'url',
          '*.url',
        ],
        censor: '[redacted]',
      },
    },
    destination,
  );
}
