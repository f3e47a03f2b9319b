#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';

// Not process.exit: pending writes (the log, a pipe) may still be on their way.
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
