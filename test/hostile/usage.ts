/** Loaded before the program under test: tells at its end what it used, and every error that nobody caught. */
import { writeFileSync } from 'node:fs';

const uncaught: string[] = [];
process.on('uncaughtExceptionMonitor', (error) => uncaught.push(String(error.stack ?? error)));
process.on('warning', (warning) => uncaught.push(`warning: ${warning.name}: ${warning.message}`));
process.on('exit', () => {
  const file = process.env['HOSTILE_USAGE'];
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ maxRssMb: process.resourceUsage().maxRSS / 1024, uncaught }));
});
