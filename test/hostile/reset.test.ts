import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Dialer } from '../../src/observe/probe/dialer.ts';
import { Guard } from '../../src/scope/guard.ts';
import { scopeWith } from '../observe/probe/loopback.ts';
